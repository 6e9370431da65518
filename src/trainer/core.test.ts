import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import type { Json } from '../base/json';
import { chain, input, layer, model, output, sketch } from '../compiler/sketch';
import { emitLayersModel } from '../formats/tfjs-layers/emit';
import type { ProjectDocument } from '../graph/document';
import { makeMetric } from '../graph/objectives';
import { makeSettings } from '../graph/options';
import { OPTIMIZERS } from '../graph/training-settings';
import type { ArrayData } from '../network/arrays';
import type { Network } from '../network/network';
import { train } from './core';
import { evaluate } from './evaluate';
import { predict, predictStock } from './predict';
import type { TrainerEvent } from './protocol';
import { referenceLoss, toDouble } from './reference';
import { base, bytes, forEpochs, onBase, prepare, run } from './testing/jobs';

/** Two sources that share the name of a layer, as files from one tutorial do. */
const left = chain(
  'left',
  [null, 5],
  [
    ['dense', 'Dense', { units: 4, activation: 'tanh' }],
    ['scores', 'Dense', { units: 3, activation: 'softmax' }],
  ],
  11,
);
const right = chain(
  'right',
  [null, 4],
  [
    ['dense', 'Dense', { units: 4, activation: 'sigmoid' }],
    ['scores', 'Dense', { units: 3, activation: 'softmax' }],
  ],
  12,
);
const free = { freeze: { kind: 'none' } } as const;

const JOINS: Readonly<Record<string, ProjectDocument>> = {
  stack: sketch(
    [input('x', [5]), model('a', left, { end: 'dense', ...free }), model('b', right, free), output('y')],
    ['x a', 'a b', 'b y'],
  ),
  parallel: sketch(
    [
      input('x', [5]),
      input('z', [4]),
      model('a', left, { end: 'dense', ...free }),
      model('b', right, { end: 'dense', ...free }),
      layer('m', 'Concatenate'),
      layer('head', 'Dense', { units: 3, activation: 'softmax' }),
      output('y'),
    ],
    ['x a', 'z b', 'a m.in0', 'b m.in1', 'm head', 'head y'],
  ),
  'shared trunk': sketch(
    [
      input('x', [5]),
      model('trunk', left, { end: 'dense', ...free }),
      model('again', left, { end: 'dense', sharesWith: 'trunk' }),
      layer('both', 'Add'),
      model('tail', right, { start: 'dense', ...free }),
      layer('even', 'Dense', { units: 1, activation: 'sigmoid' }),
      output('digit', { lossWeight: 0.7 }),
      output('parity', { loss: 'binary_crossentropy', lossWeight: 0.3 }),
    ],
    [
      'x trunk',
      'x again',
      'trunk both.in0',
      'again both.in1',
      'trunk tail',
      'both even',
      'tail digit',
      'even parity',
    ],
  ),
};

const SGD = makeSettings(OPTIMIZERS, 'sgd', { learningRate: 1 });

function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((max, value) => Math.max(max, Math.abs(value)), 0);
}

function rowsOf({ shape, values }: ArrayData): number[][] {
  const size = values.length / (shape[0] ?? 1);
  return Array.from({ length: shape[0] ?? 0 }, (_, row) => [...values.slice(row * size, (row + 1) * size)]);
}

describe.each(Object.entries(JOINS))('%s', (_, document) => {
  it('has the gradients of finite differences, to 1e-5 of the largest', async () => {
    const { network, params } = prepare(document, [left, right], { optimizer: SGD });
    // One plain step of rate 1 moves each weight by its gradient.
    const { weights } = await run(params);
    const inputs = params.inputs.map(rowsOf);
    const targets = params.targets.map(target => [...target.values]);
    let compared = 0;
    for (const { name } of network.layers) {
      for (const role of Object.keys(weights[name] ?? {})) {
        const before = network.layers.find(item => item.name === name)?.weights[role]?.values ?? [];
        const after = weights[name]?.[role]?.values ?? [];
        const expected: number[] = [];
        const h = 1e-5;
        for (let i = 0; i < before.length; i++) {
          const lossAt = (delta: number) => {
            const moved = toDouble(network);
            const values = moved[name]?.[role];
            if (values === undefined) throw new Error(`${name} has no ${role}`);
            values[i] = (values[i] ?? 0) + delta;
            return referenceLoss(network, moved, params.heads, inputs, targets);
          };
          expected.push((lossAt(h) - lossAt(-h)) / (2 * h));
        }
        const found = expected.map((_, i) => (before[i] ?? 0) - (after[i] ?? 0));
        const error = largest(found.map((value, i) => value - (expected[i] ?? 0))) / largest(expected);
        expect(error, `${name}/${role}`).toBeLessThan(1e-5);
        compared += expected.length;
      }
    }
    expect(compared).toBeGreaterThan(40);
  });
});

