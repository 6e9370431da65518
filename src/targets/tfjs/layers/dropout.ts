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
  return rate === 0 ? x : tf.mul(x, tf.div(keptShares(x.shape, rate, noiseShape), 1 - rate));
}

/** 1 with the probability 1 - rate, else 0. */
export function keptShares(
  shape: readonly number[],
  rate: number,
  noiseShape: readonly (number | null)[] | null,
): tf.Tensor {
  const noise = shape.map((size, axis) => noiseShape?.[axis] ?? size);
  // The floor of [1 - rate, 2 - rate).
  return tf.floor(tf.randomUniform(noise, 1 - rate, 2 - rate));
}
