/**
 * What the layer table says of each layer type, held against stock TensorFlow.js on its CPU backend: shapes, weights, saving
 * and loading, gradients. An entry that passes here can be drawn, trained and exported.
 */
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { must } from '../../base/assert';
import type { JsonObject } from '../../base/json';
import { createRandom } from '../../base/random';
import { compareAnswers, predictAll, randomInputs, saveModel } from '../../formats/testing/stock';
import { emitLayersModel, stockWeightName } from '../../formats/tfjs-layers/emit';
import { parseConfig } from '../../layers/config';
import { inferShapes } from '../../layers/infer';
import { initialize } from '../../layers/initializers';
import type { LayerType } from '../../layers/layer-type';
import { LAYER_TYPES, lookUpLayer } from '../../layers/table';
import { findBrokenInvariants } from '../../network/invariants';
import { type Layer, type Network, tensorKey } from '../../network/network';
import type { Shape } from '../../network/shape';
import { loadStock } from './live-model';

// TensorFlow.js draws what Dropout lets through from Math.random; a draw that lets nothing through has no gradient.
const unseeded = Math.random;
beforeEach(() => {
  Math.random = createRandom(7).uniform;
});
afterAll(() => {
  Math.random = unseeded;
});

interface Case {
  readonly type: LayerType;
  readonly config: JsonObject;
  readonly inputs: readonly Shape[];
  /** null: whatever the table infers. */
  readonly outputs: readonly Shape[] | null;
}

const EXAMPLES: readonly Case[] = LAYER_TYPES.map(type => ({
  type,
  config: type.example.config,
  inputs: type.example.inputs,
  outputs: type.example.outputs,
}));

const sequence: Shape = [null, 5, 3];
const picture: Shape = [null, 7, 6, 2];
const inner = (class_name: string, config: JsonObject) => ({ layer: { class_name, config } });
const everyPenalty = {
  kernel_initializer: { class_name: 'HeNormal', config: {} },
  kernel_regularizer: { class_name: 'L1L2', config: { l1: 0.1, l2: 0.2 } },
  bias_regularizer: { class_name: 'L2', config: {} },
  kernel_constraint: { class_name: 'MaxNorm', config: { max_value: 9, axis: 0 } },
};

