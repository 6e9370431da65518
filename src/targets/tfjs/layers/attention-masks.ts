/** Which steps may look at which, as numbers: 1 where they may, 0 where not. Masks of Keras, combined with "and". */
import * as tf from '@tensorflow/tfjs';
import type { Mask } from './implementation';

/** `[…, steps]` to `[…, steps, 1]`: what a query's mask says of all it could look at. */
export function ofQueries(mask: Mask): tf.Tensor | null {
  return mask === null ? null : tf.expandDims(tf.cast(mask, 'float32'), -1);
}

/** `[…, steps]` to `[…, 1, steps]`: what a value's mask says to all that could look at it. */
export function ofValues(mask: Mask): tf.Tensor | null {
  return mask === null ? null : tf.expandDims(tf.cast(mask, 'float32'), -2);
}

/** `[1, queries, values]`: no step sees later ones. */
export function causal(queries: number, values: number): tf.Tensor {
  return tf.cast(tf.greaterEqual(tf.range(0, queries).reshape([1, -1, 1]), tf.range(0, values)), 'float32');
}

/** `[1, queries, values]`: a step sees those less than `reach` steps away. */
export function nearby(queries: number, values: number, reach: number): tf.Tensor {
  const distance = tf.abs(tf.sub(tf.range(0, queries).reshape([1, -1, 1]), tf.range(0, values)));
  return tf.cast(tf.less(distance, reach), 'float32');
}

/** null: everything may look at everything. */
export function both(masks: readonly (tf.Tensor | null)[]): tf.Tensor | null {
  return masks.reduce((all, mask) => (all === null ? mask : mask === null ? all : tf.mul(all, mask)), null);
}

/** Scores so low that softmax makes them 0; `low`: how low. `allowed` is stretched to the scores. */
export function forbid(scores: tf.Tensor, allowed: tf.Tensor, low: number): tf.Tensor {
  return tf.sub(scores, tf.mul(low, tf.sub(1, allowed)));
}
