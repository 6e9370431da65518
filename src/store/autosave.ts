/** Saves the project as it is edited. `saved` says what is true: only a finished write makes it `saved`. */
import type { ProjectStorage, StoredProject } from '../storage/projects';
import type { GraftState, GraftStore } from './store';

/** Long enough that a burst of edits is one write, short enough that a crash costs nothing worth a word. */
const PAUSE = 400;

export interface Autosave {
  /** Writes what there is, changed or not. */
  save(): Promise<void>;
  /** Writes what is pending now, as when the page goes away. */
  flush(): Promise<void>;
  stop(): void;
}

type Saved = Pick<GraftState, 'projectId' | 'document' | 'models' | 'dataset' | 'trained'>;

function isSame(a: Saved, b: Saved): boolean {
  return (
    a.projectId === b.projectId &&
    a.document === b.document &&
    a.models === b.models &&
    a.dataset === b.dataset &&
    a.trained === b.trained
  );
}

function toStored({ projectId, document, models, dataset, trained }: Saved): StoredProject {
  return { id: projectId, document, models: Object.values(models), dataset, trained };
}

export function startAutosave(store: GraftStore, storage: ProjectStorage): Autosave {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let writing: Promise<void> = Promise.resolve();

  const write = async () => {
    const state = store.getState();
    try {
      await storage.save(toStored(state));
      // What was changed during the write has its own write waiting.
      if (isSame(store.getState(), state)) store.getState().setSaved('saved');
    } catch {
      store.getState().setSaved('failed');
    }
  };
  const save = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    // One after the other: an older state must never be written over a newer one.
    writing = writing.then(write);
    return writing;
  };
  const flush = () => (timer === null ? writing : save());
  const unsubscribe = store.subscribe((state, before) => {
    if (isSame(state, before)) return;
    // Another project takes the place of one with unsaved edits: those are written first.
    if (state.projectId !== before.projectId && timer !== null) {
      clearTimeout(timer);
      timer = null;
      writing = writing.then(() => storage.save(toStored(before)).catch(() => undefined));
    }
    state.setSaved('saving');
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => void flush(), PAUSE);
  });
  return {
    save,
    flush,
    stop() {
      unsubscribe();
      if (timer !== null) clearTimeout(timer);
    },
  };
}