it('makes the step that the same network hand-written in TensorFlow.js makes, to 1e-5 relative', async () => {
  const document = JOINS.parallel;
  if (document === undefined) throw new Error('No join');
  const { network, params } = prepare(document, [left, right], {
    optimizer: makeSettings(OPTIMIZERS, 'sgd', { learningRate: 0.05, momentum: 0.9 }),
  });
  const x = tf.input({ shape: [5] });
  const z = tf.input({ shape: [4] });
  const a = tf.layers.dense({ units: 4, activation: 'tanh', name: 'hand_a' });
  const b = tf.layers.dense({ units: 4, activation: 'sigmoid', name: 'hand_b' });
  const head = tf.layers.dense({ units: 3, activation: 'softmax', name: 'hand_head' });
  const joined = tf.layers.concatenate().apply([a.apply(x), b.apply(z)] as tf.SymbolicTensor[]);
  const hand = tf.model({ inputs: [x, z], outputs: head.apply(joined) as tf.SymbolicTensor });
  const ours = { a_dense: a, b_dense: b, head };
  for (const [name, stock] of Object.entries(ours)) {
    const own = network.layers.find(item => item.name === name)?.weights ?? {};
    stock.setWeights(Object.values(own).map(({ values, shape }) => tf.tensor(values, [...shape])));
  }
  // Momentum: where TensorFlow.js and Keras mean the same.
  hand.compile({ optimizer: tf.train.momentum(0.05, 0.9), loss: 'sparseCategoricalCrossentropy' });
  const inputs = params.inputs.map(({ values, shape }) => tf.tensor(values, [...shape]));
  const target = tf.tensor1d(Float32Array.from(params.targets[0]?.values ?? []));
  const losses: number[] = [];
  for (let step = 0; step < 3; step++) losses.push((await hand.trainOnBatch(inputs, target)) as number);
  const { weights, history } = await run(forEpochs(params, 3));
  for (const [step, loss] of losses.entries()) {
    expect(Math.abs((history[step]?.training.loss ?? 0) - loss) / loss).toBeLessThan(1e-5);
  }
  for (const [name, stock] of Object.entries(ours)) {
    for (const [index, role] of Object.keys(weights[name] ?? {}).entries()) {
      const theirs = stock.getWeights()[index]?.dataSync() ?? [];
      const mine = weights[name]?.[role]?.values ?? [];
      const error = largest(Array.from(mine, (value, i) => value - (theirs[i] ?? 0))) / largest(theirs);
      expect(error, `${name}/${role}`).toBeLessThan(1e-5);
    }
  }
});

