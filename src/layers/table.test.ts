import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../base/json';
import { createRandom, type Random } from '../base/random';
import type { Shape } from '../network/shape';
import { defaultConfig, parseConfig, withoutDefaults } from './config';
import { inferCall } from './infer';
import kerasDefaults from './keras-defaults.json';
import { CATEGORIES, type LayerType } from './layer-type';
import { LAYER_TYPES, lookUpLayer } from './table';

/** Made from Keras 3.15's constructors: the order of the arguments, and the defaults of those that have one. */
const keras: Readonly<Record<string, { order: string[]; defaults: JsonObject }>> = kerasDefaults;

/** What Keras' constructors take from the rest of their arguments. */
const FROM_THE_REST = ['rms_scaling', 'zero_output_for_mask', 'seed'];

const byName = LAYER_TYPES.map(type => [type.type, type] as const);

function configOf(type: LayerType, raw: JsonObject) {
  return parseConfig(type, raw, lookUpLayer).config;
}

function infer(type: string, config: JsonObject, ...inputs: readonly Shape[]) {
  return inferCall({ type, config }, inputs, lookUpLayer);
}

/** The one sentence that a person would read. */
function problemOf(type: string, config: JsonObject, ...inputs: readonly Shape[]): string {
  const result = infer(type, config, ...inputs);
  if ('shapes' in result) return `no problem: ${JSON.stringify(result.shapes)}`;
  const { problem } = result;
  switch (problem.kind) {
    case 'unknown-type':
      return 'unknown type';
    case 'shape':
      return problem.problem.message;
    default:
      return problem.message;
  }
}

test('the table has each class once, sorted by name', () => {
  const names = LAYER_TYPES.map(type => type.type);
  expect(names).toEqual([...new Set(names)].sort());
  expect(names).toEqual(Object.keys(keras).sort());
  expect(lookUpLayer('Lambda')).toBeUndefined();
});

