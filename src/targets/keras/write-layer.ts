/**
 * One layer of a Network as a Keras 3 expression: `layers.Dense(units=3, activation="relu")`. What a layer is called and what
 * it takes is the layer table's; what is said here is how Keras' other objects are written, and where Keras goes its own way.
 */
import { isJsonArray, type Json, jsonEquals } from '../../base/json';
import { findByName, LAYER_OBJECTS, tellingArguments } from '../../formats/keras-write/keras-classes';
import { tellingParams } from '../../formats/keras-write/telling-params';
import type { LayerLookup, LayerType } from '../../layers/layer-type';
import { isKerasLayer, type KerasObject, type ParamSpec } from '../../layers/params';
import type { Config, Layer } from '../../network/network';
import { around, type Piece } from '../code/layout';
import { writeConstructor } from './keras-classes';
import { toPython } from './python';

/** Functions that Graft has and Keras 3 lacks or computes wrongly, by the names that configs give them. Their code stands above the network. */
export const OWN_FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  // Keras 3.15 answers zeros where there are more than two axes.
  sparsemax: [
    'def sparsemax(x):',
    '    """As in Keras, for any number of axes."""',
    '    rows = keras.ops.reshape(x, (-1, x.shape[-1]))',
    '    return keras.ops.reshape(keras.activations.sparsemax(rows), keras.ops.shape(x))',
  ],
  hard_sigmoid_keras2: [
    'def hard_sigmoid_keras2(x):',
    '    """What Keras 2 and TensorFlow.js call hard_sigmoid."""',
    '    return keras.ops.clip(0.2 * x + 0.5, 0.0, 1.0)',
  ],
};

/** The names of `OWN_FUNCTIONS` that a layer, or one that it wraps, is configured with. */
export function ownFunctionsOf(config: Config): string[] {
  return Object.values(config).flatMap(value => {
    if (typeof value === 'string') return Object.hasOwn(OWN_FUNCTIONS, value) ? [value] : [];
    return isKerasLayer(value) ? ownFunctionsOf(value.config) : [];
  });
}

/** The constructor's call, of a type that the table knows. `hasWeights`: whether `trainable` means anything. */
export function writeLayer(layer: Layer, type: LayerType, hasWeights: boolean, table: LayerLookup): Piece {
  const items = writeArguments(type, layer.config, layer.trainable || !hasWeights, table);
  return { open: `layers.${type.type}(`, items: [...items, `name=${toPython(layer.name)}`], close: ')' };
}

/** `axis=1`, …: the constructor's arguments, as far as they differ from Keras' defaults, in the order of Keras. */
export function writeArguments(
  type: LayerType,
  given: Config,
  trainable: boolean,
  table: LayerLookup,
): Piece[] {
  const items = tellingParams(type, given, table)
    .filter(([, , spec]) => spec?.inCall !== true)
    .map(([name, value, spec]) => around(`${name}=`, writeValue(value, spec, trainable, table), ''));
  return trainable ? items : [...items, 'trainable=False'];
}

/** Those that Keras takes where the layer is called: `use_causal_mask=True`. */
export function writeCallArguments(type: LayerType, given: Config, table: LayerLookup): string[] {
  return tellingParams(type, given, table)
    .filter(([, , spec]) => spec?.inCall === true)
    .map(([name, value]) => `${name}=${toPython(value)}`);
}

function writeValue(value: Json, spec: ParamSpec | undefined, trainable: boolean, table: LayerLookup): Piece {
  if (typeof value === 'string' && Object.hasOwn(OWN_FUNCTIONS, value)) return value;
  if (isJsonArray(value) && value.length > 0 && value.every(isKerasLayer)) {
    // The cells of StackedRNNCells.
    return { open: '[', items: value.map(each => writeInner(each, trainable, table)), close: ']' };
  }
  switch (spec?.form.kind) {
    case 'object':
      return isKerasLayer(value) ? writeObject(value) : toPython(value);
    case 'layer':
      return isKerasLayer(value) ? writeInner(value, trainable, table) : toPython(value);
    case 'ints':
      return toPython(spec.form.length === null ? value : oneForAll(value, spec));
    default:
      return toPython(value);
  }
}

/** Keras doesn't hand `trainable` from a wrapper's constructor down to the layer in it. */
function writeInner(value: KerasObject, trainable: boolean, table: LayerLookup): Piece {
  const type = table(value.class_name);
  if (type === undefined) return toPython(value);
  return {
    open: `layers.${type.type}(`,
    items: writeArguments(type, value.config, trainable, table),
    close: ')',
  };
}

/** `3` for `[3, 3]`, where Keras takes one number for all. */
function oneForAll(value: Json, spec: ParamSpec): Json {
  const [first] = isJsonArray(value) ? value : [];
  const parsed = first === undefined ? null : spec.parse(first);
  return parsed !== null && 'value' in parsed && jsonEquals(parsed.value, value) && first !== undefined
    ? first
    : value;
}

/** `"he_normal"`, `keras.regularizers.L2(0.01)`, `keras.constraints.MaxNorm(max_value=3)`. */
function writeObject(object: KerasObject): Piece {
  const known = findByName(object.class_name, LAYER_OBJECTS);
  if (known === null) return toPython(object);
  const given = tellingArguments(known, object.config);
  const [only, ...others] = Object.keys(known.defaults);
  // A class with one argument is clearer with it, be it the default: L2(0.01).
  if (known.module === 'regularizers' && only !== undefined && others.length === 0) {
    return writeConstructor(known, {}, [toPython(given[only] ?? known.defaults[only] ?? null)]);
  }
  return Object.keys(given).length === 0 && known.module === 'initializers'
    ? toPython(known.key)
    : writeConstructor(known, given);
}
