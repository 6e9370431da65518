/** Which parameter governs which weight: `kernel_regularizer` the `kernel`, a wrapped layer's the weights of that layer. */
import { isJsonArray, type Json } from '../base/json';
import type { Config } from '../network/network';
import { isKerasLayer, type KerasObject } from './params';

/** `role` as the layer table names weights; undefined: there is no such parameter. */
export function paramOfWeight(
  config: Config,
  role: string,
  kind: 'initializer' | 'regularizer' | 'constraint',
): Json | undefined {
  const [place = '', ...rest] = role.split('/');
  if (rest.length > 0) {
    // The parts of a layer of its own (`query/kernel` of MultiHeadAttention) go by the layer's config.
    return paramOfWeight(innerLayerAt(config, place)?.config ?? config, rest.join('/'), kind);
  }
  return config[`${place}_${kind}`] ?? config[`${place.replace(/_kernel$/, '')}_${kind}`];
}

/** The wrapped layer whose weights have roles that start with `place/`. */
function innerLayerAt(config: Config, place: string): KerasObject | null {
  const { layer, backward_layer, cell, cells } = config;
  const candidates: readonly (Json | undefined)[] =
    place === 'forward' || place === 'layer'
      ? [layer]
      : place === 'backward'
        ? [backward_layer, layer]
        : place === 'cell'
          ? [cell]
          : [isJsonArray(cells) ? cells[Number(place)] : undefined];
  return candidates.find(isKerasLayer) ?? null;
}
