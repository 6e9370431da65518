import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { renameProject } from '../graph/edits';
import { startAutosave } from './autosave';
import { createMemoryStorage, createTestStore } from './testing';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setup() {
  const store = createTestStore();
  const storage = createMemoryStorage();
  const autosave = startAutosave(store, storage);
  const rename = (name: string) => store.getState().applyEdit('Rename', renameProject(name));
  return { store, storage, autosave, rename };
}

test('says saved only when it is', async () => {
  const { store, storage, rename } = setup();
  rename('one');
  expect(store.getState().saved).toBe('saving');
  await vi.advanceTimersByTimeAsync(1000);
  expect(store.getState().saved).toBe('saved');
  expect(storage.stored.get(store.getState().projectId)?.document.name).toBe('one');
});

test('a burst of edits is one write', async () => {
  const { storage, rename } = setup();
  const save = vi.spyOn(storage, 'save');
  for (const name of ['a', 'b', 'c']) rename(name);
  await vi.advanceTimersByTimeAsync(1000);
  expect(save).toHaveBeenCalledTimes(1);
});

test('looking around writes nothing', async () => {
  const { store, storage } = setup();
  const save = vi.spyOn(storage, 'save');
  store.getState().setDockTab('data');
  await vi.advanceTimersByTimeAsync(1000);
  expect(save).not.toHaveBeenCalled();
});

test('a storage that refuses is not hidden, and the next edit tries again', async () => {
  const { store, storage, rename } = setup();
  const save = vi.spyOn(storage, 'save').mockRejectedValueOnce(new Error('full'));
  rename('one');
  await vi.advanceTimersByTimeAsync(1000);
  expect(store.getState().saved).toBe('failed');
  rename('two');
  await vi.advanceTimersByTimeAsync(1000);
  expect(store.getState().saved).toBe('saved');
  expect(save).toHaveBeenCalledTimes(2);
});

test('what is pending is written when the page goes away', async () => {
  const { store, storage, autosave, rename } = setup();
  rename('one');
  await autosave.flush();
  expect(storage.stored.get(store.getState().projectId)?.document.name).toBe('one');
});

test('a project that is left keeps its last edits', async () => {
  const { store, storage, rename } = setup();
  const { projectId } = store.getState();
  rename('one');
  store.getState().newProject();
  await vi.advanceTimersByTimeAsync(1000);
  expect(storage.stored.get(projectId)?.document.name).toBe('one');
  expect(storage.stored.get(store.getState().projectId)?.document.name).toBe('Untitled project');
});

test('an edit during a write is not called saved by that write', async () => {
  const { store, storage, rename } = setup();
  let finish = () => {};
  vi.spyOn(storage, 'save').mockImplementationOnce(
    () =>
      new Promise(resolve => {
        finish = resolve;
      }),
  );
  rename('one');
  await vi.advanceTimersByTimeAsync(450);
  rename('two');
  finish();
  await vi.advanceTimersByTimeAsync(1);
  expect(store.getState().saved).toBe('saving');
  await vi.advanceTimersByTimeAsync(1000);
  expect(store.getState().saved).toBe('saved');
});

test('what was trained is kept and comes back with the project', async () => {
  const { store, storage, rename } = setup();
  rename('one');
  const trained = { key: 'k', weights: {}, run: 1 };
  store.setState({ trained });
  await vi.advanceTimersByTimeAsync(1000);
  const { projectId } = store.getState();
  expect(storage.stored.get(projectId)?.trained).toMatchObject({ key: 'k' });
  const stored = await storage.load(projectId);
  store.getState().newProject();
  expect(store.getState().trained).toBeNull();
  if (stored !== null) store.getState().resumeProject(stored);
  expect(store.getState().trained).toMatchObject({ key: 'k', run: null });
});
