/**
 * One operation of a Network as a Keras 3 expression: `keras.ops.subtract(2, x)`, `x[:, 0]`, `keras.ops.stack([a, b], axis=1)`. Which
 * settings it has is the layer table's.
 */
import { isJsonArray, type Json } from '../../base/json';
import { arrangeOperands } from '../../formats/keras-write/call-arguments';
import { snakeCase } from '../../formats/keras-write/snake-case';
import type { LayerLookup, LayerType } from '../../layers/layer-type';
import { operands } from '../../layers/operation-rules';
import { formatSlices, parseSlices } from '../../layers/slices';
import type { Layer } from '../../network/network';
import type { Piece } from '../code/layout';
import { nest, toPython } from './python';
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
    items: [...arrangeOperands(type, config, inputs, writeNumbers).map(nest), ...items],
    close: ')',
  };
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
