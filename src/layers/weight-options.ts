/** Which parameter of a layer governs one of its weights. */
import type { Json } from '../base/json';
import type { Config } from '../network/network';
import { isKerasLayer } from './params';

/**
 * The value of a weight's `<name>_regularizer` or `<name>_constraint`; undefined: the layer has no such parameter. `kernel` has
 * `kernel_regularizer`, `depthwise_kernel` has `depthwise_regularizer`, `forward/kernel` that of the wrapped layer, and
 * `query/kernel` of MultiHeadAttention the layer's own `kernel_regularizer`.
 */
export function weightOption(
  config: Config,
  role: string,
  option: 'regularizer' | 'constraint',
): Json | undefined {
  const own = config[`${role}_${option}`] ?? config[`${role.replace(/_kernel$/, '')}_${option}`];
  if (own !== undefined) return own;
  const [, place, inner] = /^([^/]+)\/(.+)$/.exec(role) ?? [];
  if (place === undefined || inner === undefined) return undefined;
  const wrapped =
    place === 'backward' && isKerasLayer(config.backward_layer) ? config.backward_layer : config.layer;
  return weightOption(isKerasLayer(wrapped) ? wrapped.config : config, inner, option);
}
