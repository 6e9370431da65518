/** Files as Keras 3 writes them, by hand: stock TensorFlow.js 4.22 opens none of them. */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../base/json';
import type { Weights } from '../../network/network';
import { createNotes } from '../notes';
import { compareAnswers, loadStock, predictAll } from '../testing/stock';
import { readLayersModel } from './read';

const policy = {
  module: 'keras',
  class_name: 'DTypePolicy',
  config: { name: 'float32' },
  registered_name: null,
};
const tensor = (layer: string, node = 0, index = 0) => ({
  class_name: '__keras_tensor__',
  config: { shape: [null, 3], dtype: 'float32', keras_history: [layer, node, index] },
});
const initializer = (class_name: string) => ({
  module: 'keras.initializers',
  class_name,
  config: { seed: null },
  registered_name: null,
});

const layer = (class_name: string, name: string, config: JsonObject, args?: Json): JsonObject => ({
  module: 'keras.layers',
  class_name,
  config: { name, trainable: true, dtype: policy, ...config },
  registered_name: null,
  name,
  ...(args === undefined ? {} : { inbound_nodes: [{ args, kwargs: {} }] }),
});
const input = (name: string, size = 3) =>
  layer('InputLayer', name, { batch_shape: [null, size], sparse: false }, undefined);
const withNodes = (json: JsonObject): JsonObject => ({ inbound_nodes: [], ...json });
const dense = (name: string, args?: Json, config: JsonObject = {}) =>
  layer(
    'Dense',
    name,
    {
      units: 3,
      activation: 'silu',
      use_bias: true,
      kernel_initializer: initializer('LecunNormal'),
      bias_initializer: initializer('Zeros'),
      kernel_regularizer: {
        module: 'keras.regularizers',
        class_name: 'L2',
        config: { l2: 0.1 },
        registered_name: null,
      },
      bias_regularizer: null,
      kernel_constraint: null,
      bias_constraint: null,
      quantization_config: null,
      ...config,
    },
    args,
  );

const functional = (
  name: string,
  layers: readonly JsonObject[],
  inputs: Json,
  outputs: Json,
): JsonObject => ({
  module: 'keras.src.models.functional',
  class_name: 'Functional',
  config: {
    name,
    trainable: true,
    layers: layers.map(withNodes),
    input_layers: inputs,
    output_layers: outputs,
  },
  registered_name: 'Functional',
});

interface GivenWeight {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Weights are numbered through: 0.00, 0.01, 0.02, … */
function readJson(model: JsonObject, weights: readonly GivenWeight[]) {
  const count = weights.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const values = Float32Array.from({ length: count }, (_, i) => i / 100);
  const json: JsonObject = {
    format: 'layers-model',
    generatedBy: 'keras v3.9.0',
    convertedBy: 'TensorFlow.js Converter v4.22.0',
    modelTopology: { keras_version: '3.9.0', backend: 'tensorflow', model_config: model },
    weightsManifest: [
      { paths: ['w'], weights: weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })) },
    ],
  };
  const notes = createNotes();
  const { network } = readLayersModel(json, () => new Uint8Array(values.buffer), notes);
  return { network, repairs: notes.sentences('form', 'repair'), leftOut: notes.sentences('left-out') };
}

const kernelAndBias = (path: string): GivenWeight[] => [
  { name: `${path}/kernel`, shape: [3, 3] },
  { name: `${path}/bias`, shape: [3] },
];

/** The dense layer with the weights that start at `from`. */
function apply(x: tf.Tensor, from: number): tf.Tensor {
  const kernel = tf.tensor(
    Array.from({ length: 9 }, (_, i) => (from + i) / 100),
    [3, 3],
  );
  const z = x.matMul(kernel).add(tf.tensor(Array.from({ length: 3 }, (_, i) => (from + 9 + i) / 100)));
  return z.mul(z.sigmoid());
}

const x = tf.tensor2d([
  [0.5, -1, 2],
  [1, 0.25, -0.5],
]);

