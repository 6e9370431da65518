/**
 * One operation of a Network as a Keras 3 expression: `keras.ops.subtract(2, x)`, `x[:, 0]`, `keras.ops.stack([a, b], axis=1)`. Which
 * settings it has is the layer table's.
 */
import { isJsonArray, type Json } from '../../base/json';
import type { LayerLookup, LayerType } from '../../layers/layer-type';
import { operands } from '../../layers/operation-rules';
import { formatSlices, parseSlices } from '../../layers/slices';
import type { Layer } from '../../network/network';
import type { Piece } from '../code/layout';
import { toPython } from './python';
import { snakeCase } from './snake-case';
import { writeArguments } from './write-layer';

/** `inputs`: the variables of the tensors that it is called on. */
export function writeOperation(
  { layer, inputs }: { readonly layer: Layer; readonly inputs: readonly string[] },
  type: LayerType,
  table: LayerLookup,
): Piece {
  const { config } = layer;
  if (type.type === 'ops.GetItem') return `${inputs.join(', ')}[${writeSlices(config.key ?? null)}]`;
  const settings = Object.fromEntries(Object.entries(type.params).filter(([name]) => !(name in operands)));
  const items = writeArguments({ ...type, params: settings }, config, true, table);
  return {
    open: `keras.ops.${snakeCase(type.type.slice('ops.'.length))}(`,
    items: [...writeOperands(type, config, inputs), ...items],
    close: ')',
  };
}

/** Tensors and numbers in the operation's order; a list where it takes any number of tensors. */
function writeOperands(type: LayerType, config: Layer['config'], inputs: readonly string[]): string[] {
  if (type.inputs.max === null) return [`[${inputs.join(', ')}]`];
  const waiting = [...inputs];
  const places = Object.keys(operands).filter(name => name in type.params);
  const written = places.map(name => {
    const given = config[name] ?? null;
    return given === null ? (waiting.shift() ?? '') : writeNumbers(given);
  });
  return [...written, ...waiting];
}

/** `keras.ops` takes tuples of numbers for shapes. */
function writeNumbers(value: Json): string {
  return isJsonArray(value) ? `np.array(${toPython(value)}, "float32")` : toPython(value);
}

/** Only what is a slice becomes code; a text that isn't one is left as text, which Python refuses. */
function writeSlices(key: Json): string {
  const slices = typeof key === 'string' ? parseSlices(key) : null;
  return slices === null ? toPython(key) : formatSlices(slices);
}
