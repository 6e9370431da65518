/**
 * What `code.py` is to find when it trains with the Python that Graft writes, and cases that are held to Graft's own trainer: their
 * steps are over all rows, so no order of rows shows.
 */
import { must } from '../../src/base/assert';
import { createRandom } from '../../src/base/random';
import { makeLoss, makeMetric } from '../../src/graph/objectives';
import { makeSchedule, type Phase, type Schedule } from '../../src/graph/training-settings';
import { actsInTraining } from '../../src/layers/acts-in-training';
import { lookUpLayer } from '../../src/layers/table';
import { draw, type NamedNetwork } from '../../src/layers/testing/networks';
import type { ArrayData } from '../../src/network/arrays';
import type { Network } from '../../src/network/network';
import { makeHead, makePhase, makePlan } from '../../src/targets/code/testing/plans';
import { logName } from '../../src/targets/keras/keras-calls';
import { describeTarget } from '../../src/targets/keras/write-objectives';
import { weighClassesByNumber } from '../../src/targets/keras/write-rows';
import type { PythonTraining } from '../../src/targets/keras/write-training';
import { train } from '../../src/trainer/core';
import type { Scores } from '../../src/trainer/protocol';
import { layersThatMove } from '../../src/trainer/trained-layers';

interface HeldCase extends NamedNetwork {
  readonly training: PythonTraining;
}

/** Targets and weights that the code takes; what it must move, hold back, draw and log. `movable`: values by layer. */
export async function describeFit(
  network: Network,
  training: PythonTraining,
  inputs: readonly ArrayData[],
  outputs: readonly ArrayData[],
  movable: ReadonlyMap<string, number>,
) {
  const { settings, trainable, heads } = training;
  const rows = must(inputs[0]?.shape[0], 'the number of rows');
  const targets = drawTargets(training, outputs, rows);
  const draws = trainable.map(phase => drawsIn(network, phase));
  const isOrderless = settings.validationSplit === 0 && settings.batchSize >= rows;
  const perOutput = heads.length > 1 && training.classes.some(classes => classes !== null);
  const sampleWeight = perOutput ? Array.from({ length: rows }, (_, row) => 0.5 + row / rows) : null;
  const history = isOrderless ? await trainHere(network, training, inputs, targets, sampleWeight) : [];
  const names = new Set(trainable.flatMap(phase => [...phase]));
  return {
    targets: targets.map(({ shape, dtype, values }) => ({ shape, dtype, values: [...values] })),
    sampleWeight,
    moves: [...names].filter(name => (movable.get(name) ?? 0) > 0),
    heldBack: Math.round(rows * settings.validationSplit),
    draws: draws.at(-1) ?? false,
    // From the first phase on that draws nothing is the same.
    history: history.slice(0, draws.includes(true) ? draws.indexOf(true) : draws.length),
  };
}

function drawTargets(
  { heads }: PythonTraining,
  outputs: readonly ArrayData[],
  rows: number,
): readonly ArrayData[] {
  const random = createRandom(9);
  return heads.map((head, index) => {
    const shape = outputs[index]?.shape ?? [];
    const classes = shape.at(-1) ?? 1;
    const words = describeTarget(head);
    const numbers = Array.from({ length: rows }, () => random.below(classes));
    if (words.startsWith('the number'))
      return { shape: [rows], dtype: 'int32', values: Int32Array.from(numbers) };
    if (words.startsWith('one-hot')) {
      const values = numbers.flatMap(wanted =>
        Array.from({ length: classes }, (_, at) => Number(at === wanted)),
      );
      return { shape, dtype: 'float32', values: Float32Array.from(values) };
    }
    const size = shape.reduce((product, dim) => product * dim, 1);
    // Both answers occur: without one of them some metrics have no value.
    const values = Float32Array.from({ length: size }, (_, at) =>
      words.startsWith('0 or 1') ? at % 2 : random.uniform(),
    );
    return { shape, dtype: 'float32', values };
  });
}

