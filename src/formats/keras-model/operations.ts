/**
 * The operations on tensors (`keras.ops`) that Keras lists among the layers: which they are, and which of their arguments are
 * settings and not tensors. `2 - x` is written `{class_name: 'Subtract', inbound_nodes: [{args: [2, <tensor>]}]}`. It knows
 * nothing of graphs; the layer table says what an operation computes.
 */
import { isJsonArray, isJsonObject, type Json, type JsonObject, jsonEquals } from '../../base/json';
import { formatSlices, readKerasSlices } from '../../layers/slices';
import type { Dialect } from './keras-values';
import { readTensorFlowOperation } from './tensorflow-operations';

export interface Operation {
  /** In the layer table. */
  readonly className: string;
  /** What it was made with, and the arguments of its calls that aren't tensors. */
  readonly settings: JsonObject;
  /** Arguments that couldn't be read as settings: they are left out. */
  readonly isWhole: boolean;
  /** A cast from floats to floats: it does nothing where all of them are float32. */
  readonly isNothing: boolean;
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

/** null: it is a layer. Some operations bear the name of a layer that does something else: all are `ops.Name` in the table. */
export function readOperation(
  className: string,
  config: Json,
  calls: Json | undefined,
  dialect: Dialect,
): Operation | null {
  const found = readTensorFlowOperation(className, config, calls);
  if (found !== null) return toOperation(found.name, {}, found.calls, false);
  if (dialect !== 'keras3' || !isJsonObject(config) || !isOperation(className, config)) return null;
  const list = isJsonArray(calls) ? calls : [];
  const settings = list.map(call => readSettings(className, call));
  const isNothing = className === 'Cast' && isFloat(config.dtype) && list.every(takesFloats);
  return toOperation(className, config, settings, isNothing);
}

/** Layers say their data type and all but one whether they are trainable, operations don't. */
function isOperation(className: string, config: JsonObject): boolean {
  if (className === 'InputLayer' || config.trainable !== undefined) return false;
  // `Cast` is the one operation whose data type is a setting.
  return className === 'Cast' || (config.dtype === undefined && config.layers === undefined);
}

function isFloat(dtype: Json | undefined): boolean {
  return typeof dtype === 'string' && /^b?float\d+$/.test(dtype);
}

/** Keras 3 says of each tensor what it holds. */
function takesFloats(call: Json): boolean {
  const [tensor] = isJsonObject(call) && isJsonArray(call.args) ? call.args : [];
  return isJsonObject(tensor) && isJsonObject(tensor.config) && isFloat(tensor.config.dtype);
}

function toOperation(
  className: string,
  config: JsonObject,
  calls: readonly JsonObject[],
  isNothing: boolean,
): Operation {
  const [first = {}, ...others] = calls;
  const isWhole = others.every(other => jsonEquals(other, first)) && !Object.hasOwn(first, 'unread');
  if (Object.keys(first).length === 0 && LIKE_LAYERS.has(className)) {
    return { className, settings: config, isWhole, isNothing };
  }
  const operands: JsonObject = TWO_OPERANDS.has(className) ? { x1: null, x2: null } : {};
  const { unread: _, ...settings } = first;
  const all = { ...config, ...operands, ...settings };
  return {
    className: `ops.${className}`,
    settings: className === 'Cast' ? { ...all, dtype: heldType(all.dtype ?? null) } : all,
    isWhole,
    isNothing,
  };
}

/** What a network here holds instead. */
function heldType(dtype: Json): Json {
  return isFloat(dtype) ? 'float32' : dtype === 'int64' ? 'int32' : dtype;
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
