/** A run as a whole: its phases, its pauses, its early end, and how much rows count. */
import { describe, expect, it } from 'vitest';
import { input, layer, output, sketch } from '../compiler/sketch';
import { makeSettings } from '../graph/options';
import { DEFAULT_EARLY_STOPPING, DEFAULT_PHASE, makeSchedule, OPTIMIZERS } from '../graph/training-settings';
import { type TrainHooks, train } from './core';
import { evaluate } from './evaluate';
import type { Wish } from './pace';
import type { PhasePlan, TrainerEvent, TrainParams, TrainResult } from './protocol';
import type { RunState } from './run-state';
import { base, bytes, onBase, prepare, ROWS, run } from './testing/jobs';

const adam = (learningRate: number) => makeSettings(OPTIMIZERS, 'adam', { learningRate });
const sgd = (learningRate: number) => makeSettings(OPTIMIZERS, 'sgd', { learningRate, momentum: 0.9 });

/** The recipe: the head alone, then the last layer of the trunk too, at a lower rate. */
const HEAD_FIRST: readonly PhasePlan[] = [
  { ...DEFAULT_PHASE, epochs: 2, optimizer: adam(0.01), trainable: ['head'] },
  { ...DEFAULT_PHASE, epochs: 3, optimizer: adam(0.001), trainable: ['base_features', 'head'] },
];

/** Batches of two rows, with dropout where the trunk trains. */
function inPhases(phases: readonly PhasePlan[]): TrainParams {
  const { params } = prepare(onBase('none'), [base], { batchSize: 2 });
  return { ...params, phases, validationRows: Uint32Array.of(0, 1) };
}

function allBytes({ weights }: Pick<TrainResult, 'weights'>) {
  return Object.fromEntries(Object.entries(weights).map(([name, own]) => [name, bytes(own)]));
}

/** Says `pause` once after so many steps, and goes on, stops or captures when asked why it stands still. */
function pausingAfter(steps: number, onPause: (capture: () => Promise<RunState>) => Promise<Wish>) {
  let asked = 0;
  let wish: Wish = 'go';
  const events: TrainerEvent[] = [];
  const hooks: TrainHooks = {
    onEvent: event => events.push(event),
    wish: () => {
      asked += 1;
      if (asked === steps) wish = 'pause';
      return wish;
    },
    untilWishChanges: async capture => {
      wish = await onPause(capture);
    },
    now: () => 0,
    breathe: () => Promise.resolve(),
  };
  return { hooks, events };
}

describe('phases', () => {
  it('train their own layers and leave all others as they are, bit by bit', async () => {
    const params = inPhases(HEAD_FIRST);
    const start = allBytes({
      weights: Object.fromEntries(params.network.layers.map(({ name, weights }) => [name, weights])),
    });
    const first = allBytes(await run(inPhases(HEAD_FIRST.slice(0, 1))));
    const both = allBytes(await run(params));
    for (const name of ['base_d', 'base_bn']) {
      expect(first[name], name).toEqual(start[name]);
      expect(both[name], name).toEqual(start[name]);
    }
    expect(first.base_features).toEqual(start.base_features);
    expect(both.base_features).not.toEqual(start.base_features);
    expect(first.head).not.toEqual(start.head);
    expect(both.head).not.toEqual(first.head);
  });

  it('begin with a new optimiser: its first step of Adam is as long as the learning rate again, to 1 %', async () => {
    const whole = (phases: readonly PhasePlan[]) => {
      const { params } = prepare(onBase('all'), [base], { batchSize: ROWS });
      return run({ ...params, phases });
    };
    const one = { ...DEFAULT_PHASE, epochs: 3, optimizer: adam(0.1), trainable: ['head'] };
    const before = (await whole([one])).weights.head?.kernel?.values ?? [];
    const two = { ...one, epochs: 1, optimizer: adam(0.001) };
    const after = (await whole([one, two])).weights.head?.kernel?.values ?? [];
    const steps = Array.from(after, (value, i) => Math.abs(value - (before[i] ?? 0)));
    expect(steps).toHaveLength(12);
    // A gradient of 0 makes no step: a value behind a unit that never fires.
    const moved = steps.filter(step => step > 0);
    expect(moved.length).toBeGreaterThan(5);
    for (const step of moved) expect(Math.abs(step - 0.001)).toBeLessThan(1e-5);
  });

  it('count their epochs on, and say when they end and at which rate they learned', async () => {
    const events: TrainerEvent[] = [];
    const { history, phases } = await run(inPhases(HEAD_FIRST), events);
    expect(history.map(({ epoch, phase, learningRate }) => [epoch, phase, learningRate])).toEqual([
      [1, 0, 0.01],
      [2, 0, 0.01],
      [3, 1, 0.001],
      [4, 1, 0.001],
      [5, 1, 0.001],
    ]);
    expect(phases).toEqual([
      { by: 'epochs', restored: null },
      { by: 'epochs', restored: null },
    ]);
    const kinds = events.map(({ kind }) => kind).filter(kind => kind !== 'step');
    expect(kinds).toEqual([
      'started',
      'epoch',
      'epoch',
      'phase-ended',
      'epoch',
      'epoch',
      'epoch',
      'phase-ended',
    ]);
  });

  it('in which nothing would train are refused before the first step', async () => {
    const events: TrainerEvent[] = [];
    const [first] = HEAD_FIRST;
    if (first === undefined) throw new Error('No phase');
    const params = inPhases([first, { ...first, trainable: ['base_drop'] }]);
    await expect(run(params, events)).rejects.toMatchObject({ code: 'training/nothing-trainable' });
    expect(events.filter(({ kind }) => kind === 'epoch')).toEqual([]);
  });

  it('follow their schedules step by step', async () => {
    const schedule = { ...makeSchedule('exponential'), decayRate: 0.5, decayEpochs: 1 } as const;
    const phase = { ...DEFAULT_PHASE, epochs: 2, optimizer: sgd(0.1), schedule, trainable: ['head'] };
    const { history } = await run(inPhases([phase]));
    // Three steps an epoch: the last of them is two thirds in.
    const rates = history.map(({ learningRate }) => learningRate);
    expect(rates[0]).toBeCloseTo(0.1 * 0.5 ** (2 / 3), 12);
    expect(rates[1]).toBeCloseTo(0.1 * 0.5 ** (5 / 3), 12);
  });

  it('lower the rate on a plateau, and the next phase begins with its own', async () => {
    const plateau = { ...makeSchedule('plateau'), factor: 0.5, patience: 1, minDelta: 1e9 } as const;
    const phase = {
      ...DEFAULT_PHASE,
      epochs: 3,
      optimizer: sgd(0.1),
      schedule: plateau,
      trainable: ['head'],
    };
    const { history } = await run(inPhases([phase, { ...phase, epochs: 1 }]));
    expect(history.map(({ learningRate }) => learningRate)).toEqual([0.1, 0.1, 0.05, 0.1]);
  });
});

