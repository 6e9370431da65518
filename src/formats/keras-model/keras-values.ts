/**
 * Values in a layer's config, from the many forms in which Keras 2, Keras 3 and TensorFlow.js wrote them to the one that
 * the layer table reads. It knows nothing of graphs; parameters themselves are read by `layers/config.ts`.
 */
import { isJsonArray, isJsonObject, type Json, type JsonObject, jsonEquals } from '../../base/json';
import type { LayerLookup, LayerType } from '../../layers/layer-type';
import { isKerasLayer } from '../../layers/params';
import { listNames, type Notes } from '../notes';
import { completeCudnnConfig } from './cudnn-layers';

/** Which of its defaults and meanings a file has in mind. */
export type Dialect = 'keras2' | 'keras3';

const OLD_CLASSES: Readonly<Record<string, string>> = {
  BatchNormalizationV1: 'BatchNormalization',
  BatchNormalizationV2: 'BatchNormalization',
  SyncBatchNormalization: 'BatchNormalization',
  UnifiedLSTM: 'LSTM',
  CuDNNLSTM: 'LSTM',
  LSTMV1: 'LSTM',
  LSTMV2: 'LSTM',
  UnifiedGRU: 'GRU',
  CuDNNGRU: 'GRU',
  GRUV1: 'GRU',
  GRUV2: 'GRU',
  DenseV2: 'Dense',
  EmbeddingV2: 'Embedding',
  NormalizationV1: 'Normalization',
};

export function currentClassName(className: string, notes: Notes): string {
  // Some Keras versions wrote `keras.layers>Dense` or `Package>Dense`; foreign packages stay as they are.
  const plain = className.replace(/^(keras|tf\.keras|Keras)(\.layers)?[>.]/, '');
  const current = Object.hasOwn(OLD_CLASSES, plain) ? (OLD_CLASSES[plain] ?? plain) : plain;
  if (current !== className) {
    notes.add(
      'repair',
      'classes',
      `${className} is ${current}`,
      items => `Old class names: ${items.join(', ')}.`,
    );
  }
  return current;
}

/** Keys that say where a Keras object was defined, not what it is. */
const ORIGIN_KEYS = new Set([
  'module',
  'registered_name',
  'build_config',
  'compile_config',
  'shared_object_id',
]);

export function tidyConfig(config: JsonObject, dialect: Dialect, notes: Notes): JsonObject {
  const tidied = tidyValue(config, dialect, notes);
  return isJsonObject(tidied) ? tidied : {};
}

function tidyValue(value: Json, dialect: Dialect, notes: Notes): Json {
  if (isJsonArray(value)) return value.map(item => tidyValue(item, dialect, notes));
  if (!isJsonObject(value)) return value;
  const { class_name, config } = value;
  if (class_name === '__tuple__' && isJsonArray(value.items)) return tidyValue(value.items, dialect, notes);
  if ((class_name === '__numpy__' || class_name === '__tensor__') && isJsonObject(config))
    return config.value ?? null;
  if (value.type === 'ndarray' && value.value !== undefined) return value.value;
  if (typeof class_name === 'string' && /DTypePolicy$|^Policy$/.test(class_name) && isJsonObject(config)) {
    notes.add(
      'form',
      'dtype policy',
      class_name,
      () => 'Data types were written as policies; they are plain names now.',
    );
    const policy = typeof config.name === 'string' ? config.name : 'float32';
    if (!/^(float32|float64|int32|uint8|bool|string)$/.test(policy)) {
      notes.add('repair', 'precision', policy, names => {
        return `It was made to compute in ${listNames(names)}; here everything is computed in float32.`;
      });
    }
    return policy;
  }
  const complete =
    typeof class_name === 'string' && isJsonObject(config)
      ? { ...value, config: completeCudnnConfig(class_name, config) }
      : value;
  const tidied: Record<string, Json> = {};
  for (const [key, item] of Object.entries(complete)) {
    if (typeof class_name === 'string' && ORIGIN_KEYS.has(key)) continue;
    if (dialect === 'keras2' && /activation$/.test(key) && isHardSigmoid(item)) {
      tidied[key] = 'hard_sigmoid_keras2';
      continue;
    }
    if (/activation$/.test(key) && isScaledAndLimited(item)) {
      tidied[key] = 'hard_sigmoid_keras2';
      continue;
    }
    tidied[key] =
      key === 'class_name' && typeof item === 'string' && isJsonObject(config)
        ? currentClassName(item, notes)
        : tidyValue(item, dialect, notes);
  }
  return tidied;
}

/** Keras 2 and TensorFlow.js mean 0.2x + 0.5, Keras 3 means x/6 + 0.5: the table has a name for each. */
function isHardSigmoid(value: Json): boolean {
  return value === 'hard_sigmoid' || (isJsonObject(value) && value.config === 'hard_sigmoid');
}

