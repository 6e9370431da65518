import { describe, expect, test } from 'vitest';
import { must } from '../base/assert';
import type { Dataset } from '../data/dataset';
import { updateLayer, updatePhase } from '../graph/edits';
import { makeSettings } from '../graph/options';
import { OPTIMIZERS } from '../graph/training-settings';
import type { TrainerMethod } from '../trainer/protocol';
import { selectCounts } from './counts';
import { selectFilledNetwork, selectWeightsState } from './export-slice';
import { createStoreInProcess } from './in-process';
import { addPhase, planFineTuning } from './phase-edits';
import { networksOf, selectCompiled } from './selectors';
import type { GraftStore } from './store';
import type { Training } from './training-state';

const ROWS = 200;

/** The first rows of a data set, so that a run takes a moment. */
function fewRows(dataset: Dataset): Dataset {
  return {
    ...dataset,
    rows: ROWS,
    columns: dataset.columns.map(firstRows),
    testRows: dataset.testRows.filter(row => row < ROWS),
  };

  function firstRows(column: Dataset['columns'][number]): Dataset['columns'][number] {
    const size = column.values.length / dataset.rows;
    return column.kind === 'classes'
      ? { ...column, values: column.values.slice(0, ROWS) }
      : { ...column, values: column.values.slice(0, ROWS * size) };
  }
}

async function openExample(
  id: string,
  epochs: number,
  onCall?: (method: TrainerMethod) => void,
): Promise<GraftStore> {
  const store = createStoreInProcess(onCall);
  await store.getState().openExample(id);
  expect(store.getState().reports).toEqual([]);
  store.setState(({ dataset }) => ({ dataset: fewRows(must(dataset, 'the data of the example')) }));
  store.getState().applyEdit('Change the epochs', updatePhase(0, { epochs }));
  return store;
}

/** All stages that a store goes through, each once. */
function watchStages(store: GraftStore): Training['kind'][] {
  const stages: Training['kind'][] = [];
  store.subscribe(({ training }) => {
    if (stages.at(-1) !== training.kind) stages.push(training.kind);
  });
  return stages;
}

function finished(store: GraftStore): Extract<Training, { kind: 'finished' }> {
  const { training } = store.getState();
  if (training.kind !== 'finished') throw new Error(`It is ${training.kind}: ${JSON.stringify(training)}`);
  return training;
}

function freeze(store: GraftStore): void {
  const layer = Object.values(store.getState().document.nodes).find(
    node => node.kind === 'layer' && node.trainable,
  );
  store
    .getState()
    .applyEdit('Freeze', updateLayer(must(layer, 'a layer that trains').id, { trainable: false }));
}