describe('freezing', () => {
  it('leaves every frozen tensor as it is, bit by bit, and so what the frozen part answers', async () => {
    const { network, params } = prepare(onBase('all'), [base], { epochs: 5 });
    const trunk: Network = {
      ...network,
      layers: network.layers.filter(({ name }) => name !== 'head'),
      calls: network.calls.filter(({ id }) => id !== 'head'),
      outputs: [{ name: 'features', from: { call: 'base_features', output: 0 } }],
    };
    const before = await predict({ network: trunk, inputs: params.inputs, backend: 'cpu' });
    const { weights } = await run(params);
    for (const { name, weights: own } of trunk.layers) expect(bytes(weights[name]), name).toEqual(bytes(own));
    const trained = {
      ...trunk,
      layers: trunk.layers.map(item => ({ ...item, weights: weights[item.name] ?? {} })),
    };
    const after = await predict({ network: trained, inputs: params.inputs, backend: 'cpu' });
    expect([...(after.outputs[0]?.values ?? [])]).toEqual([...(before.outputs[0]?.values ?? [])]);
    // What isn't frozen did move.
    const head = network.layers.find(({ name }) => name === 'head')?.weights;
    expect(bytes(weights.head)).not.toEqual(bytes(head));
  });

  it('is where plain TensorFlow.js fails: there the moving statistics of a frozen layer change', async () => {
    const bn = tf.layers.batchNormalization({ inputShape: [2], trainable: false });
    const plain = tf.sequential({ layers: [bn, tf.layers.dense({ units: 1 })] });
    plain.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const before = [...(bn.getWeights()[2]?.dataSync() ?? [])];
    await plain.fit(
      tf.tensor2d([
        [1, 2],
        [5, 9],
      ]),
      tf.tensor2d([[1], [0]]),
      { epochs: 1, verbose: 0 },
    );
    expect([...(bn.getWeights()[2]?.dataSync() ?? [])]).not.toEqual(before);
  });

  it('moves everything, moving statistics too, where nothing is frozen', async () => {
    const { network, params } = prepare(onBase('none'), [base]);
    const { weights } = await run(params);
    for (const { name, weights: own } of network.layers) {
      for (const role of Object.keys(own))
        expect([...(weights[name]?.[role]?.values ?? [])], `${name}/${role}`).not.toEqual([
          ...(own[role]?.values ?? []),
        ]);
    }
  });

  it('refuses to train where everything is frozen', async () => {
    const document = sketch([input('x', [5]), model('a', left), output('y')], ['x a', 'a y']);
    await expect(run(prepare(document, [left]).params)).rejects.toMatchObject({
      code: 'training/nothing-trainable',
    });
  });
});

describe('loss weights', () => {
  const twoHeads = (first: number, second: number) =>
    sketch(
      [
        input('x', [5]),
        layer('trunk', 'Dense', { units: 4 }),
        layer('one', 'Dense', { units: 3, activation: 'softmax' }),
        layer('two', 'Dense', {
          units: 3,
          activation: 'softmax',
          kernel_regularizer: { class_name: 'L2', config: { l2: 0.1 } },
        }),
        output('y1', { lossWeight: first }),
        output('y2', { lossWeight: second }),
      ],
      ['x trunk', 'trunk one', 'trunk two', 'one y1', 'two y2'],
    );

  it.each(['adam', 'adamw'] as const)('[1, 0] with %s does not move the second head at all', async kind => {
    const optimizer =
      kind === 'adam'
        ? makeSettings(OPTIMIZERS, kind, { learningRate: 0.1 })
        : makeSettings(OPTIMIZERS, kind, { learningRate: 0.1, weightDecay: 0.1 });
    const { network, params } = prepare(twoHeads(1, 0), [], { epochs: 3, optimizer });
    const { weights } = await run(params);
    const start = (name: string) => network.layers.find(item => item.name === name)?.weights;
    expect(bytes(weights.two)).toEqual(bytes(start('two')));
    expect(bytes(weights.one)).not.toEqual(bytes(start('one')));
  });

  it('[1, 0] moves neither the moving statistics nor the constrained weights of the second head', async () => {
    const negative = { class_name: 'Constant', config: { value: -1 } };
    const constrained = {
      units: 3,
      activation: 'softmax',
      kernel_initializer: negative,
      kernel_constraint: { class_name: 'NonNeg', config: {} },
    };
    const document = sketch(
      [
        input('x', [5]),
        layer('one', 'Dense', { units: 3, activation: 'softmax' }),
        layer('norm', 'BatchNormalization'),
        layer('two', 'Dense', constrained),
        output('y1'),
        output('y2', { lossWeight: 0 }),
      ],
      ['x one', 'x norm', 'norm two', 'one y1', 'two y2'],
    );
    const { network, params } = prepare(document, [], { epochs: 2 });
    const { weights } = await run(params);
    for (const name of ['norm', 'two']) {
      const start = network.layers.find(item => item.name === name)?.weights;
      expect(bytes(weights[name])).toEqual(bytes(start));
    }
  });

  it('are what plain TensorFlow.js ignores: there the second head moves', async () => {
    const x = tf.input({ shape: [2] });
    const second = tf.layers.dense({ units: 1, name: 'plain_two' });
    const heads = [tf.layers.dense({ units: 1, name: 'plain_one' }), second];
    const plain = tf.model({ inputs: x, outputs: heads.map(head => head.apply(x) as tf.SymbolicTensor) });
    const before = [...(second.getWeights()[0]?.dataSync() ?? [])];
    // The type has no lossWeights; Keras' argument is taken and does nothing.
    const args = { optimizer: 'sgd', loss: 'meanSquaredError', lossWeights: [1, 0] };
    plain.compile(args);
    const y = tf.tensor2d([[1], [0]]);
    await plain.fit(
      tf.tensor2d([
        [1, 2],
        [5, 9],
      ]),
      [y, y],
      { epochs: 1, verbose: 0 },
    );
    expect([...(second.getWeights()[0]?.dataSync() ?? [])]).not.toEqual(before);
  });

  it('are applied: the total is the weighted sum, and the trunk moves accordingly', async () => {
    const { params } = prepare(twoHeads(0.25, 2), []);
    const { scores } = await evaluate({ ...params, rowWeights: [null, null], rows: params.trainRows });
    const [one, two] = scores.heads.map(head => head.loss);
    expect(scores.loss).toBeCloseTo(0.25 * (one ?? 0) + 2 * (two ?? 0), 5);
  });
});