describe.each(byName)('%s', (_, type) => {
  test('has an example that works', () => {
    const { config, problems, unknown } = parseConfig(type, type.example.config, lookUpLayer);
    expect(problems).toEqual([]);
    expect(unknown).toEqual([]);
    expect(infer(type.type, config, ...type.example.inputs)).toEqual({ shapes: type.example.outputs });
  });

  test('has defaults that are canonical and need no telling', () => {
    const { config, problems } = parseConfig(type, {}, lookUpLayer);
    expect(problems).toEqual([]);
    expect(config).toEqual(defaultConfig(type));
    const told = Object.keys(type.params).filter(name => type.params[name]?.required);
    expect(Object.keys(withoutDefaults(type, config))).toEqual(told);
  });

  test('has the parameters of Keras, in their order and with their defaults', () => {
    const { order, defaults } = keras[type.type] ?? { order: [], defaults: {} };
    for (const [name, spec] of Object.entries(type.params)) {
      if (!order.includes(name)) {
        if (!spec.inCall) expect(FROM_THE_REST, `${type.type}.${name}`).toContain(name);
        continue;
      }
      const value = defaults[name];
      const parsed = value === undefined ? undefined : spec.parse(value);
      expect(spec.required, name).toBe(parsed === undefined || !('value' in parsed));
      if (!spec.required) expect(parsed, name).toEqual({ value: spec.default });
    }
    const shared = order.filter(name => name in type.params);
    expect(Object.keys(type.params).filter(name => order.includes(name))).toEqual(shared);
  });

  test('keeps canonical values when it reads them again', () => {
    const { config } = parseConfig(type, type.example.config, lookUpLayer);
    expect(parseConfig(type, config, lookUpLayer)).toEqual({ config, problems: [], unknown: [] });
    const told = withoutDefaults(type, config);
    expect(parseConfig(type, told, lookUpLayer).config).toEqual(config);
  });

  test('says what it is in plain sentences', () => {
    expect(type.help).toMatch(/^[A-Z].*\.$/);
    expect(CATEGORIES).toContain(type.category);
    for (const spec of Object.values(type.params)) expect(spec.help).toMatch(/^[A-Z'].*\.$/);
  });

  test('names each weight once, trainable before the others', () => {
    const config = configOf(type, type.example.config);
    const specs = type.weights(config, type.example.inputs, lookUpLayer);
    const roles = specs.map(spec => spec.role);
    expect(roles).toEqual([...new Set(roles)]);
    const flags = specs.map(spec => spec.trainable);
    expect(flags).toEqual([...flags].sort((a, b) => Number(b) - Number(a)));
    for (const { shape } of specs) expect(shape.every(size => size >= 1)).toBe(true);
  });
});

describe('shapes', () => {
  test.each([
    ['Conv2D', { filters: 3, kernel_size: 3, strides: 2 }, [[null, 7, 8, 2]], [[null, 3, 3, 3]]],
    ['Conv2D', { filters: 3, padding: 'same', strides: [2, 1] }, [[null, 7, null, 2]], [[null, 4, null, 3]]],
    ['Conv2D', { filters: 3, data_format: 'channels_first' }, [[null, 2, 7, 8]], [[null, 3, 5, 6]]],
    [
      'Conv2DTranspose',
      { filters: 3, kernel_size: 3, strides: 2 },
      [[null, 3, null, 2]],
      [[null, 7, null, 3]],
    ],
    ['Conv2DTranspose', { filters: 3, kernel_size: 1, strides: 2 }, [[null, 3, 3, 2]], [[null, 6, 6, 3]]],
    ['Conv1D', { filters: 3, padding: 'causal', dilation_rate: 4 }, [[null, 5, 2]], [[null, 5, 3]]],
    ['Conv1DTranspose', { filters: 3, strides: 2, output_padding: 1 }, [[null, 5, 2]], [[null, 12, 3]]],
    ['Flatten', {}, [[null, null, 2]], [[null, null]]],
    ['Flatten', {}, [[null]], [[null, 1]]],
    ['GlobalMaxPooling3D', { keepdims: true }, [[null, null, 7, 8, 2]], [[null, 1, 1, 1, 2]]],
    ['MaxPooling2D', { pool_size: 3, strides: 1 }, [[null, 7, 3, 2]], [[null, 5, 1, 2]]],
    ['AveragePooling1D', { pool_size: 2, padding: 'same' }, [[null, 7, 2]], [[null, 4, 2]]],
    ['GlobalMaxPooling2D', { data_format: 'channels_first' }, [[null, 2, 7, 8]], [[null, 2]]],
    ['LSTM', { units: 3, return_sequences: true }, [[null, null, 2]], [[null, null, 3]]],
    [
      'LSTM',
      { units: 3, return_state: true },
      [[null, 5, 2]],
      [
        [null, 3],
        [null, 3],
        [null, 3],
      ],
    ],
    [
      'GRU',
      { units: 3, return_state: true, return_sequences: true },
      [[null, 5, 2]],
      [
        [null, 5, 3],
        [null, 3],
      ],
    ],
    [
      'ConvLSTM2D',
      { filters: 2, padding: 'same', return_sequences: true },
      [[null, null, 5, 4, 1]],
      [[null, null, 5, 4, 2]],
    ],
    [
      'Bidirectional',
      { layer: { class_name: 'GRU', config: { units: 3, return_sequences: true } }, merge_mode: 'sum' },
      [[null, 5, 2]],
      [[null, 5, 3]],
    ],
    [
      'Bidirectional',
      { layer: { class_name: 'LSTM', config: { units: 3, return_state: true } } },
      [[null, 5, 2]],
      [
        [null, 6],
        [null, 3],
        [null, 3],
        [null, 3],
        [null, 3],
      ],
    ],
    [
      'TimeDistributed',
      { layer: { class_name: 'Conv2D', config: { filters: 3 } } },
      [[null, null, 5, 4, 1]],
      [[null, null, 3, 2, 3]],
    ],
    ['Reshape', { target_shape: [null, 2] }, [[null, 6]], [[null, 3, 2]]],
    ['Reshape', { target_shape: [-1, 2] }, [[null, null, 6]], [[null, null, 2]]],
    [
      'Dot',
      { axes: [2, 2] },
      [
        [null, 3, 4],
        [null, 5, 4],
      ],
      [[null, 3, 5]],
    ],
    [
      'Dot',
      { axes: 1 },
      [
        [null, 3, 4],
        [null, 3],
      ],
      [[null, 4]],
    ],
    ['Embedding', { input_dim: 5, output_dim: 3 }, [[null, null]], [[null, null, 3]]],
    [
      'Add',
      {},
      [
        [null, 3, 4],
        [null, 4],
      ],
      [[null, 3, 4]],
    ],
    ['Cropping2D', { cropping: 1 }, [[null, null, 5, 1]], [[null, null, 3, 1]]],
    ['LayerNormalization', { axis: [1, -1] }, [[null, 3, 4]], [[null, 3, 4]]],
  ] as [string, JsonObject, Shape[], Shape[]][])('of %s %j', (type, config, inputs, outputs) => {
    expect(infer(type, config, ...inputs)).toEqual({ shapes: outputs });
  });
});

describe('problems are told in one sentence', () => {
  test.each([
    [
      'Conv2D',
      { kernel_size: 5 },
      [[null, 4, 9, 1]],
      "The window of Conv2D (5 × 5) is larger than its input (4 × 9): choose a smaller window or the padding 'same'.",
    ],
    ['Conv2D', {}, [[null, 4, 4, null]], 'Conv2D needs to know the number of channels of its input.'],
    [
      'Conv2D',
      { kernel_size: 3, dilation_rate: 2 },
      [[null, 4, 9, 1]],
      "The window of Conv2D (5 × 5) is larger than its input (4 × 9): choose a smaller window or the padding 'same'.",
    ],
    [
      'Conv2D',
      { dilation_rate: 2, strides: 2 },
      [[null, 9, 9, 1]],
      'strides and dilation_rate can’t both be larger than 1: choose one of them.',
    ],
    [
      'Conv2D',
      { filters: 4, groups: 2 },
      [[null, 9, 9, 3]],
      "Conv2D can't split 3 channels into 2 equal groups: choose groups that divide 3.",
    ],
    ['Conv2D', { filters: 4, groups: 3 }, [[null, 9, 9, 3]], 'filters (4) must be a multiple of groups (3).'],
    ['Conv2D', { padding: 'causal' }, [[null, 9, 9, 1]], 'padding must be valid or same, not "causal".'],
    [
      'Conv2DTranspose',
      { strides: 2, output_padding: 2 },
      [[null, 3, 3, 1]],
      'output_padding must be smaller than strides.',
    ],
    [
      'Resizing',
      { crop_to_aspect_ratio: true, pad_to_aspect_ratio: true },
      [[null, 3, 3, 1]],
      'crop_to_aspect_ratio and pad_to_aspect_ratio can’t both be on: choose one of them.',
    ],
    [
      'MaxPooling1D',
      { pool_size: 3 },
      [[null, 2, 1]],
      "The window of MaxPooling1D (3) is larger than its input (2): choose a smaller window or the padding 'same'.",
    ],
    [
      'LSTM',
      { units: 3 },
      [
        [null, 2, 1],
        [null, 3],
      ],
      'LSTM takes a sequence alone, or with the 2 states to begin with, and not 1: add or take away wires.',
    ],
    [
      'GRU',
      { units: 3 },
      [
        [null, 2, 1],
        [null, 4],
      ],
      'The states that GRU begins with must have the sizes of its own.',
    ],
    [
      'RNN',
      { cell: { class_name: 'Dense', config: {} } },
      [[null, 2, 1]],
      'cell must be one of SimpleRNNCell, GRUCell, LSTMCell, StackedRNNCells, not Dense.',
    ],
    [
      'Softmax',
      { axis: [1, 3] },
      [[null, 2, 3]],
      "Softmax can't use axis 1, 3: its input has axes 1 to 2, each to be named once.",
    ],
    [
      'Rescaling',
      { scale: [1, 2] },
      [[null, 3]],
      'The scale of Rescaling has the sizes 2, which must be those of its input’s last axes.',
    ],
    [
      'Activation',
      { activation: 'glu' },
      [[null, 5]],
      'glu halves the last axis, and 5 is odd: give it an even number of values.',
    ],
    [
      'GroupNormalization',
      { groups: 3 },
      [[null, 4]],
      "GroupNormalization can't split 4 channels into 3 equal groups: choose a number that divides 4.",
    ],
    [
      'RMSNormalization',
      { axis: 1 },
      [[null, 2, 3]],
      'RMSNormalization works along the last axes only: set axis to -1, or move the axis with Permute.',
    ],
    [
      'Reshape',
      { target_shape: [5, 2] },
      [[null, 12]],
      "Reshape can't lay out 12 values as 5 × 2: choose sizes that multiply to 12.",
    ],
    ['Permute', { dims: [1, 1] }, [[null, 2, 3]], 'dims must have each axis from 1 on once.'],
    ['Dropout', { rate: 1 }, [[null, 2]], 'rate must be below 1, not 1.'],
    [
      'Cropping2D',
      { cropping: 2 },
      [[null, 4, 9, 1]],
      'Cropping2D cuts everything off its input of 4 × 9: cut less.',
    ],
    [
      'Maximum',
      {},
      [
        [null, 3, 4],
        [null, 2, 4],
      ],
      'Maximum needs branches of equal sizes.',
    ],
    [
      'Dot',
      {},
      [
        [null, 3],
        [null, 4],
      ],
      'Dot needs the same size along its axes, and 3 is not 4.',
    ],
    [
      'TimeDistributed',
      { layer: { class_name: 'Conv2D', config: {} } },
      [[null, 2, 3]],
      'Inside TimeDistributed: Conv2D takes 3 axes beside the batch, and 3 has 1.',
    ],
    [
      'TimeDistributed',
      { layer: { class_name: 'Lambda', config: {} } },
      [[null, 2, 3]],
      "layer is a Lambda, which Graft doesn't know.",
    ],
    [
      'Bidirectional',
      { layer: { class_name: 'Dense', config: {} } },
      [[null, 2, 3]],
      'layer must be one of SimpleRNN, LSTM, GRU, RNN, ConvLSTM1D, ConvLSTM2D, ConvLSTM3D, not Dense.',
    ],
    [
      'Dense',
      { bias_initializer: 'orthogonal' },
      [[null, 2]],
      "bias_initializer can't be Orthogonal, which needs a matrix.",
    ],
    [
      'Conv2D',
      { kernel_initializer: 'identity' },
      [[null, 9, 9, 1]],
      "kernel_initializer can't be Identity, which needs a matrix.",
    ],
    [
      'Bidirectional',
      { layer: { class_name: 'GRU', config: { go_backwards: true } } },
      [[null, 2, 3]],
      'One of the two must read from the start and one from the end: set go_backwards of layer to false.',
    ],
    [
      'MultiHeadAttention',
      { attention_axes: [2] },
      [
        [null, 2, 3],
        [null, 2, 3],
      ],
      'attention_axes must be from 1 to 1, each once.',
    ],
    [
      'Attention',
      {},
      [
        [null, 4, 3],
        [null, 4, 2],
      ],
      'Attention compares queries of 3 values with keys of 2: both must have equally many.',
    ],
    [
      'EinsumDense',
      { equation: 'ab,bc->ac' },
      [[null, 2, 3]],
      'The equation is for inputs whose number of axes beside the batch is 1, and this one has 2.',
    ],
  ] as [string, JsonObject, Shape[], string][])('%s %j', (type, config, inputs, message) => {
    expect(problemOf(type, config, ...inputs)).toBe(message);
  });

  test('names of older Keras are understood', () => {
    const leaky = lookUpLayer('LeakyReLU');
    expect(leaky && configOf(leaky, { alpha: 0.2 })).toEqual({ negative_slope: 0.2 });
  });
});

describe('malformed input', () => {
  const seed = 7_041_776;

  function pick<T>(random: Random, from: readonly T[]): T {
    return from[random.below(from.length)] as T;
  }

  function anyJson(random: Random, depth = 0): Json {
    const leaf: Json[] = [
      null,
      true,
      false,
      0,
      1,
      -1,
      2.5,
      1e9,
      '',
      'same',
      'relu',
      'GlorotUniform',
      'channels_first',
    ];
    switch (random.below(depth > 2 ? 1 : 5)) {
      case 1:
        return Array.from({ length: random.below(4) }, () => anyJson(random, depth + 1));
      case 2:
        return {
          class_name: pick(random, [...LAYER_TYPES.map(type => type.type), 'L2', 'Constant', 'x']),
          config: anyJson(random, depth + 1),
        };
      case 3:
        return { class_name: anyJson(random, depth + 1), config: {} };
      default:
        return pick(random, leaf);
    }
  }

  function anyShape(random: Random): Shape {
    return Array.from({ length: random.below(7) }, () => pick(random, [null, 1, 2, 3, 5, 8]));
  }

  test(`never throws, and never gives a size below 1 (seed ${seed})`, () => {
    const random = createRandom(seed);
    let shapes = 0;
    for (let round = 0; round < 60; round++) {
      for (const type of LAYER_TYPES) {
        const raw: Record<string, Json> = { ...type.example.config };
        for (const name of [...Object.keys(type.params), 'nonsense']) {
          if (random.uniform() < 0.15) raw[name] = anyJson(random);
        }
        const inputs =
          random.uniform() < 0.5
            ? type.example.inputs.map(shape =>
                shape.map(dim => (random.uniform() < 0.2 ? pick(random, [null, 1, 2, 4]) : dim)),
              )
            : Array.from({ length: random.below(4) }, () => anyShape(random));
        const place = `${type.type} ${JSON.stringify(raw)} ${JSON.stringify(inputs)}`;
        const { config, problems } = parseConfig(type, raw, lookUpLayer);
        const result = inferCall({ type: type.type, config }, inputs, lookUpLayer);
        if (!('shapes' in result)) continue;
        shapes++;
        expect(problems, place).toEqual([]);
        for (const shape of result.shapes) {
          expect(
            shape.every(dim => dim === null || (Number.isInteger(dim) && dim >= 1)),
            place,
          ).toBe(true);
        }
        for (const { shape } of type.weights(config, inputs, lookUpLayer)) {
          expect(
            shape.every(dim => Number.isInteger(dim) && dim >= 1),
            place,
          ).toBe(true);
        }
      }
    }
    // Most of the rounds must get past the first check, or the test shows nothing.
    expect(shapes).toBeGreaterThan(1000);
  });
});
