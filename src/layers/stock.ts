/** Which layers stock TensorFlow.js 4.22 computes as Keras does. The others run, and are exported, as Graft's own classes. */
import { type Json, jsonEquals } from '../base/json';
import type { Config } from '../network/network';
import type { Shape } from '../network/shape';
import { parseConfig } from './config';
import type { LayerLookup } from './layer-type';
import { isKerasLayer } from './params';

/** Whether a file may name the stock class. `inputs`: what the layer is called on; shapes of each call where it has several. */
export function isStockLayer(
  layer: { readonly type: string; readonly config: Config },
  inputs: readonly Shape[],
  table: LayerLookup,
): boolean {
  const type = table(layer.type);
  if (type === undefined || type.tfjs === null) return false;
  const { config } = parseConfig(type, layer.config, table);
  const knows = Object.entries(type.params).every(([name, { tfjsValues, form }]) => {
    const value: Json = config[name] ?? null;
    if (form.kind === 'layer' && isKerasLayer(value)) {
      // A wrapped layer sees other shapes: what it says of its inputs is asked of the wrapper's `isStock`.
      return isStockLayer({ type: value.class_name, config: value.config }, inputs, table);
    }
    return tfjsValues === null || tfjsValues.some(known => jsonEquals(known, value));
  });
  return knows && type.isStock(config, inputs);
}
