/** Networks that the tests of the code view, here and in real Keras, write as code and run. Never shipped. */
import type { JsonObject } from '../../base/json';
import { createRandom } from '../../base/random';
import type { Call, Layer, Network, TensorRef, Weight, Weights } from '../../network/network';
import type { Dtype, Shape } from '../../network/shape';
import { parseConfig } from '../config';
import { initialize } from '../initializers';
import type { LayerType } from '../layer-type';
import { LAYER_TYPES, lookUpLayer } from '../table';

export interface NamedNetwork {
  readonly name: string;
  /** Every layer has its weights. */
  readonly network: Network;
}

/** Each type of the table with its example and its further cases. */
export function tableNetworks(types: readonly LayerType[] = LAYER_TYPES): NamedNetwork[] {
  return types.flatMap(type =>
    [type.example, ...type.cases].map(({ config, inputs }, index) => ({
      name: index === 0 ? type.type : `${type.type}-${index}`,
      network: oneLayer(type, config, inputs),
    })),
  );
}

function oneLayer(type: LayerType, config: JsonObject, shapes: readonly Shape[]): Network {
  const dtype: Dtype = type.inputs.values === 'tokens' ? 'int32' : 'float32';
  const draft = draw(type.type);
  const inputs = shapes.map((shape, index) => draft.input(`x${index}`, shape, dtype));
  draft.output('y', draft.call(draft.layer('it', type.type, config), ...inputs));
  return draft.finish();
}

/** What one layer alone doesn't show: sharing, several heads, wrappers in wrappers, names that need care. */
export function mixedNetworks(): NamedNetwork[] {
  return [siamese(), twoHeads(), wrappers(), states(), frozen(), names(), penalties()].map(network => ({
    name: network.name,
    network,
  }));
}

function siamese(): Network {
  const draft = draw('siamese');
  const [left, right] = [draft.input('left', [null, 6, 3]), draft.input('right', [null, 6, 3])];
  const encoder = draft.layer('encoder', 'LSTM', { units: 4 });
  const dense = draft.layer('head', 'Dense', { units: 4, activation: 'tanh' });
  const [a, b] = [
    draft.call(dense, draft.call(encoder, left)),
    draft.call(dense, draft.call(encoder, right)),
  ];
  const distance = draft.call(draft.layer('distance', 'Subtract', {}), a, b);
  const likeness = draft.call(draft.layer('likeness', 'Dot', { axes: -1, normalize: true }), a, b);
  const both = draft.call(draft.layer('both', 'Concatenate', {}), distance, likeness);
  draft.output('same', draft.call(draft.layer('same', 'Dense', { units: 1, activation: 'sigmoid' }), both));
  return draft.finish();
}

function twoHeads(): Network {
  const draft = draw('two heads');
  const image = draft.input('image', [null, 8, 8, 1]);
  const conv = draft.call(
    draft.layer('conv', 'Conv2D', { filters: 4, kernel_size: 3, padding: 'same', activation: 'relu' }),
    image,
  );
  const normal = draft.call(draft.layer('normal', 'BatchNormalization', {}), conv);
  const skip = draft.call(draft.layer('skip', 'Add', {}), conv, normal);
  const flat = draft.call(draft.layer('flat', 'GlobalAveragePooling2D', {}), skip);
  const digit = draft.call(draft.layer('digit', 'Dense', { units: 10, activation: 'softmax' }), flat);
  draft.output('digit', digit);
  draft.output('even', draft.call(draft.layer('even', 'Dense', { units: 1, activation: 'sigmoid' }), flat));
  draft.output('features', flat);
  return draft.finish();
}

/** 6 classes, yes or no, and numbers. Small, because Keras compiles it for each way to train it. */
export function threeHeads(): Network {
  const draft = draw('three heads');
  const trunk = draft.call(
    draft.layer('trunk', 'Dense', { units: 4, activation: 'tanh' }),
    draft.input('x', [null, 3]),
  );
  for (const [name, units, activation] of [
    ['digit', 6, 'softmax'],
    ['even', 1, 'sigmoid'],
    ['features', 2, 'linear'],
  ] as const) {
    draft.output(name, draft.call(draft.layer(name, 'Dense', { units, activation }), trunk));
  }
  return draft.finish();
}

function wrappers(): Network {
  const draft = draw('wrappers');
  const x = draft.input('x', [null, 2, 5, 3]);
  const lstm = { class_name: 'LSTM', config: { units: 3, return_sequences: true } };
  const both = { class_name: 'Bidirectional', config: { layer: lstm, merge_mode: 'sum' } };
  const each = draft.call(draft.layer('each', 'TimeDistributed', { layer: both }), x);
  const dense = { class_name: 'Dense', config: { units: 4, activation: 'relu' } };
  const steps = draft.call(draft.layer('steps', 'TimeDistributed', { layer: dense }), each);
  const flatten = draft.layer('flatten', 'TimeDistributed', { layer: { class_name: 'Flatten', config: {} } });
  const gru = { class_name: 'GRU', config: { units: 3 } };
  const read = draft.layer('read', 'Bidirectional', { layer: gru });
  draft.output('y', draft.call(read, draft.call(flatten, steps)));
  return draft.finish();
}