it('adds the penalties of regularizers once, however often a layer is used', async () => {
  const l2 = { kernel_regularizer: { class_name: 'L2', config: { l2: 0.5 } } };
  const source = chain('source', [null, 5], [['d', 'Dense', { units: 3, activation: 'softmax', ...l2 }]], 4);
  const document = sketch(
    [
      input('x', [5]),
      model('a', source, free),
      model('b', source, { sharesWith: 'a' }),
      layer('m', 'Average'),
      output('y'),
    ],
    ['x a', 'x b', 'a m.in0', 'b m.in1', 'm y'],
  );
  const { network, params } = prepare(document, [source]);
  const { history } = await run(params);
  const kernel = network.layers.find(({ name }) => name === 'a_d')?.weights.kernel?.values ?? [];
  const penalty = 0.5 * Array.from(kernel).reduce((sum, value) => sum + value * value, 0);
  const [log] = history;
  expect((log?.training.loss ?? 0) - (log?.training.heads[0]?.loss ?? 0)).toBeCloseTo(penalty, 5);
});

it('answers with frozen weights as they are, whatever constraint a wrapped layer has', async () => {
  const answers = async (constraint: Json) => {
    const inner = {
      class_name: 'LSTM',
      config: { units: 2, kernel_constraint: constraint },
    };
    const network = chain('m', [null, 3, 2], [['both', 'Bidirectional', { layer: inner }]], 4);
    const layers = network.layers.map(item => ({ ...item, trainable: false }));
    const inputs = [
      { shape: [1, 3, 2], dtype: 'float32', values: Float32Array.of(1, 2, 3, 4, 5, 6) },
    ] as const;
    const frozen = { ...network, layers };
    const { outputs } = await predict({ network: frozen, inputs, backend: 'cpu' });
    const { modelTopology, weightSpecs, weightData } = emitLayersModel(frozen);
    const modelJson = JSON.stringify({ modelTopology, weightsManifest: [{ weights: weightSpecs }] });
    const stock = await predictStock({ modelJson, weightData, inputs, backend: 'cpu' });
    expect(stock.outputs).toEqual(outputs);
    return outputs;
  };
  expect(await answers({ class_name: 'NonNeg', config: {} })).toEqual(await answers(null));
});

it('answers in floats where whole numbers are put through', async () => {
  const { network } = prepare(sketch([input('x', [2], { dtype: 'int32' }), output('y')], ['x y']), []);
  const inputs = [{ shape: [1, 2], dtype: 'int32', values: Int32Array.of(1, 2) }] as const;
  const { outputs } = await predict({ network, inputs, backend: 'cpu' });
  expect(outputs).toEqual([{ shape: [1, 2], dtype: 'float32', values: Float32Array.of(1, 2) }]);
});

