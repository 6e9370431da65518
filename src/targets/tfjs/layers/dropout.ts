import * as tf from '@tensorflow/tfjs';
import * as defs from '../../../layers/defs/dropout';
import { implement } from './implementation';

/** `noise_shape` says along which axes values are dropped together: its sizes of 1. */
export const dropout = implement(defs.dropout, ({ config, x, training }) =>
  training ? dropValues(x, config.rate, config.noise_shape) : x,
);

/** Sets a share of the values to 0 and scales up the others, so that their sum stays the same on average. */
export function dropValues(
  x: tf.Tensor,
  rate: number,
  noiseShape: readonly (number | null)[] | null = null,
): tf.Tensor {
  if (rate === 0) return x;
  const shape = x.shape.map((size, axis) => noiseShape?.[axis] ?? size);
  // The floor of [1 - rate, 2 - rate) is 1 with the probability 1 - rate.
  const kept = tf.floor(tf.randomUniform(shape, 1 - rate, 2 - rate));
  return tf.mul(x, tf.div(kept, 1 - rate));
}