describe('a run of the trunk with two heads', () => {
  test('goes from the data to a comparison on the test rows', async () => {
    const store = await openExample('digits-trunk', 2);
    const stages = watchStages(store);
    await store.getState().train();
    expect(stages).toEqual(['preparing', 'running', 'finished']);
    const { history, results, backend } = finished(store);
    expect(history.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(backend.name).toBe('cpu');
    if (results.kind !== 'measured') throw new Error(results.kind);
    const [digit, even] = results.heads;
    expect(digit).toMatchObject({ name: 'digit', measure: 'accuracy' });
    expect(digit?.sources.map(({ result }) => result.kind)).toEqual(['measured']);
    expect(digit?.verdict?.sentence).toMatch(/alone/);
    expect(even?.sources.map(({ result }) => result.kind)).toEqual(['not-comparable']);
    expect(even?.verdict).toBeNull();
  }, 60_000);

  test('keeps frozen layers to the bit and says whose weights they are', async () => {
    const store = await openExample('digits-trunk', 1);
    expect(selectWeightsState(store.getState())).toBe('untrained');
    await store.getState().train();
    const { network } = selectCompiled(store.getState());
    const trained = must(selectFilledNetwork(store.getState()), 'the trained network');
    const frozen = must(network, 'the network').layers.filter(({ trainable }) => !trainable);
    expect(frozen.some(({ weights }) => 'kernel' in weights)).toBe(true);
    for (const layer of frozen) {
      const after = trained.layers.find(({ name }) => name === layer.name);
      expect(after?.weights, layer.name).toEqual(layer.weights);
    }
    expect(selectWeightsState(store.getState())).toBe('trained');
    freeze(store);
    expect(selectWeightsState(store.getState())).toBe('stale');
    store.getState().undo();
    expect(selectWeightsState(store.getState())).toBe('trained');
  }, 60_000);
});

test('stopping keeps what was learned', async () => {
  const store = await openExample('digits-trunk', 500);
  const unsubscribe = store.subscribe(({ training, stopTraining }) => {
    if (training.kind === 'running' && training.history.length === 1) {
      unsubscribe();
      stopTraining();
    }
  });
  await store.getState().train();
  const { stopped, history } = finished(store);
  expect(stopped).toBe(true);
  expect(history.length).toBeLessThan(500);
  expect(selectWeightsState(store.getState())).toBe('trained');
}, 60_000);

test('a run that is paused and resumed ends with the weights of one that never was', async () => {
  const trainOnce = async (pauses: boolean) => {
    const store = await openExample('digits-trunk', 2);
    const stages = watchStages(store);
    let asked = false;
    store.subscribe(({ training, pauseTraining, resumeTraining }) => {
      if (training.kind === 'paused') resumeTraining();
      if (!pauses || asked || training.kind !== 'running' || training.history.length === 0) return;
      asked = true;
      pauseTraining();
    });
    await store.getState().train();
    return { stages, weights: store.getState().trained?.weights };
  };
  const paused = await trainOnce(true);
  const through = await trainOnce(false);
  expect(paused.stages).toEqual(['preparing', 'running', 'pausing', 'paused', 'running', 'finished']);
  expect(through.stages).toEqual(['preparing', 'running', 'finished']);
  expect(paused.weights).toEqual(through.weights);
}, 60_000);

test('the two-phase recipe trains the head, then the top of the trunk too, and keeps the rest to the bit', async () => {
  const store = await openExample('digits-trunk', 1);
  const plan = planFineTuning(store.getState().document, networksOf(store.getState().models));
  store.getState().applyEdit('Add fine-tuning', addPhase(must(plan, 'a plan').phase));
  const counts = must(selectCounts(store.getState()), 'counts');
  expect(counts.phases[1]?.trainable).toBeGreaterThan(counts.phases[0]?.trainable ?? 0);
  const before = must(selectCompiled(store.getState()).network, 'the network');
  await store.getState().train();
  const { history, ends } = finished(store);
  expect(history.map(({ phase }) => phase)).toEqual([0, 1]);
  expect(ends).toHaveLength(2);
  const trained = must(selectFilledNetwork(store.getState()), 'the trained network');
  const free = new Set(counts.phases[1]?.layers);
  const moved = before.layers.filter(({ name, weights, trainable }) => {
    const after = trained.layers.find(layer => layer.name === name)?.weights;
    if (!free.has(name)) expect(after, name).toEqual(weights);
    return !trainable && free.has(name) && Object.keys(weights).length > 0;
  });
  // The top of the trunk, which the canvas says is frozen.
  expect(moved.length).toBeGreaterThan(0);
  for (const { name, weights } of moved)
    expect(trained.layers.find(layer => layer.name === name)?.weights, name).not.toEqual(weights);
}, 60_000);

test('stopping a paused run keeps what was learned', async () => {
  const store = await openExample('digits-trunk', 500);
  store.subscribe(({ training, pauseTraining, stopTraining }) => {
    if (training.kind === 'paused') stopTraining();
    if (training.kind === 'running' && training.history.length === 1) pauseTraining();
  });
  await store.getState().train();
  expect(finished(store)).toMatchObject({ stopped: true, ends: [{ by: 'person', restored: null }] });
  expect(selectWeightsState(store.getState())).toBe('trained');
}, 60_000);

test('stopping while it prepares leads back, and no run begins', async () => {
  const store = await openExample('digits-trunk', 1);
  const run = store.getState().train();
  store.getState().stopTraining();
  await run;
  expect(store.getState().training.kind).toBe('idle');
  expect(store.getState().runs).toEqual([]);
}, 60_000);

test('stopping just before the trainer starts is heard too', async () => {
  const calls: TrainerMethod[] = [];
  const store = await openExample('digits-trunk', 1, method => calls.push(method));
  store.subscribe(({ training, stopTraining }) => {
    if (training.kind === 'preparing' && training.doing === 'Starting the trainer') stopTraining();
  });
  await store.getState().train();
  expect(store.getState().training.kind).toBe('idle');
  expect(calls).not.toContain('train');
}, 60_000);

test('stopping while sources are measured leaves the others out', async () => {
  const calls: TrainerMethod[] = [];
  const store = await openExample('digits-stack', 1, method => calls.push(method));
  store.subscribe(({ training, stopTraining }) => {
    if (training.kind === 'preparing' && training.doing.startsWith('Measuring')) stopTraining();
  });
  await store.getState().train();
  expect(calls).toEqual(['predict']);
}, 60_000);

test('a loss that is no number ends the run with what to do, and the earlier weights stay', async () => {
  const store = await openExample('digits-stack', 1);
  await store.getState().train();
  const before = store.getState().trained;
  store
    .getState()
    .applyEdit(
      'Change',
      updatePhase(0, { optimizer: makeSettings(OPTIMIZERS, 'sgd', { learningRate: 1e30, momentum: 0.9 }) }),
    );
  await store.getState().train();
  const { training, trained } = store.getState();
  if (training.kind !== 'failed') throw new Error(training.kind);
  expect(training.failure.title).toMatch(/not numbers|no longer a number/);
  expect(training.failure.wayOut).toContain('1.0e+30');
  expect(trained).toBe(before);
}, 60_000);

test('without data nothing begins', async () => {
  const store = await openExample('digits-trunk', 1);
  store.setState({ dataset: null });
  await store.getState().train();
  expect(store.getState().training.kind).toBe('idle');
});

test('another project begins without runs and weights', async () => {
  const store = await openExample('digits-trunk', 1);
  await store.getState().train();
  store.getState().newProject();
  expect(store.getState()).toMatchObject({ training: { kind: 'idle' }, trained: null, runs: [] });
}, 60_000);