it('reckons sparse categorical cross-entropy from the shares of the whole, as Keras does', async () => {
  const { network, params } = prepare(sketch([input('x', [2]), output('y')], ['x y']), []);
  const { scores } = await evaluate({
    ...params,
    network,
    inputs: [{ shape: [1, 2], dtype: 'float32', values: Float32Array.of(0.9, 0.9) }],
    targets: [{ shape: [1], dtype: 'int32', values: Int32Array.of(0) }],
    rowWeights: [null],
    rows: Uint32Array.of(0),
  });
  expect(scores.loss).toBeCloseTo(Math.log(2), 5);
});

it('keeps constraints after every step', async () => {
  const constraint = { kernel_constraint: { class_name: 'NonNeg', config: {} } };
  const document = sketch(
    [input('x', [5]), layer('d', 'Dense', { units: 3, activation: 'softmax', ...constraint }), output('y')],
    ['x d', 'd y'],
  );
  const { weights } = await run(prepare(document, [], { epochs: 3, optimizer: SGD }).params);
  const kernel = [...(weights.d?.kernel?.values ?? [])];
  expect(Math.min(...kernel)).toBe(0);
  expect(Math.max(...kernel)).toBeGreaterThan(0);
});

describe('a run', () => {
  it('is repeatable bit for bit with its seed, dropout included, and differs with another', async () => {
    const finish = async (seed: number) => {
      const { params } = prepare(onBase('none'), [base], { epochs: 3, batchSize: 4, seed });
      return bytes((await run(params)).weights.head);
    };
    const first = await finish(1);
    expect(await finish(1)).toEqual(first);
    expect(await finish(2)).not.toEqual(first);
  });

  it('leaves no tensor behind', async () => {
    const { params } = prepare(onBase('none'), [base], { epochs: 2 });
    await run(params);
    const before = tf.memory().numTensors;
    await run(forEpochs(params, 20));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('says where a number went wrong', async () => {
    const { params, network } = prepare(onBase('none'), [base]);
    const layers = network.layers.map(item => {
      const kernel = item.weights.kernel;
      if (item.name !== 'base_features' || kernel === undefined) return item;
      return {
        ...item,
        weights: { ...item.weights, kernel: { ...kernel, values: kernel.values.map(() => Number.NaN) } },
      };
    });
    await expect(run({ ...params, network: { ...network, layers } })).rejects.toMatchObject({
      code: 'training/nan',
      layer: 'base_features',
    });
  });

  it('blames no layer where too large steps led to NaN', async () => {
    const rate = makeSettings(OPTIMIZERS, 'sgd', { learningRate: 1e39 });
    const regression = sketch(
      [input('x', [5]), layer('d', 'Dense', { units: 1 }), output('y', { loss: 'mean_squared_error' })],
      ['x d', 'd y'],
    );
    // After one epoch only the weights show it: that step's loss was still finite.
    for (const epochs of [1, 5]) {
      const { params } = prepare(regression, [], { epochs, optimizer: rate });
      await expect(run(params)).rejects.toMatchObject({ code: 'training/nan', layer: null });
    }
  });

  it('stops after the step that is under way and returns what it has', async () => {
    const { params } = prepare(onBase('all'), [base], { epochs: 50 });
    let steps = 0;
    const result = await train(params, {
      onEvent: () => undefined,
      wish: () => (++steps >= 7 ? 'stop' : 'go'),
      untilWishChanges: () => Promise.resolve(),
      now: () => 0,
      breathe: () => Promise.resolve(),
    });
    expect(result.stopped).toBe(true);
    expect(result.history.length).toBeLessThan(8);
    expect(result.history.length).toBeGreaterThan(0);
  });

  it('reports what was asked for: validation scores, metrics and the backend', async () => {
    const { params, result } = prepare(onBase('all'), [base]);
    const heads = result.heads.map(head => ({
      ...head,
      metrics: [makeMetric('accuracy'), makeMetric('mean_absolute_error')],
    }));
    const events: TrainerEvent[] = [];
    const rows = Uint32Array.of(0, 1);
    const { history } = await run({ ...params, heads, validationRows: rows }, events);
    expect(events[0]).toMatchObject({ kind: 'started', backend: { name: 'cpu' }, stepsPerEpoch: 1 });
    const validation = history[0]?.validation;
    expect(Object.keys(validation?.heads[0]?.metrics ?? {})).toEqual(['accuracy', 'mean_absolute_error']);
    expect([0, 0.5, 1]).toContain(validation?.heads[0]?.metrics.accuracy);
  });
});
