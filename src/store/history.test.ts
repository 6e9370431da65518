import { expect, test } from 'vitest';
import { EMPTY_DOCUMENT } from '../graph/document';
import { renameProject } from '../graph/edits';
import { applyToHistory, redoInHistory, startHistory, undoInHistory } from './history';

const start = startHistory(EMPTY_DOCUMENT);
const rename = (name: string) => renameProject(name);

test('an edit that changes nothing is no step', () => {
  expect(applyToHistory(start, 'Nothing', document => document)).toBe(start);
});

test('undo and redo return to the very same documents', () => {
  const one = applyToHistory(start, 'To one', rename('one'));
  const two = applyToHistory(one, 'To two', rename('two'));
  const back = undoInHistory(two);
  expect(back.document).toBe(one.document);
  expect(back.future.at(-1)?.label).toBe('To two');
  expect(undoInHistory(back).document).toBe(start.document);
  expect(redoInHistory(back).document).toBe(two.document);
  expect(redoInHistory(redoInHistory(undoInHistory(back))).document).toBe(two.document);
});

test('a new edit ends what could be redone', () => {
  const one = applyToHistory(start, 'To one', rename('one'));
  const other = applyToHistory(undoInHistory(one), 'To other', rename('other'));
  expect(other.future).toEqual([]);
  expect(redoInHistory(other)).toBe(other);
});

test('at the ends of the history nothing happens', () => {
  expect(undoInHistory(start)).toBe(start);
  expect(redoInHistory(start)).toBe(start);
});
