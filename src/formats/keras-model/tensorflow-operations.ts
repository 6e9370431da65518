/**
 * TensorFlow's functions that Keras 2 lists among the layers (`TFOpLambda`, `SlicingOpLambda`), as operations of the layer table.
 * `x / 2` is written `{class_name: 'TFOpLambda', config: {function: 'math.truediv'}, inbound_nodes: [['x', 0, 0, {y: 2}]]}`. An
 * argument that isn't known makes no operation of it: half-read, it would answer wrongly.
 */
import { isJsonArray, isJsonObject, type Json, type JsonObject, jsonEquals } from '../../base/json';
import { formatSlices, readKerasSlices } from '../../layers/slices';

interface Meaning {
  readonly operation: string;
  /** What TensorFlow calls an argument, and what the table does. null: a tensor, which the calls of the layer tell. */
  readonly names: Readonly<Record<string, string | null>>;
  /** Arguments that change nothing as long as they have these values. */
  readonly without: JsonObject;
  /** TensorFlow's defaults, where the table has others. */
  readonly defaults: JsonObject;
}

type Rest = Partial<Pick<Meaning, 'without' | 'defaults'>>;

function meaning(operation: string, names: Meaning['names'], rest: Rest = {}): Meaning {
  return { operation, names, without: {}, defaults: {}, ...rest };
}

const arithmetic = (operation: string) => meaning(operation, { x: 'x1', y: 'x2' });
const ofEach = (operation: string, names: Meaning['names'] = {}, rest: Rest = {}) =>
  meaning(operation, { x: null, features: null, ...names }, rest);
const reduction = (operation: string) =>
  meaning(operation, { input_tensor: null, axis: 'axis', keepdims: 'keepdims' });
const shares = (operation: string) =>
  meaning(operation, { logits: null, axis: 'axis' }, { defaults: { axis: -1 } });

/** Without the modules, which differ from version to version: `math.add`, `add`, `__operators__.add`. */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map(
  Object.entries({
    add: arithmetic('Add'),
    subtract: arithmetic('Subtract'),
    multiply: arithmetic('Multiply'),
    divide: arithmetic('Divide'),
    truediv: arithmetic('TrueDivide'),
    pow: arithmetic('Power'),
    maximum: arithmetic('Maximum'),
    minimum: arithmetic('Minimum'),
    bias_add: meaning('Add', { value: 'x1', bias: 'x2' }, { without: { data_format: 'NHWC' } }),
    abs: ofEach('Absolute'),
    negative: ofEach('Negative'),
    neg: ofEach('Negative'),
    square: ofEach('Square'),
    sqrt: ofEach('Sqrt'),
    rsqrt: ofEach('Rsqrt'),
    reciprocal: ofEach('Reciprocal'),
    exp: ofEach('Exp'),
    expm1: ofEach('Expm1'),
    log: ofEach('Log'),
    log1p: ofEach('Log1p'),
    sin: ofEach('Sin'),
    cos: ofEach('Cos'),
    tanh: ofEach('Tanh'),
    erf: ofEach('Erf'),
    sign: ofEach('Sign'),
    sigmoid: ofEach('Sigmoid'),
    relu: ofEach('Relu'),
    relu6: ofEach('Relu6'),
    selu: ofEach('Selu'),
    softplus: ofEach('Softplus'),
    softsign: ofEach('Softsign'),
    elu: ofEach('Elu'),
    silu: ofEach('Silu', {}, { without: { beta: 1 } }),
    swish: ofEach('Silu', {}, { without: { beta: 1 } }),
    gelu: ofEach('Gelu', { approximate: 'approximate' }, { defaults: { approximate: false } }),
    leaky_relu: ofEach('LeakyRelu', { alpha: 'negative_slope' }),
    softmax: shares('Softmax'),
    log_softmax: shares('LogSoftmax'),
    clip_by_value: meaning('Clip', { t: null, clip_value_min: 'x_min', clip_value_max: 'x_max' }),
    reduce_mean: reduction('Mean'),
    reduce_sum: reduction('Sum'),
    reduce_prod: reduction('Prod'),
    reduce_max: reduction('Max'),
    reduce_min: reduction('Min'),
    reduce_variance: reduction('Var'),
    reduce_std: reduction('Std'),
    reduce_logsumexp: reduction('Logsumexp'),
    reshape: meaning('Reshape', { tensor: null, shape: 'newshape' }),
    transpose: meaning('Transpose', { a: null, perm: 'axes' }, { without: { conjugate: false } }),
    concat: meaning('Concatenate', { values: null, axis: 'axis' }),
    stack: meaning('Stack', { values: null, axis: 'axis' }),
    expand_dims: meaning('ExpandDims', { input: null, axis: 'axis' }),
    squeeze: meaning('Squeeze', { input: null, axis: 'axis' }),
    reverse: meaning('Flip', { tensor: null, axis: 'axis' }),
    matmul: meaning(
      'Matmul',
      { a: null, b: null },
      {
        without: {
          transpose_a: false,
          transpose_b: false,
          adjoint_a: false,
          adjoint_b: false,
          a_is_sparse: false,
          b_is_sparse: false,
        },
      },
    ),
    cast: meaning('Cast', { x: null, dtype: 'dtype' }),
    getitem: meaning('GetItem', { tensor: null, slice_spec: 'key' }),
  }),
);