describe('a run that stands still', () => {
  // In the first epoch, between epochs, in the second phase.
  it.each([2, 5, 14])(
    'after being asked %i times ends with the weights of one that never did',
    async steps => {
      const params = inPhases(HEAD_FIRST);
      const through = await run(params);
      let paused = 0;
      const { hooks, events } = pausingAfter(steps, async () => {
        paused += 1;
        return 'go';
      });
      const result = await train(params, hooks);
      expect(paused).toBe(1);
      expect(events.filter(({ kind }) => kind === 'paused' || kind === 'resumed')).toEqual([
        { kind: 'paused' },
        { kind: 'resumed' },
      ]);
      expect(allBytes(result)).toEqual(allBytes(through));
      expect(result.history.map(({ training }) => training)).toEqual(
        through.history.map(({ training }) => training),
      );
    },
  );

  it.each([2, 5, 14])('goes on elsewhere from its state as it was, asked %i times', async steps => {
    const params = {
      ...inPhases(HEAD_FIRST),
      settings: { ...inPhases(HEAD_FIRST).settings, earlyStopping: DEFAULT_EARLY_STOPPING },
    };
    const through = await run(params);
    let captured: RunState | null = null;
    const { hooks } = pausingAfter(steps, async capture => {
      captured = structuredClone(await capture());
      return 'stop';
    });
    const stopped = await train(params, hooks);
    expect(stopped.stopped).toBe(true);
    expect(captured).not.toBeNull();
    const goOn = pausingAfter(Number.POSITIVE_INFINITY, async () => 'go');
    const result = await train(params, goOn.hooks, captured);
    expect(allBytes(result)).toEqual(allBytes(through));
    const scores = (history: TrainResult['history']) =>
      history.map(({ epoch, training, validation }) => ({ epoch, training, validation }));
    expect(scores(result.history)).toEqual(scores(through.history));
  });

  it('can be stopped, and keeps the weights of its last step', async () => {
    const params = inPhases(HEAD_FIRST);
    const { hooks, events } = pausingAfter(3, async () => 'stop');
    const result = await train(params, hooks);
    expect(result).toMatchObject({ stopped: true, history: [], phases: [{ by: 'person', restored: null }] });
    expect(events.some(({ kind }) => kind === 'resumed')).toBe(false);
    const head = params.network.layers.find(({ name }) => name === 'head')?.weights;
    expect(bytes(result.weights.head)).not.toEqual(bytes(head));
  });
});

