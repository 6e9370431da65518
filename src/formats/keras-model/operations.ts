/**
 * The operations on tensors (`keras.ops`) that Keras 3 lists among the layers: which they are, and which of their arguments are
 * settings and not tensors. `2 - x` is written `{class_name: 'Subtract', inbound_nodes: [{args: [2, <tensor>]}]}`. It knows
 * nothing of graphs; the layer table says what an operation computes.
 */
import { isJsonArray, isJsonObject, type Json, type JsonObject, jsonEquals } from '../../base/json';
import { formatSlices, readKerasSlices } from '../../layers/slices';
import type { Dialect } from './keras-values';

export interface Operation {
  /** In the layer table. */
  readonly className: string;
  /** The arguments of its calls that aren't tensors. */
  readonly settings: JsonObject;
  /** Arguments that couldn't be read as settings: they are left out. */
  readonly isWhole: boolean;
}

/** Operations that do to tensors what the layers of their names do: two branches, or a list, or one. */
const LIKE_LAYERS: ReadonlySet<string> = new Set([
  'Add',
  'Subtract',
  'Multiply',
  'Maximum',
  'Minimum',
  'Concatenate',
  'Softmax',
  'ReLU',
]);

const TWO_OPERANDS: ReadonlySet<string> = new Set([
  'Add',
  'Subtract',
  'Multiply',
  'Divide',
  'TrueDivide',
  'Power',
  'Maximum',
  'Minimum',
]);

/**
 * Layers say their data type and all but one whether they are trainable, operations don't. Some bear the name of a layer that
 * does something else: all are `ops.Name` in the table. null: it is a layer.
 */
export function readOperation(
  className: string,
  config: Json,
  calls: Json | undefined,
  dialect: Dialect,
): Operation | null {
  const isOperation =
    dialect === 'keras3' &&
    className !== 'InputLayer' &&
    isJsonObject(config) &&
    config.trainable === undefined &&
    config.dtype === undefined &&
    config.layers === undefined;
  // `Cast` is the one operation whose data type is a setting.
  const isCast = className === 'Cast' && isJsonObject(config) && config.trainable === undefined;
  if (!isOperation && !(dialect === 'keras3' && isCast)) return null;
  const [first = {}, ...others] = (isJsonArray(calls) ? calls : []).map(call =>
    readSettings(className, call),
  );
  const isWhole = others.every(other => jsonEquals(other, first)) && !Object.hasOwn(first, 'unread');
  if (Object.keys(first).length === 0 && LIKE_LAYERS.has(className)) {
    return { className, settings: {}, isWhole };
  }
  const operands: JsonObject = TWO_OPERANDS.has(className) ? { x1: null, x2: null } : {};
  const { unread: _, ...settings } = first;
  return { className: `ops.${className}`, settings: { ...operands, ...settings }, isWhole };
}

/** By name; `unread` if there is one that has none here. */
function readSettings(className: string, call: Json): JsonObject {
  if (!isJsonObject(call)) return {};
  const names = TWO_OPERANDS.has(className) ? ['x1', 'x2'] : className === 'GetItem' ? ['x', 'key'] : ['x'];
  const positional = (isJsonArray(call.args) ? call.args : []).map(
    (arg, i) => [names[i] ?? 'unread', arg] as const,
  );
  const named = Object.entries(isJsonObject(call.kwargs) ? call.kwargs : {});
  const settings: Record<string, Json> = {};
  for (const [name, value] of [...positional, ...named]) {
    if (value === null || holdsTensor(value)) continue;
    if (name !== 'key') {
      settings[name] = value;
      continue;
    }
    const slices = readKerasSlices(value);
    settings[slices === null ? 'unread' : 'key'] = slices === null ? true : formatSlices(slices);
  }
  return settings;
}

function holdsTensor(value: Json): boolean {
  if (isJsonArray(value)) return value.some(holdsTensor);
  return isJsonObject(value) && value.class_name === '__keras_tensor__';
}