/** The operation’s class in Keras 3, with the arguments of each of its calls; null: it stays what it is. */
export function readTensorFlowOperation(
  className: string,
  config: Json,
  calls: Json | undefined,
): { readonly name: string; readonly calls: readonly JsonObject[] } | null {
  if (!/^(TFOpLambda|SlicingOpLambda)$/.test(className) || !isJsonObject(config)) return null;
  const found = MEANINGS.get(String(config.function).replace(/^.*\./, ''));
  // `keras.activations.relu` and its like take other arguments.
  if (found === undefined || /keras/.test(String(config.function))) return null;
  const read = (isJsonArray(calls) ? calls : []).map(call => readArguments(found, call));
  const known = read.filter(settings => settings !== null);
  return known.length === read.length ? { name: found.operation, calls: known } : null;
}

function readArguments({ names, without, defaults }: Meaning, call: Json): JsonObject | null {
  if (!isJsonArray(call)) return null;
  const refs = (typeof call[0] === 'string' ? [call] : call).filter(isJsonArray);
  const [first] = refs;
  if (first === undefined) return null;
  const settings: Record<string, Json> = { ...defaults };
  const [firstName] = Object.keys(names);
  if (first[0] === '_CONSTANT_VALUE' && firstName !== undefined) {
    const setting = names[firstName] ?? null;
    const value = first[2];
    if (setting === null || value === undefined) return null;
    settings[setting] = value;
  }
  const given = isJsonObject(first[3]) ? first[3] : {};
  for (const [name, value] of Object.entries(given)) {
    if (name === 'name' || value === null || isTensor(value)) continue;
    const setting = names[name] ?? null;
    if (setting === 'key') {
      const slices = readKerasSlices(asKerasSlices(value));
      if (slices === null) return null;
      settings.key = formatSlices(slices);
    } else if (setting !== null) settings[setting] = value;
    else if (!jsonEquals(without[name] ?? null, value)) return null;
  }
  return settings;
}

/** Another layer's tensor: `['dense', 0, 0]`. */
function isTensor(value: Json): boolean {
  return isJsonArray(value) && value.length >= 3 && typeof value[0] === 'string';
}

/** Keras 2 says of a slice just `{start, stop, step}`. */
function asKerasSlices(key: Json): Json {
  if (isJsonArray(key)) return key.map(asKerasSlices);
  return isJsonObject(key) && key.class_name === undefined ? { class_name: '__slice__', config: key } : key;
}