function drawsIn({ layers }: Network, trains: ReadonlySet<string>): boolean {
  return layers.some(({ name, type, config }) => {
    const known = lookUpLayer(type);
    return trains.has(name) && known !== undefined && actsInTraining(known, config, lookUpLayer);
  });
}

/** For each phase and epoch what Graft's trainer logs, metrics by the names that Keras gives them. */
async function trainHere(
  network: Network,
  { settings, heads, trainable, classes }: PythonTraining,
  inputs: readonly ArrayData[],
  targets: readonly ArrayData[],
  sampleWeight: readonly number[] | null,
) {
  const rows = must(inputs[0]?.shape[0], 'the number of rows');
  const ofRow = heads.map((head, index) => {
    const weights = weighClassesByNumber(head, classes[index] ?? null);
    if (weights === null && sampleWeight === null) return null;
    return Float32Array.from({ length: rows }, (_, row) => {
      const number = targets[index]?.values[row] ?? 0;
      return (weights?.[number] ?? 1) * (sampleWeight?.[row] ?? 1);
    });
  });
  const params = {
    network,
    heads,
    inputs,
    targets,
    rowWeights: { training: ofRow, validation: heads.map(() => null) },
    trainRows: Uint32Array.from({ length: rows }, (_, row) => row),
    validationRows: new Uint32Array(),
    phases: settings.phases.map((phase, index) => ({ ...phase, trainable: [...(trainable[index] ?? [])] })),
    settings,
    backend: 'cpu',
  } as const;
  const { history } = await train(params, {
    onEvent: () => {},
    wish: () => 'go',
    untilWishChanges: () => Promise.reject(new Error('Nobody pauses.')),
    now: () => performance.now(),
    breathe: () => Promise.resolve(),
  });
  return settings.phases.map((_, index) =>
    history.filter(({ phase }) => phase === index).map(log => describeScores(log.training)),
  );
}

function describeScores({ loss, heads }: Scores) {
  const named = (metrics: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(metrics).map(([name, value]) => [logName(name), value]));
  return { loss, heads: heads.map(head => ({ loss: head.loss, metrics: named(head.metrics) })) };
}

export function heldCases(): readonly HeldCase[] {
  return [...frozenCases(), weighedAlone(), ...weighedTogether(), idle()];
}

/** Epochs of one step, with a rate that changes so much that a step too late shows. */
const EPOCHS = 4;
const STEPS = {
  ...makeSchedule('piecewise'),
  boundaries: [1, 2.5],
  values: [0.5, 0.05, 0.005],
} as Schedule;
const ALL_ROWS = { batchSize: 100, validationSplit: 0 } as const;

function phaseOf(optimizer: Parameters<typeof makePhase>[0]): Phase {
  return { ...makePhase(optimizer, STEPS), epochs: EPOCHS };
}

/** Layers of all kinds that would draw, one of them frozen from the start, in two phases: all frozen, and then all but that one. */
function frozenCases(): readonly HeldCase[] {
  const draft = draw('frozen');
  const lstm = { class_name: 'LSTM', config: { units: 3, dropout: 0.5, recurrent_dropout: 0.5 } };
  const read = draft.call(
    draft.layer('read', 'Bidirectional', { layer: lstm }),
    draft.input('x', [null, 4, 3]),
  );
  const noise = draft.call(draft.layer('noise', 'GaussianNoise', { stddev: 1 }, false), read);
  const normal = draft.call(draft.layer('normal', 'BatchNormalization', {}), noise);
  const drop = draft.call(draft.layer('drop', 'Dropout', { rate: 0.5 }), normal);
  draft.output('y', draft.call(draft.layer('y', 'Dense', { units: 1, activation: 'sigmoid' }), drop));
  const network = draft.finish();
  const head = makeHead('y', makeLoss('binary_crossentropy'), [
    makeMetric('f1_score'),
    makeMetric('accuracy'),
  ]);
  const settings = { ...ALL_ROWS, phases: [phaseOf('sgd'), phaseOf('adam')] as const };
  const [one, most] = [new Set(['y']), new Set(['read', 'normal', 'drop', 'y'])];
  return [
    { name: 'train-frozen-throughout', second: one },
    { name: 'train-frozen-at-first', second: most },
  ].map(({ name, second }) => ({
    name,
    network,
    training: { ...makePlan(network, [head], settings, [one, second]), classes: [null] },
  }));
}

