/** Undo as policy: every step keeps a reference to a whole earlier document. Pure; knows nothing of React or zustand. */
import type { ProjectDocument } from '../graph/document';
import type { Edit } from '../graph/edits';

export interface History {
  readonly document: ProjectDocument;
  /** The latest last. */
  readonly past: readonly Step[];
  /** The next to redo last. */
  readonly future: readonly Step[];
}

/** What was done, and the document on the other side of it: before it in the past, after it in the future. */
export interface Step {
  readonly label: string;
  readonly document: ProjectDocument;
}

/** Documents share what they don't change, so a step is small; the limit is there for the endless session. */
const LIMIT = 1000;

export function startHistory(document: ProjectDocument): History {
  return { document, past: [], future: [] };
}

/** The same history if the edit changes nothing. */
export function applyToHistory(history: History, label: string, edit: Edit): History {
  const document = edit(history.document);
  if (document === history.document) return history;
  const past = [...history.past, { label, document: history.document }].slice(-LIMIT);
  return { document, past, future: [] };
}

export function undoInHistory(history: History): History {
  const step = history.past.at(-1);
  if (step === undefined) return history;
  return {
    document: step.document,
    past: history.past.slice(0, -1),
    future: [...history.future, { label: step.label, document: history.document }],
  };
}

export function redoInHistory(history: History): History {
  const step = history.future.at(-1);
  if (step === undefined) return history;
  return {
    document: step.document,
    past: [...history.past, { label: step.label, document: history.document }],
    future: history.future.slice(0, -1),
  };
}
