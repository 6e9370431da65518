/** The main job with all its real parts, in Node on the CPU backend: open, train, compare, export, bring back. */
import { strFromU8, unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { inOrder, setTraining, updateModel, updatePhase } from '../graph/edits';
import { createStoreInProcess } from './in-process';
import type { GraftState } from './store';

/** A smaller job than the example's own: the test is about the way, not the score. */
const quick = inOrder(setTraining({ batchSize: 128 }), updatePhase(0, { epochs: 2 }));

function proved(state: GraftState) {
  const { exporting } = state;
  if (exporting.kind !== 'open' || exporting.outcome?.kind !== 'proved') {
    throw new Error(`Not proved: ${JSON.stringify(exporting)}`);
  }
  return exporting.outcome;
}

it('trains two heads on a shared trunk, says whether it helped, and exports what comes back as it was', async () => {
  const store = createStoreInProcess();
  await store.getState().openExample('digits-trunk');
  store.getState().applyEdit('Train less', quick);
  const before = store.getState().models;
  await store.getState().train();
  const { training } = store.getState();
  if (training.kind !== 'finished' || training.results.kind !== 'measured') {
    throw new Error(`Not finished: ${JSON.stringify(training)}`);
  }
  const [first, last] = [training.history[0], training.history.at(-1)];
  expect(last?.training.loss).toBeLessThan(first?.training.loss ?? 0);
  const digit = training.results.heads.find(head => head.column === 'digit');
  expect(digit?.rows).toBe(360);
  expect(digit?.sources.map(({ result }) => result.kind)).toEqual(['measured']);
  // Nothing that was brought is changed by training.
  expect(store.getState().models).toBe(before);

  await store.getState().openExport();
  const { written, difference } = proved(store.getState());
  expect(difference).toBeLessThanOrEqual(1e-5);
  const entries = unzipSync(written.file);
  const probes = JSON.parse(strFromU8(entries['probes.json'] ?? new Uint8Array()));
  expect(probes.outputs.map(({ name }: { name: string }) => name)).toEqual(['digit', 'even']);

  const other = createStoreInProcess();
  await other.getState().importFiles([{ path: 'mine.zip', blob: new Blob([written.file]) }], null);
  expect(other.getState().document).toEqual(store.getState().document);
  expect(other.getState().dataset?.id).toBe('digits');
  expect(other.getState().trained?.key).toBe(store.getState().trained?.key);
  expect(other.getState().trained?.weights).toEqual(store.getState().trained?.weights);

  // As a Keras file it comes back as a model of its own, with the trained values.
  await store.getState().openExport('keras');
  const { file } = proved(store.getState()).written;
  await other.getState().importFiles([{ path: 'mine.keras', blob: new Blob([file]) }], null);
  const mine = Object.values(other.getState().models).find(model => model.name === 'mine');
  expect(mine?.network.outputs.map(({ name }) => name)).toEqual(['digit', 'even']);
  const bundle = unzipSync((await store.getState().bundleExport()) ?? new Uint8Array());
  expect(Object.keys(bundle)).toEqual(['model.keras', 'probes.json', 'check.py', 'README.txt']);
  expect(bundle['model.keras']).toEqual(file);

  await store.getState().openExport('training');
  const project = unzipSync(proved(store.getState()).written.file);
  // But for the time at which it was saved.
  expect(project['model.keras']?.length).toBe(file.length);
  expect(Object.keys(project)).toEqual(
    expect.arrayContaining(['train.py', 'graft.json', 'requirements.txt']),
  );
  const { reported } = JSON.parse(strFromU8(project['graft.json'] ?? new Uint8Array()));
  // The losses are those of the very weights that are handed on.
  expect(reported.validation.loss).toBeCloseTo(last?.validation?.loss ?? Number.NaN, 5);
}, 120_000);

it('does not export weights of before the last change as if they fitted', async () => {
  const store = createStoreInProcess();
  await store.getState().openExample('digits-trunk');
  const model = Object.values(store.getState().document.nodes).find(node => node.kind === 'model');
  if (model === undefined) throw new Error('The example has no model');
  store.getState().applyEdit('Train once', inOrder(quick, updatePhase(0, { epochs: 1 })));
  await store.getState().train();
  store.getState().applyEdit('Cut elsewhere', updateModel(model.id, { end: null, linearEnd: true }));
  await store.getState().openExport();
  const { exporting } = store.getState();
  expect(exporting.kind === 'open' && exporting.weights).toBe('stale');
}, 120_000);
