import { expect, test } from 'vitest';
import type { ImportReport, ReadItem, ReadProgress, SourceFile, SourceModel } from '../formats/protocol';
import { updateModel } from '../graph/edits';
import { fittingNodes } from './import-flow';
import { createTestStore, denseModel } from './testing';

const file = { path: 'cnn/model.json', blob: new Blob([new Uint8Array()]) };

function refused(reason: string): ReadItem {
  const report: ImportReport = {
    file: 'odd.onnx',
    format: 'ONNX model',
    writtenBy: null,
    found: [],
    warnings: [],
    repairs: [],
    leftOut: [],
    refusal: { reason, wayOut: 'Convert it.' },
  };
  return { kind: 'refused', report };
}

test('a refusal says why and changes nothing else', async () => {
  const store = createTestStore({ read: async () => [refused('ONNX is not read.')] });
  const before = store.getState();
  await store.getState().importFiles([file], null);
  const state = store.getState();
  expect(state.document).toBe(before.document);
  expect(state.past).toEqual([]);
  expect(state.reports[0]).toMatchObject({ report: { refusal: { reason: 'ONNX is not read.' } } });
  state.dismissReport(state.reports[0]?.id ?? -1);
  expect(store.getState().reports).toEqual([]);
});

test('a reader that fails is reported too', async () => {
  const store = createTestStore({ read: () => Promise.reject(new Error('The reader stopped.')) });
  await store.getState().importFiles([file], null);
  expect(store.getState().reports[0]).toMatchObject({
    report: { refusal: { reason: 'The reader stopped.' } },
  });
  expect(store.getState().imports).toEqual([]);
});

/** A reader that answers when it is told to, and rejects when it is cancelled, as the real one. */
function patientReader() {
  const calls: {
    readonly answer: (items: readonly ReadItem[]) => void;
    readonly tell: (progress: ReadProgress) => void;
  }[] = [];
  const read = (
    _: readonly SourceFile[],
    { signal, onProgress }: { signal?: AbortSignal; onProgress?: (progress: ReadProgress) => void } = {},
  ) =>
    new Promise<readonly ReadItem[]>((resolve, reject) => {
      calls.push({ answer: resolve, tell: progress => onProgress?.(progress) });
      signal?.addEventListener('abort', () => reject(new Error('Reading was cancelled.')));
    });
  return { calls, read };
}

test('imports are listed with how far they are, and go when they are done', async () => {
  const { calls, read } = patientReader();
  const store = createTestStore({ read });
  const imports = () => store.getState().imports.map(({ name, progress }) => [name, progress?.done ?? null]);
  const first = store.getState().importFiles([{ ...file, path: 'a.keras' }], null);
  const second = store.getState().importFiles([{ ...file, path: 'b.h5' }], null);
  calls[0]?.tell({ file: 'dense/kernel', done: 5, total: 10 });
  expect(imports()).toEqual([
    ['a.keras', 5],
    ['b.h5', null],
  ]);
  calls[0]?.answer([{ kind: 'model', model: denseModel('a', 4, [2]) }]);
  await first;
  expect(imports()).toEqual([['b.h5', null]]);
  calls[1]?.answer([]);
  await second;
  expect(imports()).toEqual([]);
});

test('an import that is cancelled leaves nothing but a quiet word, and the next goes on', async () => {
  const { calls, read } = patientReader();
  const store = createTestStore({ read });
  const before = store.getState().document;
  const first = store.getState().importFiles([{ ...file, path: 'a.keras' }], null);
  const second = store.getState().importFiles([{ ...file, path: 'b.keras' }], null);
  store.getState().cancelImport(store.getState().imports[0]?.id ?? -1);
  expect(store.getState().imports.map(({ name }) => name)).toEqual(['b.keras']);
  await first;
  expect(store.getState().document).toBe(before);
  expect(store.getState().models).toEqual({});
  expect(store.getState().reports).toMatchObject([{ kind: 'cancelled', name: 'a.keras' }]);
  calls[1]?.answer([{ kind: 'model', model: denseModel('b', 4, [2]) }]);
  await second;
  expect(Object.keys(store.getState().models)).toEqual(['id-of-b']);
});

const LOOSE: ImportReport = {
  file: 'epoch_12.weights.h5',
  format: 'Keras weights (.h5)',
  writtenBy: 'Keras',
  found: [],
  warnings: [],
  repairs: [],
  leftOut: [],
  refusal: null,
};
const weightsFile = { path: 'epoch_12.weights.h5', blob: new Blob([new Uint8Array()]) };
const looseWeights: ReadItem = { kind: 'weights', file: weightsFile, report: LOOSE };