describe('models written by Keras 3', () => {
  it('reads a Sequential model: batch_shape, policies, L2, silu, prefixed weights', async () => {
    const model = {
      module: 'keras',
      class_name: 'Sequential',
      config: {
        name: 'sequential',
        trainable: true,
        dtype: policy,
        layers: [input('in'), dense('dense'), dense('dense_1')],
      },
      registered_name: null,
    };
    const { network, repairs, leftOut } = readJson(model, [
      ...kernelAndBias('sequential/dense'),
      ...kernelAndBias('sequential/dense_1'),
    ]);
    expect(repairs).toEqual([
      'Data types were written as policies; they are plain names now.',
      'Input shapes were written as Keras 3 does (batch_shape).',
      'Names of weights start with the model’s name, as Keras 3 writes them; they were matched without it.',
    ]);
    expect(leftOut).toEqual([]);
    expect(compareAnswers(predictAll(await loadStock(network), [x]), [apply(apply(x, 0), 12)])).toBeLessThan(
      1e-6,
    );
  });

  it('reads args nodes and a single output without its list', async () => {
    const model = functional(
      'functional',
      [
        input('in'),
        dense('a', [tensor('in')]),
        dense('b', [tensor('in')]),
        layer('Add', 'sum', {}, [[tensor('a'), tensor('b')]]),
      ],
      ['in', 0, 0],
      ['sum', 0, 0],
    );
    const { network, repairs } = readJson(model, [...kernelAndBias('a'), ...kernelAndBias('b')]);
    expect(repairs).toContain('Calls were written as Keras 3 does (args and kwargs).');
    expect(repairs).toContain('A single input or output was written without its list.');
    expect(
      compareAnswers(predictAll(await loadStock(network), [x]), [apply(x, 0).add(apply(x, 12))]),
    ).toBeLessThan(1e-6);
  });

  it('counts the calls of nested models as Keras 3 does: from 0 in calls, from 1 among functional outputs', async () => {
    const inner = functional(
      'inner',
      [input('inner_in'), dense('d', [tensor('inner_in')])],
      [['inner_in', 0, 0]],
      [['d', 0, 0]],
    );
    const nested = {
      ...inner,
      name: 'inner',
      inbound_nodes: [
        { args: [tensor('in')], kwargs: { training: true, mask: null } },
        { args: [tensor('inner', 0)], kwargs: {} },
      ],
    };
    const model = functional(
      'functional',
      [input('in'), nested, dense('after', [tensor('inner', 1)])],
      [['in', 0, 0]],
      [
        ['after', 0, 0],
        ['inner', 1, 0],
      ],
    );
    const { network, leftOut } = readJson(model, [...kernelAndBias('d'), ...kernelAndBias('after')]);
    // In Keras 3 too, fit and predict overrule the `training=True` of a call.
    expect(leftOut).toEqual([]);
    expect(network.layers.map(({ name }) => name)).toEqual(['inner_d', 'after']);
    const answers = predictAll(await loadStock(network), [x]);
    expect(compareAnswers(answers, [apply(apply(apply(x, 0), 0), 12), apply(x, 0)])).toBeLessThan(1e-6);
  });

  it('matches weights that are named by their place in the file, nested ones too', async () => {
    const nested = (name: string, args: Json): JsonObject => ({
      module: 'keras',
      class_name: 'Sequential',
      config: { name, trainable: name !== 'one', layers: [input(`${name}_in`), dense('same')] },
      registered_name: null,
      name,
      inbound_nodes: [{ args, kwargs: {} }],
    });
    const model = functional(
      'functional',
      [
        input('in'),
        nested('one', [tensor('in')]),
        nested('two', [tensor('one')]),
        dense('last', [tensor('two')]),
      ],
      [['in', 0, 0]],
      [['last', 0, 0]],
    );
    const vars = (path: string): GivenWeight[] => [
      { name: `${path}/vars/0`, shape: [3, 3] },
      { name: `${path}/vars/1`, shape: [3] },
    ];
    const { network, repairs } = readJson(model, [
      ...vars('layers/sequential_1/layers/dense'),
      ...vars('layers/dense'),
      ...vars('layers/sequential/layers/dense'),
      { name: 'optimizer/vars/0', shape: [] },
    ]);
    // The frozen model's layer is frozen, though its own flag says nothing of it.
    expect(network.layers.map(({ name, trainable }) => [name, trainable])).toEqual([
      ['one_same', false],
      ['two_same', true],
      ['last', true],
    ]);
    expect(repairs).toContain(
      'Weights are named by their place in a Keras 3 file (layers/dense/vars/0); they were matched by class and rank.',
    );
    expect(
      compareAnswers(predictAll(await loadStock(network), [x]), [apply(apply(apply(x, 24), 0), 12)]),
    ).toBeLessThan(1e-6);
  });

  it('takes Keras 3’s hard_sigmoid for its own, not for Keras 2’s', () => {
    const model = {
      class_name: 'Sequential',
      config: { name: 's', layers: [input('in'), dense('dense', undefined, { activation: 'hard_sigmoid' })] },
    };
    const { network, leftOut } = readJson(model, kernelAndBias('dense'));
    expect(network.layers[0]?.config.activation).toBe('hard_sigmoid');
    expect(leftOut).toEqual([]);
  });

  it('keeps layers that Graft doesn’t know as placeholders, with config and weights', () => {
    const model = {
      class_name: 'Sequential',
      config: { name: 's', layers: [input('in'), layer('Mystery', 'odd', { power: 9 }), dense('dense')] },
    };
    const { network, leftOut } = readJson(model, [
      { name: 's/odd/inner/thing', shape: [2] },
      ...kernelAndBias('s/dense'),
    ]);
    expect(network.layers[0]).toMatchObject({ type: 'Mystery', config: { power: 9 } });
    expect(Object.keys(network.layers[0]?.weights ?? {})).toEqual(['inner/thing']);
    expect(Object.keys(network.layers[1]?.weights ?? {})).toEqual(['kernel', 'bias']);
    expect(leftOut).toEqual([
      "Graft doesn’t know the layer type Mystery ('odd'): it is kept, but can’t be computed.",
    ]);
  });

  it('makes an activation that is a layer a layer of its own', async () => {
    const leaky = {
      module: 'keras.layers',
      class_name: 'LeakyReLU',
      config: { name: 'l', negative_slope: 0.5 },
      registered_name: null,
    };
    const model = {
      class_name: 'Sequential',
      config: { name: 's', layers: [input('in'), dense('dense', undefined, { activation: leaky })] },
    };
    const { network } = readJson(model, kernelAndBias('dense'));
    expect(network.layers.map(({ name, type }) => [name, type])).toEqual([
      ['dense', 'Dense'],
      ['dense_activation', 'LeakyReLU'],
    ]);
    const kernel = tf.tensor(
      Array.from({ length: 9 }, (_, i) => i / 100),
      [3, 3],
    );
    const z = x.matMul(kernel).add(tf.tensor([0.09, 0.1, 0.11]));
    expect(compareAnswers(predictAll(await loadStock(network), [x]), [tf.leakyRelu(z, 0.5)])).toBeLessThan(
      1e-6,
    );
  });

  it('matches wrapped recurrent weights with the names of their cells', () => {
    const lstm = {
      module: 'keras.layers',
      class_name: 'LSTM',
      config: { name: 'forward_lstm', units: 2 },
      registered_name: null,
    };
    const model = {
      class_name: 'Sequential',
      config: {
        name: 'seq',
        layers: [
          layer('InputLayer', 'in', { batch_shape: [null, 4, 1] }),
          layer('Bidirectional', 'both', { layer: lstm, merge_mode: 'concat' }),
        ],
      },
    };
    const cell = (side: string): GivenWeight[] => [
      { name: `seq/both/${side}_lstm/lstm_cell/kernel`, shape: [1, 8] },
      { name: `seq/both/${side}_lstm/lstm_cell/recurrent_kernel`, shape: [2, 8] },
      { name: `seq/both/${side}_lstm/lstm_cell/bias`, shape: [8] },
    ];
    const { network } = readJson(model, [...cell('backward'), ...cell('forward')]);
    const weights: Weights = network.layers[0]?.weights ?? {};
    expect(Object.keys(weights)[0]).toBe('forward/kernel');
    expect(weights['backward/kernel']?.values[0]).toBe(0);
    expect(weights['forward/kernel']?.values[0]).toBeCloseTo(0.32);
  });
});