const OTHERS: readonly Case[] = (
  [
    ['Dense', { units: 3, use_bias: false, activation: 'softmax' }, [sequence]],
    ['Dense', { units: 3, activation: 'silu', ...everyPenalty }, [[null, 4]]],
    ['Dense', { units: 3, kernel_initializer: 'orthogonal', bias_initializer: 'ones' }, [[null, 4]]],
    ['Embedding', { input_dim: 6, output_dim: 3, mask_zero: true }, [[null, 4]]],
    ['Conv1D', { filters: 3, kernel_size: 2, strides: 2, padding: 'same', use_bias: false }, [sequence]],
    ['Conv2D', { filters: 3, kernel_size: [3, 2], strides: [2, 1], activation: 'relu' }, [picture]],
    ['Conv2D', { filters: 3, padding: 'same', strides: 2, ...everyPenalty }, [[null, null, null, 2]]],
    ['Conv3D', { filters: 2, padding: 'same', strides: 2, use_bias: false }, [[null, 3, 4, 3, 2]]],
    ['Conv2DTranspose', { filters: 3, kernel_size: 3, strides: 2, use_bias: false }, [picture]],
    ['Conv2DTranspose', { filters: 3, kernel_size: 1, strides: 2 }, [picture]],
    ['DepthwiseConv2D', { kernel_size: 2, strides: 2, padding: 'same', use_bias: false }, [picture]],
    ['SeparableConv2D', { filters: 3, padding: 'same', activation: 'relu', use_bias: false }, [picture]],
    ['MaxPooling1D', { pool_size: 3, strides: 1, padding: 'same' }, [sequence]],
    ['AveragePooling2D', { pool_size: [3, 2], strides: 1, padding: 'same' }, [picture]],
    ['AveragePooling3D', { pool_size: 2, strides: 1, padding: 'same' }, [[null, 3, 4, 3, 2]]],
    ['SimpleRNN', { units: 3, return_sequences: true, use_bias: false }, [sequence]],
    ['LSTM', { units: 3, return_sequences: true, go_backwards: true }, [[null, null, 3]]],
    ['LSTM', { units: 3, return_state: true, unit_forget_bias: false, dropout: 0.2 }, [sequence]],
    ['GRU', { units: 3, return_state: true, use_bias: false, recurrent_dropout: 0.2 }, [sequence]],
    [
      'ConvLSTM2D',
      { filters: 2, padding: 'same', return_sequences: true, return_state: true, use_bias: false },
      [[null, 3, 4, 5, 2]],
    ],
    [
      'Bidirectional',
      { ...inner('GRU', { units: 3, return_sequences: true }), merge_mode: 'sum' },
      [sequence],
    ],
    ['Bidirectional', { ...inner('LSTM', { units: 3, use_bias: false }), merge_mode: 'mul' }, [sequence]],
    ['Bidirectional', inner('LSTM', { units: 3, return_state: true, name: 'mine' }), [sequence]],
    ['Bidirectional', inner('ConvLSTM2D', { filters: 2, kernel_size: 2 }), [[null, 3, 4, 5, 2]]],
    ['TimeDistributed', inner('Conv2D', { filters: 3, name: 'mine' }), [[null, 2, 5, 4, 1]]],
    ['TimeDistributed', inner('BatchNormalization', {}), [sequence]],
    ['TimeDistributed', inner('Flatten', {}), [[null, 2, 5, 4, 1]]],
    ['BatchNormalization', { momentum: 0.9, epsilon: 0.01 }, [picture]],
    ['BatchNormalization', {}, [[null, 4]]],
    ['LayerNormalization', { axis: [1, 2] }, [[null, 3, 4, 2]]],
    ['LayerNormalization', { epsilon: 0.1 }, [[null, 4]]],
    ['Dropout', { rate: 0.5, noise_shape: [null, 1, 3], seed: 3 }, [sequence]],
    ['ReLU', {}, [[null, 4]]],
    ['PReLU', { alpha_initializer: { class_name: 'Constant', config: { value: 0.25 } } }, [sequence]],
    ['Softmax', { axis: 2 }, [sequence]],
    ['Reshape', { target_shape: [2, -1] }, [[null, null, 4]]],
    ['Reshape', { target_shape: [] }, [[null, 1]]],
    ['Permute', { dims: [3, 1, 2] }, [picture]],
    ['Add', {}, [picture, [null, 1, 1, 2], [null, 2]]],
    ['Average', {}, [sequence, [null, 3], sequence]],
    ['Multiply', {}, [picture, [null, 1, 1, 2]]],
    ['Maximum', {}, [sequence, sequence, sequence]],
    ['Subtract', {}, [sequence, [null, 1, 3]]],
    ['Concatenate', { axis: 1 }, [sequence, [null, 2, 3], sequence]],
    ['Dot', { axes: [2, 2], normalize: true }, [sequence, [null, 4, 3]]],
    [
      'Dot',
      { axes: [1, 2] },
      [
        [null, 3],
        [null, 4, 3],
      ],
    ],
    ['Dot', { axes: [2, 1] }, [sequence, [null, 3]]],
    [
      'Dot',
      { axes: 1 },
      [
        [null, 3, 4],
        [null, 3, 2],
      ],
    ],
  ] as readonly (readonly [string, JsonObject, readonly Shape[]])[]
).map(([type, config, inputs]) => ({ type: must(lookUpLayer(type), type), config, inputs, outputs: null }));

const CASES = [...EXAMPLES, ...OTHERS].map(
  one => [`${one.type.type} ${JSON.stringify(one.config)} of ${JSON.stringify(one.inputs)}`, one] as const,
);

const SEED = 11;
const LAYER = 'it';

function oneLayer({ type, config, inputs }: Pick<Case, 'type' | 'config' | 'inputs'>): Network {
  const parsed = parseConfig(type, config, lookUpLayer);
  expect(parsed.problems).toEqual([]);
  const network: Network = {
    name: 'one_layer',
    inputs: inputs.map((shape, i) => ({
      name: `x${i}`,
      shape,
      dtype: type.inputs.values === 'tokens' ? 'int32' : 'float32',
    })),
    layers: [{ name: LAYER, type: type.type, config: parsed.config, weights: {}, trainable: true }],
    calls: [{ id: LAYER, layer: LAYER, inputs: inputs.map((_, i) => ({ input: `x${i}` })) }],
    outputs: [],
  };
  const outputs = outputShapes(network).map((_, output) => ({
    name: output === 0 ? LAYER : `${LAYER}_${output}`,
    from: { call: LAYER, output },
  }));
  return initialize({ ...network, outputs }, lookUpLayer, SEED);
}

function outputShapes(network: Network): Shape[] {
  const { shapes, problems } = inferShapes(network, lookUpLayer);
  expect(problems).toEqual([]);
  const found: Shape[] = [];
  for (let output = 0; ; output++) {
    const shape = shapes.get(tensorKey({ call: LAYER, output }));
    if (shape === undefined) return found;
    found.push(shape);
  }
}

function theLayer(network: Network): Layer {
  return must(network.layers[0], 'the layer');
}