function readable(name: string, sizes: readonly number[]): SourceModel {
  return { ...denseModel(name, 4, sizes), architecture: { modelConfig: null, kerasVersion: null } };
}

function trained(model: SourceModel, repairs: readonly string[] = []): ReadItem {
  return { kind: 'model', model: { ...model, id: `${model.id}-trained`, report: { ...LOOSE, repairs } } };
}

test('weights that are dropped on a node become the weights of it and of its sharers, in one step', async () => {
  const model = readable('cnn', [3, 2]);
  let items: readonly ReadItem[] = [{ kind: 'model', model }];
  const store = createTestStore({ read: async () => items, applyWeights: async given => trained(given) });
  await store.getState().importFiles([file], null);
  const [id = ''] = Object.keys(store.getState().document.nodes);
  const cut = { end: 'dense_0', taps: ['dense_0'], freeze: { kind: 'upTo', call: 'dense_0' } } as const;
  store.getState().applyEdit('Cut', updateModel(id, cut));
  store.getState().addSharing(id);
  const before = store.getState().document;
  items = [looseWeights];
  const sharer = Object.keys(before.nodes).find(other => other !== id) ?? '';
  await store.getState().importFiles([weightsFile], null, sharer);

  const { document, past, models, reports } = store.getState();
  expect(past.at(-1)?.label).toBe('Load weights into cnn');
  expect(document.wires).toBe(before.wires);
  for (const node of Object.values(document.nodes)) {
    expect(node).toEqual({ ...before.nodes[node.id], model: 'id-of-cnn-trained' });
  }
  expect(models['id-of-cnn-trained']?.name).toBe('cnn (epoch_12)');
  expect(reports.at(-1)).toMatchObject({ kind: 'report', into: 'cnn', name: 'epoch_12.weights.h5' });
  store.getState().undo();
  expect(store.getState().document).toBe(before);
});

test('weights that were dropped elsewhere are offered to the models that they fit, the best first', async () => {
  const tried: (boolean | undefined)[] = [];
  const sources = [readable('guessed', [3]), readable('other', [5]), readable('exact', [3])];
  let items: readonly ReadItem[] = [looseWeights];
  const store = createTestStore({
    read: async () => items,
    async applyWeights(given, _, options) {
      tried.push(options?.onlyTry);
      if (given.name === 'other') return refused('They don’t fit.');
      return trained(given, given.name === 'guessed' ? ['Matched by order.'] : []);
    },
  });
  const names = () => {
    const { document, reports } = store.getState();
    const [shown] = reports;
    return shown?.kind === 'weights' ? fittingNodes(document, shown.fits).map(({ name }) => name) : null;
  };
  await store.getState().importFiles([weightsFile], null);
  expect(names()).toEqual([]);
  // Models that come later are tried too, each once.
  items = [...sources, denseModel('unknown', 4, [3])].map(model => ({ kind: 'model', model }));
  await store.getState().importFiles([file], null);
  expect(names()).toEqual(['exact', 'guessed']);
  expect(tried).toEqual([true, true, true]);

  const exact = Object.values(store.getState().document.nodes).find(({ name }) => name === 'exact');
  await store.getState().loadWeights(weightsFile, exact?.id ?? '');
  const { document, reports } = store.getState();
  expect(document.nodes[exact?.id ?? '']).toMatchObject({ model: 'id-of-exact-trained' });
  expect(reports.some(({ kind }) => kind === 'weights')).toBe(false);
  expect(tried).toEqual([true, true, true, undefined]);
});

test('weights that don’t fit the node that they were dropped on change nothing', async () => {
  const model = readable('cnn', [3, 2]);
  let items: readonly ReadItem[] = [{ kind: 'model', model }];
  const store = createTestStore({
    read: async () => items,
    applyWeights: async () => refused('The weights don’t fit.'),
  });
  await store.getState().importFiles([file], null);
  const before = store.getState().document;
  items = [looseWeights];
  await store.getState().importFiles([weightsFile], null, Object.keys(before.nodes)[0] ?? null);
  expect(store.getState().document).toBe(before);
  expect(store.getState().reports.at(-1)).toMatchObject({
    into: 'cnn',
    report: { refusal: { reason: 'The weights don’t fit.' } },
  });
});