describe('early stopping', () => {
  /** Far too large a rate: the loss on the validation rows gets worse after a few steps. */
  const wild = { ...DEFAULT_PHASE, epochs: 30, optimizer: sgd(3), trainable: ['head'] };
  const stopping = (phases: readonly PhasePlan[], restoreBest: boolean): TrainParams => {
    const params = inPhases(phases);
    const earlyStopping = { ...DEFAULT_EARLY_STOPPING, patience: 3, restoreBest };
    return { ...params, settings: { ...params.settings, earlyStopping } };
  };

  it('ends the phase and restores the weights of its best epoch, bit by bit', async () => {
    const { history, phases, weights, stopped } = await run(stopping([wild], true));
    const losses = history.map(({ validation }) => validation?.loss ?? Number.NaN);
    const best = losses.indexOf(Math.min(...losses)) + 1;
    expect(phases).toEqual([{ by: 'early-stopping', restored: best }]);
    expect(history).toHaveLength(best + 3);
    expect(stopped).toBe(false);
    const until = await run(inPhases([{ ...wild, epochs: best }]));
    expect(allBytes({ weights })).toEqual(allBytes(until));
  });

  it('keeps the last weights where the best are not to be restored', async () => {
    const { history, phases, weights } = await run(stopping([wild], false));
    expect(phases).toEqual([{ by: 'early-stopping', restored: null }]);
    expect(allBytes({ weights })).toEqual(
      allBytes(await run(inPhases([{ ...wild, epochs: history.length }]))),
    );
  });

  it('watches each phase anew: the second begins where the first was best', async () => {
    const { phases, history } = await run(stopping([wild, { ...wild, epochs: 2 }], true));
    expect(phases.map(({ by }) => by)).toEqual(['early-stopping', 'epochs']);
    expect(history.filter(({ phase }) => phase === 1)).toHaveLength(2);
  });
});

describe('row weights', () => {
  const plain = () => prepare(onBase('all'), [base], { optimizer: sgd(0.1) }).params;
  const weigh = (values: readonly number[]) => [Float32Array.from(values)];

  it('are the factors of the rows in a sum that is divided by their number, as in Keras', async () => {
    const params = plain();
    const lossOf = async (rows: Uint32Array, weights: readonly (Float32Array | null)[]) =>
      (await evaluate({ ...params, rows, rowWeights: weights })).scores.loss;
    const weights = [0, 1, 2, 0.5, 3, 1];
    let sum = 0;
    for (const [row, weight] of weights.entries())
      sum += weight * (await lossOf(Uint32Array.of(row), [null]));
    expect(await lossOf(params.trainRows, weigh(weights))).toBeCloseTo(sum / ROWS, 5);
  });

  it('make the step that as many copies of the rows would make, to 1e-6', async () => {
    const params = plain();
    const none = [null];
    const weighted = await run({
      ...params,
      rowWeights: { training: weigh([2, 1, 0, 1, 1, 1]), validation: none },
    });
    const copied = await run({ ...params, trainRows: Uint32Array.of(0, 0, 1, 3, 4, 5) });
    const [a, b] = [weighted, copied].map(({ weights }) => [...(weights.head?.kernel?.values ?? [])]);
    expect(a?.length).toBe(12);
    for (const [i, value] of (a ?? []).entries()) expect(value).toBeCloseTo(b?.[i] ?? Number.NaN, 6);
  });

  it('of classes stay out of validation', async () => {
    const params = { ...plain(), validationRows: Uint32Array.of(0, 1, 2) };
    const without = await run(params);
    // The weights scale the step, so the rate takes them back.
    const [phase] = params.phases;
    if (phase === undefined) throw new Error('No phase');
    const half = { ...phase, optimizer: sgd(0.05) };
    const rowWeights = { training: weigh([2, 2, 2, 2, 2, 2]), validation: [null] };
    const weighted = await run({ ...params, phases: [half], rowWeights });
    const loss = (result: TrainResult) => result.history[0]?.validation?.loss ?? Number.NaN;
    expect(loss(weighted)).toBeCloseTo(loss(without), 5);
    expect(weighted.history[0]?.training.loss).toBeCloseTo(2 * (without.history[0]?.training.loss ?? 0), 4);
  });
});

it('adds regularisation to the validation loss, as Keras does to val_loss', async () => {
  const l2 = { kernel_regularizer: { class_name: 'L2', config: { l2: 0.5 } } };
  const document = sketch(
    [input('x', [5]), layer('d', 'Dense', { units: 3, activation: 'softmax', ...l2 }), output('y')],
    ['x d', 'd y'],
  );
  const { params } = prepare(document, []);
  const { history, weights } = await run({ ...params, validationRows: params.trainRows });
  const validation = history[0]?.validation;
  const kernel = weights.d?.kernel?.values ?? [];
  const penalty = 0.5 * Array.from(kernel).reduce((sum, value) => sum + value * value, 0);
  expect(penalty).toBeGreaterThan(0.1);
  expect((validation?.loss ?? 0) - (validation?.heads[0]?.loss ?? 0)).toBeCloseTo(penalty, 5);
});