function states(): Network {
  const draft = draw('states');
  const x = draft.input('x', [null, 5, 2]);
  const call = draft.call(draft.layer('lstm', 'LSTM', { units: 3, return_state: true }), x);
  const id = 'call' in call ? call.call : '';
  const cell: TensorRef = { call: id, output: 2 };
  draft.output('y', draft.call(draft.layer('add', 'Add', {}), call, cell));
  return draft.finish();
}

function frozen(): Network {
  const draft = draw('frozen');
  const x = draft.input('x', [null, 6, 3]);
  const inner = { class_name: 'BatchNormalization', config: {} };
  const each = draft.call(draft.layer('each', 'TimeDistributed', { layer: inner }, false), x);
  const lstm = { units: 4, dropout: 0.3 };
  const read = draft.call(draft.layer('read', 'LSTM', lstm, false), each);
  const normal = draft.call(draft.layer('normal', 'BatchNormalization', {}, false), read);
  const drop = draft.call(draft.layer('drop', 'Dropout', { rate: 0.5 }, false), normal);
  draft.output('y', draft.call(draft.layer('y', 'Dense', { units: 2 }), drop));
  return draft.finish();
}

/** Names that are words of Python or JavaScript, begin with digits, or become equal as variables. */
function names(): Network {
  const draft = draw('a "name"\n# coding: utf-7 */ \\');
  let at = draft.input('model', [null, 4]);
  for (const name of [
    'keras',
    'lambda',
    'class',
    '1st',
    'a-b',
    'a.b',
    'a_b',
    'tf',
    'layers',
    'const',
    'None',
  ]) {
    at = draft.call(draft.layer(name, 'Dense', { units: 4, activation: 'tanh' }), at);
  }
  draft.output('return', at);
  draft.output('again', at);
  return draft.finish();
}

function penalties(): Network {
  const draft = draw('penalties');
  const x = draft.input('x', [null, 7]);
  const first = draft.layer('first', 'Dense', {
    units: 5,
    kernel_initializer: { class_name: 'VarianceScaling', config: { scale: 2, mode: 'fan_out', seed: 3 } },
    bias_initializer: { class_name: 'Constant', config: { value: 0.25 } },
    kernel_regularizer: { class_name: 'L1L2', config: { l1: 0.001, l2: 0.02 } },
    bias_regularizer: { class_name: 'L2', config: {} },
    kernel_constraint: { class_name: 'MaxNorm', config: { max_value: 9, axis: 0 } },
    bias_constraint: { class_name: 'MinMaxNorm', config: { max_value: 9 } },
  });
  const next = draft.layer('next', 'Dense', {
    units: 3,
    kernel_initializer: { class_name: 'HeNormal', config: { seed: null } },
    kernel_regularizer: { class_name: 'L1', config: { l1: 0.5 } },
  });
  draft.output('y', draft.call(next, draft.call(first, x)));
  return draft.finish();
}

/** A Network drawn call by call; `finish` gives every layer weights that differ in every place. */
export function draw(name: string) {
  const inputs: Network['inputs'][number][] = [];
  const layers: Layer[] = [];
  const calls: Call[] = [];
  const outputs: Network['outputs'][number][] = [];
  return {
    input(input: string, shape: Shape, dtype: Dtype = 'float32'): TensorRef {
      inputs.push({ name: input, shape, dtype });
      return { input };
    },
    layer(layer: string, type: string, config: JsonObject, trainable = true): string {
      const known = lookUpLayer(type);
      const canonical = known === undefined ? config : parseConfig(known, config, lookUpLayer).config;
      layers.push({ name: layer, type, config: canonical, weights: {}, trainable });
      return layer;
    },
    call(layer: string, ...refs: readonly TensorRef[]): TensorRef {
      const earlier = calls.filter(call => call.layer === layer).length;
      const id = earlier === 0 ? layer : `${layer}:${earlier}`;
      calls.push({ id, layer, inputs: refs });
      return { call: id, output: 0 };
    },
    output(output: string, from: TensorRef): void {
      outputs.push({ name: output, from });
    },
    finish(): Network {
      return disturb(initialize({ name, inputs, layers, calls, outputs }, lookUpLayer, 3));
    },
  };
}

/** Zeros and ones everywhere would hide a weight in the wrong place. */
function disturb(network: Network): Network {
  const random = createRandom(5);
  const shake = (weight: Weight): Weight => ({
    ...weight,
    // A spread (moving_variance) must stay above 0.
    values: Float32Array.from(weight.values, value => Math.abs(value + random.uniform() * 0.4)),
  });
  const layers = network.layers.map(layer => ({
    ...layer,
    weights: Object.fromEntries(
      Object.entries(layer.weights).map(([role, weight]) => [role, shake(weight)]),
    ) satisfies Weights,
  }));
  return { ...network, layers };
}