/** Trained weights aren't all alike: without this a mix-up of gamma and beta, or of two biases, wouldn't show. */
function shaken(network: Network): Network {
  const layer = theLayer(network);
  const weights = Object.fromEntries(
    Object.entries(layer.weights).map(([role, weight], w) => [
      role,
      { ...weight, values: Float32Array.from(weight.values, (x, i) => x + 0.1 * Math.abs(Math.sin(w + i))) },
    ]),
  );
  return { ...network, layers: [{ ...layer, weights }] };
}

function isConstrained(layer: Layer): boolean {
  return Object.entries(layer.config).some(([name, value]) => name.endsWith('_constraint') && value !== null);
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a, (x, i) => Math.abs(x - (b[i] ?? Number.NaN))).reduce((x, y) => Math.max(x, y), 0);
}

function fits(actual: readonly number[], shape: Shape): boolean {
  return actual.length === shape.length && shape.every((dim, i) => dim === null || dim === actual[i]);
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe.each(CASES)('%s', (_, one) => {
  const network = shaken(oneLayer(one));

  test('has sound weights of the table’s shapes', () => {
    expect(findBrokenInvariants(network)).toEqual([]);
    const layer = theLayer(network);
    const specs = one.type.weights(layer.config, one.inputs, lookUpLayer);
    expect(Object.entries(layer.weights).map(([role, { shape }]) => ({ role, shape }))).toEqual(
      specs.map(({ role, shape }) => ({ role, shape })),
    );
    if (one.outputs !== null) expect(outputShapes(network)).toEqual(one.outputs);
  });

  test('loads in TensorFlow.js with the same weights in the same order', async () => {
    const model = await loadStock(emitLayersModel(network));
    const layer = theLayer(network);
    const specs = one.type.weights(layer.config, one.inputs, lookUpLayer);
    const variables = 'steps' in one.type.tfjs ? [] : model.getLayer(LAYER).weights;
    expect(variables.map(variable => variable.originalName)).toEqual(
      specs.map(spec => stockWeightName(layer, spec.role)),
    );
    expect(variables.map(variable => variable.shape)).toEqual(specs.map(spec => spec.shape));
    expect(model.weights).toHaveLength(variables.length);
    const trainable = model.trainableWeights.map(variable => variable.originalName);
    expect(trainable).toEqual(
      specs.filter(spec => spec.trainable).map(spec => stockWeightName(layer, spec.role)),
    );
    for (const [i, weight] of Object.values(layer.weights).entries()) {
      const loaded = must(variables[i], 'a variable').read().dataSync();
      // TensorFlow.js brings weights to their constraint while it loads them, with a little rounding.
      if (isConstrained(layer)) expect(largestDifference(loaded, weight.values)).toBeLessThan(1e-6);
      else expect(loaded).toEqual(weight.values);
    }
    model.dispose();
  });

  test('returns what the table says, and the same after saving and loading', async () => {
    const model = await loadStock(emitLayersModel(network));
    const inputs = randomInputs(network.inputs);
    const answers = predictAll(model, inputs);
    const wanted = outputShapes(network);
    expect(answers).toHaveLength(wanted.length);
    for (const [i, answer] of answers.entries()) {
      const shape = must(wanted[i], 'a shape');
      expect(fits(answer.shape, shape), `${answer.shape} for ${JSON.stringify(shape)}`).toBe(true);
    }
    const { json, weightData } = await saveModel(model);
    const [{ weights: weightSpecs }] = json.weightsManifest as [{ weights: tf.io.WeightsManifestEntry[] }];
    const again = await tf.loadLayersModel(
      tf.io.fromMemory({ modelTopology: json.modelTopology as object, weightSpecs, weightData }),
    );
    const difference = compareAnswers(predictAll(again, inputs), answers);
    expect(difference).toBeLessThanOrEqual(isConstrained(theLayer(network)) ? 1e-6 : 0);
    model.dispose();
    again.dispose();
  });

  test('has a gradient for every weight and every input', async () => {
    const model = await loadStock(emitLayersModel(network));
    const inputs = randomInputs(network.inputs);
    // The squares of different multiples: of a plain sum, or a sum of squares, softmax and the normalisations have none.
    const loss = (...tensors: tf.Tensor[]) =>
      tf.tidy(() => {
        const applied = model.apply(tensors, { training: true });
        return (Array.isArray(applied) ? applied : [applied])
          .map(output => {
            const tensor = output as tf.Tensor;
            const factors = tf.linspace(0.5, 2, tensor.size).reshape(tensor.shape);
            return tf.sum(tf.square(tf.mul(tensor, factors)));
          })
          .reduce((sum, part) => tf.add(sum, part))
          .asScalar();
      });
    const variables = model.trainableWeights.map(weight => weight.read() as tf.Variable);
    if (variables.length > 0) {
      const { grads } = tf.variableGrads(() => loss(...inputs), variables);
      for (const variable of variables) {
        const gradient = must(grads[variable.name], `the gradient of ${variable.name}`);
        expect(gradient.shape).toEqual(variable.shape);
        expectNumbers(gradient, variable.name);
      }
    }
    // TensorFlow.js has no gradient for `any`: Masking trains only where nothing trains before it.
    if (one.type.inputs.values !== 'tokens' && one.type.type !== 'Masking') {
      const gradients = tf.grads(loss)(inputs);
      for (const [i, gradient] of gradients.entries()) {
        expect(gradient.shape).toEqual(inputs[i]?.shape);
        expectNumbers(gradient, `input ${i}`);
      }
    }
    model.dispose();
  });
});

/** All numbers, and not all 0. */
function expectNumbers(tensor: tf.Tensor, what: string): void {
  const values = tensor.dataSync();
  expect(values.every(Number.isFinite), `${what} has finite gradients`).toBe(true);
  expect(
    values.some(value => value !== 0),
    `${what} has a gradient`,
  ).toBe(true);
}

const TWO_FORMATS = EXAMPLES.filter(({ type }) => type.params.data_format?.form.kind === 'choice').map(
  one => [one.type.type, one] as const,
);

describe.each(TWO_FORMATS)('%s with the channels first', (_, one) => {
  const channelsFirst = (shape: Shape): Shape => [
    shape[0] ?? null,
    shape[shape.length - 1] ?? null,
    ...shape.slice(1, -1),
  ];

  test('computes and learns the same as with the channels last', async () => {
    const last = shaken(oneLayer(one));
    const first = oneLayer({
      type: one.type,
      config: { ...one.config, data_format: 'channels_first' },
      inputs: one.inputs.map(channelsFirst),
    });
    const layers = [{ ...theLayer(first), weights: theLayer(last).weights }];
    const results: { output: tf.Tensor; gradients: tf.Tensor[] }[] = [];
    for (const [network, move] of [
      [last, (x: tf.Tensor) => x],
      [{ ...first, layers }, moveChannels],
    ] as const) {
      const model = await loadStock(emitLayersModel(network));
      const input = move(must(randomInputs(last.inputs)[0], 'an input'), 'first');
      const run = (x: tf.Tensor) => move(model.apply(x, { training: true }) as tf.Tensor, 'last');
      const loss = (x: tf.Tensor) =>
        tf.tidy(() => {
          const y = run(x);
          return tf.sum(tf.square(tf.mul(y, tf.linspace(0.5, 2, y.size).reshape(y.shape)))).asScalar();
        });
      const variables = model.trainableWeights.map(weight => weight.read() as tf.Variable);
      const grads = variables.length > 0 ? tf.variableGrads(() => loss(input), variables).grads : {};
      const ofInput = move(tf.grad(loss)(input), 'last');
      results.push({
        output: run(input),
        gradients: [...variables.map(({ name }) => must(grads[name], name)), ofInput],
      });
    }
    const [a, b] = results;
    expect(compareAnswers([must(a, 'last').output], [must(b, 'first').output])).toBeLessThan(1e-5);
    expect(compareAnswers(must(a, 'last').gradients, must(b, 'first').gradients)).toBeLessThan(1e-3);
  });

  function moveChannels(x: tf.Tensor, to: 'first' | 'last'): tf.Tensor {
    const axes = x.shape.map((_, i) => i);
    if (x.rank < 3) return x;
    const [batch = 0, second = 1, ...others] = axes;
    return to === 'last'
      ? tf.transpose(x, [batch, ...others, second])
      : tf.transpose(x, [batch, x.rank - 1, ...axes.slice(1, -1)]);
  }
});

test('Subtract takes the second branch from the first', async () => {
  const type = must(lookUpLayer('Subtract'), 'Subtract');
  const model = await loadStock(emitLayersModel(oneLayer({ type, config: {}, inputs: type.example.inputs })));
  const [a, b] = [tf.tensor2d([[1, 2, 3, 4]]), tf.tensor2d([[4, 4, 4, 5]])];
  expect([...must(predictAll(model, [a, b])[0], 'a result').dataSync()]).toEqual([-3, -2, -1, -1]);
});

test('a new LSTM remembers: only the gate that forgets starts at 1', () => {
  const type = must(lookUpLayer('LSTM'), 'LSTM');
  const network = oneLayer({ type, config: { units: 2 }, inputs: [sequence] });
  expect([...must(theLayer(network).weights.bias, 'the bias').values]).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
});