const KINDS = ['a', 'b', 'c'];

/** `class_weight`. */
function weighedAlone(): HeldCase {
  const draft = draw('weighed');
  const softmax = draft.layer('kind', 'Dense', { units: 3, activation: 'softmax' });
  draft.output('kind', draft.call(softmax, draft.input('x', [null, 4])));
  const network = draft.finish();
  const loss = makeLoss('sparse_categorical_crossentropy');
  const head = { ...makeHead('kind', loss, [makeMetric('accuracy')]), classWeights: { a: 2, c: 0.25 } };
  const plan = makePlan(network, [head], { ...ALL_ROWS, phases: [phaseOf('sgd')] });
  return { name: 'train-class-weight', network, training: { ...plan, classes: [KINDS] } };
}

/** A factor for each output's rows: where classes weigh, where they don't, where an output has several positions. */
function weighedTogether(): readonly HeldCase[] {
  const draft = draw('weighed together');
  const each = draft.call(draft.layer('each', 'Dense', { units: 2 }), draft.input('x', [null, 4, 3]));
  draft.output('each', each);
  const all = draft.call(draft.layer('all', 'Flatten', {}), each);
  for (const [name, units, activation] of [
    ['kind', 3, 'softmax'],
    ['yes', 1, 'sigmoid'],
  ] as const)
    draft.output(name, draft.call(draft.layer(name, 'Dense', { units, activation }), all));
  const network = draft.finish();
  const sparse = makeHead('kind', makeLoss('sparse_categorical_crossentropy'), [makeMetric('accuracy')], 0.5);
  const heads = [
    makeHead('each', makeLoss('huber')),
    { ...sparse, classWeights: { a: 2, c: 0.25 } },
    { ...makeHead('yes', makeLoss('binary_crossentropy')), classWeights: { no: 3 } },
  ];
  const classes = [null, KINDS, ['no', 'yes']];
  const settings = { ...ALL_ROWS, phases: [phaseOf('sgd')] as const };
  return [
    { name: 'train-weights-of-several', settings },
    // Two steps of as many rows.
    { name: 'train-held-back', settings: { ...settings, batchSize: 3, validationSplit: 0.25 } },
  ].map(one => ({
    name: one.name,
    network,
    training: { ...makePlan(network, heads, one.settings), classes },
  }));
}

/** Weight decay and moving averages would move what leads only to a loss that counts 0. */
function idle(): HeldCase {
  const draft = draw('idle');
  const trunk = draft.call(draft.layer('trunk', 'Dense', { units: 4 }), draft.input('x', [null, 3]));
  draft.output('y', draft.call(draft.layer('y', 'Dense', { units: 2 }), trunk));
  const normal = draft.call(draft.layer('idle normal', 'BatchNormalization', {}), trunk);
  const drop = draft.call(draft.layer('idle drop', 'Dropout', { rate: 0.5 }), normal);
  draft.output('idle', draft.call(draft.layer('idle', 'Dense', { units: 2 }), drop));
  const network = draft.finish();
  const loss = makeLoss('mean_squared_error');
  const heads = [makeHead('y', loss), makeHead('idle', loss, [], 0)];
  const moving = layersThatMove(
    network,
    heads,
    network.layers.map(({ name }) => name),
  );
  const plan = makePlan(network, heads, { ...ALL_ROWS, phases: [phaseOf('adamw')] }, [moving]);
  return { name: 'train-idle', network, training: { ...plan, classes: [null, null] } };
}