/** As `keras-write/layer-config.ts` says Keras 2's hard_sigmoid to Keras 3: a model of 0.2x + 0.5, held between 0 and 1. */
function isScaledAndLimited(value: Json): boolean {
  if (!isJsonObject(value) || value.class_name !== 'Sequential' || !isJsonObject(value.config)) return false;
  const { layers } = value.config;
  const steps = (isJsonArray(layers) ? layers : []).filter(isKerasLayer);
  const [scale, limit, ...others] = steps.filter(({ class_name }) => class_name !== 'InputLayer');
  return (
    others.length === 0 &&
    scale?.class_name === 'Rescaling' &&
    scale.config.scale === 0.2 &&
    scale.config.offset === 0.5 &&
    limit?.class_name === 'ReLU' &&
    limit.config.max_value === 1 &&
    (limit.config.threshold ?? 0) === 0 &&
    (limit.config.negative_slope ?? 0) === 0
  );
}

/** What an old file means where it says nothing and Keras 3, whose defaults the table has, means something else. */
const KERAS2_DEFAULTS: Readonly<Record<string, JsonObject>> = {
  LSTM: { recurrent_activation: 'hard_sigmoid_keras2' },
  ConvLSTM2D: { recurrent_activation: 'hard_sigmoid_keras2' },
  GRU: { recurrent_activation: 'hard_sigmoid_keras2', reset_after: false },
};

/** The raw config that the table's `parseConfig` is to read. */
export function prepareConfig(
  type: LayerType,
  config: JsonObject,
  dialect: Dialect,
  table: LayerLookup,
): JsonObject {
  const prepared: Record<string, Json> =
    dialect === 'keras2' && Object.hasOwn(KERAS2_DEFAULTS, type.type)
      ? { ...KERAS2_DEFAULTS[type.type] }
      : {};
  const specs = new Map(
    Object.entries(type.params).flatMap(([name, spec]) =>
      [name, ...spec.aliases].map(key => [key, spec] as const),
    ),
  );
  for (const [key, value] of Object.entries(config)) {
    const spec = specs.get(key);
    // TensorFlow.js writes null for whatever it wasn't told; Keras never does where null has no meaning.
    if (value === null && spec !== undefined && !('value' in spec.parse(null))) continue;
    if (key === 'backward_layer' && isMirror(config.layer, value)) continue;
    prepared[key] = value;
    if (spec?.form.kind === 'layer' && isKerasLayer(value)) {
      const inner = table(value.class_name);
      if (inner === undefined) continue;
      const innerConfig = prepareConfig(inner, value.config, dialect, table);
      prepared[key] = { class_name: value.class_name, config: innerConfig };
    }
  }
  if (type.type === 'Bidirectional' && (prepared.backward_layer ?? null) === null) {
    const turned = turnedLayer(prepared.layer);
    if (turned !== null) prepared.backward_layer = turned;
  }
  return prepared;
}

/** Keras 2 lets the first of the two read from the end, and then the second one from the start. Keras 3 must be told. */
function turnedLayer(layer: Json | undefined): Json {
  if (!isKerasLayer(layer) || layer.config.go_backwards !== true) return null;
  return { ...layer, config: { ...layer.config, go_backwards: false } };
}

/** Whether Bidirectional's layer for the way back is just what TensorFlow.js makes of the layer for the way there. */
function isMirror(layer: Json | undefined, backward: Json): boolean {
  if (!isKerasLayer(layer) || !isKerasLayer(backward) || layer.class_name !== backward.class_name)
    return false;
  const there: JsonObject = { ...layer.config, name: null, go_backwards: layer.config.go_backwards !== true };
  return jsonEquals(there, { ...backward.config, name: null });
}

/** Keys that any layer may have and that say nothing about what it computes here. */
const SILENT_KEYS = new Set([
  'name',
  'trainable',
  'dtype',
  'batch_input_shape',
  'batch_shape',
  'input_shape',
  'input_dtype',
  'input_length',
  'batch_size',
  'input_dim',
  'implementation',
  'unroll',
  'seed',
  'time_major',
  'use_cudnn',
  'zero_output_for_mask',
  'synchronized',
  'fused',
  'virtual_batch_size',
  'quantization_config',
  'lora_rank',
  'lora_alpha',
  'autocast',
  'sparse',
  'ragged',
  'optional',
  'verbose',
]);

/** The unknown keys that hold more than "nothing". */
export function meaningfulKeys(unknown: readonly string[], config: JsonObject): string[] {
  return unknown.filter(key => {
    const value = config[key];
    return (
      !SILENT_KEYS.has(key) &&
      value !== null &&
      value !== undefined &&
      value !== false &&
      value !== 'channels_last'
    );
  });
}
