/**
 * How a model.json says which tensors a layer is called on, and which are a model's inputs and outputs: in the forms of
 * Keras 2, Keras 3 and TensorFlow.js. It knows nothing of layers.
 */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../base/json';
import { listNames, type Notes, shorten } from '../notes';
import { Refusal } from '../refusal';
import { CALL_OPTIONS } from './call-options';
import type { Dialect } from './keras-values';

export interface TreeRef {
  readonly layer: string;
  /** Which call of the layer, counted from 0. */
  readonly node: number;
  readonly tensor: number;
}

export interface TreeOutput extends TreeRef {
  /** The key, where outputs are a dictionary. */
  readonly label: string | null;
}

/** What the readers of a model's parts know of the whole. */
export interface Context {
  readonly dialect: Dialect;
  readonly notes: Notes;
  /** The names of the models around, outermost first. */
  readonly path: readonly string[];
}

export const WAY_OUT = 'Export the model again, or convert it from Keras with tensorflowjs_converter.';

export interface CallOf {
  readonly layer: string;
  /** Arguments that aren't tensors are settings of an operation, which have been read. */
  readonly argumentsRead: boolean;
}

/** One call. The forms: `[[name, node, tensor, kwargs], …]`, just `[name, node, tensor, kwargs]`, `{args, kwargs}`. */
export function readNode(node: Json, call: CallOf, context: Context): TreeRef[] {
  const { layer, argumentsRead } = call;
  if (isJsonArray(node)) {
    const refs = typeof node[0] === 'string' ? [node] : node;
    return refs.flatMap((ref, i) => {
      // It stands for a number among the arguments of an operation.
      const isConstant = isJsonArray(ref) && ref[0] === '_CONSTANT_VALUE';
      const own = isConstant ? null : parseRef(ref);
      if (own === null && !isConstant) {
        throw new Refusal(
          `A call of the layer '${shorten(layer)}' can’t be read: ${shorten(JSON.stringify(ref))}.`,
          WAY_OUT,
        );
      }
      // Where several tensors come first, all of them bear the same.
      const kwargs = isJsonArray(ref) && i === 0 ? ref[3] : undefined;
      const others = isJsonObject(kwargs) ? readKwargs(kwargs, call, context) : [];
      return own === null ? others : [own, ...others];
    });
  }
  if (isJsonObject(node) && (node.args !== undefined || node.kwargs !== undefined)) {
    context.notes.add(
      'form',
      'args nodes',
      'x',
      () => 'Calls were written as Keras 3 does (args and kwargs).',
    );
    const { args, kwargs } = node;
    const positional = isJsonArray(args) ? args : [];
    const constants = positional.filter(arg => typeof arg === 'number');
    if (constants.length > 0 && !argumentsRead) {
      context.notes.add(
        'left-out',
        'constants',
        layer,
        layers => `Numbers among the arguments of ${listNames(layers)}.`,
      );
    }
    return [
      ...positional.flatMap(kerasTensors),
      ...(isJsonObject(kwargs) ? readKwargs(kwargs, call, context) : []),
    ];
  }
  if (isJsonObject(node)) return Object.values(node).flatMap(value => parseRef(value) ?? []);
  throw new Refusal(
    `A call of the layer '${shorten(layer)}' can’t be read: ${shorten(JSON.stringify(node))}.`,
    WAY_OUT,
  );
}

/** Tensors among the keyword arguments are inputs too; of the rest, what would change the result is noted. */
function readKwargs(kwargs: JsonObject, { layer, argumentsRead }: CallOf, context: Context): TreeRef[] {
  return inOrder(kwargs).flatMap(([key, value]) => {
    const tensors = kerasTensors(value);
    const ref = parseRef(value);
    if (/(^|_)mask$/.test(key) && (tensors.length > 0 || ref !== null)) {
      context.notes.add(
        'left-out',
        'mask',
        layer,
        layers => `The masks that are handed to ${listNames(layers)}.`,
      );
      return [];
    }
    if (tensors.length > 0) return tensors;
    if (ref !== null) return [ref];
    if (argumentsRead) return [];
    // Keras 3 writes RNN layers' default here and lets fit and predict overrule whatever it says.
    if (key === 'training' && context.dialect === 'keras3') return [];
    if (key === 'training' && typeof value === 'boolean') {
      context.notes.add('left-out', `training ${value}`, layer, layers => {
        return `${listNames(layers)} ${layers.length > 1 ? 'are' : 'is'} always called with training=${value ? 'True' : 'False'}; here training and prediction decide.`;
      });
    } else if (!isNothing(value) && key !== 'name' && !CALL_OPTIONS.has(key)) {
      context.notes.add('left-out', 'call arguments', `${key} of ${layer}`, items => {
        return `Arguments of calls: ${items
          .slice(0, 4)
          .map(item => shorten(item))
          .join(', ')}${items.length > 4 ? `, and ${items.length - 4} more` : ''}.`;
      });
    }
    return [];
  });
}

const TENSOR_ARGUMENTS = ['query', 'value', 'key'];

/** Keyword arguments have no order of their own, and the inputs that they become have: query, value, key. */
function inOrder(kwargs: JsonObject): [string, Json][] {
  const place = (name: string) => TENSOR_ARGUMENTS.indexOf(name);
  return Object.entries(kwargs).toSorted(([a], [b]) => place(a) - place(b));
}

/** The masks of a model with two inputs are two nulls. */
function isNothing(value: Json): boolean {
  return value === null || (isJsonArray(value) && value.every(isNothing));
}

/** All `__keras_tensor__` in a value, in reading order. */
function kerasTensors(value: Json): TreeRef[] {
  if (isJsonArray(value)) return value.flatMap(kerasTensors);
  if (!isJsonObject(value)) return [];
  if (value.class_name === '__keras_tensor__' && isJsonObject(value.config)) {
    const ref = parseRef(value.config.keras_history ?? null);
    if (ref !== null) return [ref];
  }
  if (value.class_name === '__tuple__' || value.class_name === '__list__')
    return kerasTensors(value.items ?? null);
  return value.class_name === undefined ? Object.values(value).flatMap(kerasTensors) : [];
}

function parseRef(value: Json): TreeRef | null {
  if (!isJsonArray(value) || value.length < 3) return null;
  const [layer, node, tensor] = value;
  return typeof layer === 'string' && isIndex(node) && isIndex(tensor) ? { layer, node, tensor } : null;
}

function isIndex(value: Json | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** `input_layers` and `output_layers`: a list of triples, one flat triple (Keras 3.12 and later), or a dictionary. */
export function readEnds(value: Json | undefined, key: string, context: Context): TreeOutput[] {
  const ends = collectEnds(value ?? null, null);
  if (parseRef(value ?? null) !== null) {
    context.notes.add(
      'form',
      'flat ends',
      key,
      () => 'A single input or output was written without its list.',
    );
  }
  if (ends.length === 0) {
    throw new Refusal(`The model '${shorten(context.path.at(-1) ?? '')}' says no ${key}.`, WAY_OUT);
  }
  return ends;
}

function collectEnds(value: Json, label: string | null): TreeOutput[] {
  const ref = parseRef(value);
  if (ref !== null) return [{ ...ref, label }];
  if (isJsonArray(value)) return value.flatMap(item => collectEnds(item, label));
  return isJsonObject(value) ? Object.entries(value).flatMap(([key, item]) => collectEnds(item, key)) : [];
}
