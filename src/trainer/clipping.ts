/** Gradients kept small, as Keras' optimisers do it: `clipvalue`, `clipnorm` and `global_clipnorm`. */
import * as tf from '@tensorflow/tfjs';
import type { Clipping } from '../graph/training-settings';

/** In the same order and shapes; null clips nothing. The caller disposes or tidies. */
export function clipGradients(
  clipping: Clipping | null,
  gradients: readonly tf.Tensor[],
): readonly tf.Tensor[] {
  if (clipping === null || gradients.length === 0) return gradients;
  const { kind, limit } = clipping;
  switch (kind) {
    case 'value':
      return gradients.map(gradient => tf.clipByValue(gradient, -limit, limit));
    case 'norm':
      return gradients.map(gradient => tf.mul(gradient, scaleTo(limit, sumOfSquares(gradient))));
    case 'globalNorm': {
      const squares = tf.sum(tf.stack(gradients.map(sumOfSquares)));
      const scale = scaleTo(limit, squares as tf.Scalar);
      return gradients.map(gradient => tf.mul(gradient, scale));
    }
  }
}

function sumOfSquares(gradient: tf.Tensor): tf.Scalar {
  return tf.sum(tf.square(gradient)) as tf.Scalar;
}

/** What brings a norm to the limit, 1 where it is below. Infinity - infinity makes it NaN, so that no such step looks sound. */
function scaleTo(limit: number, squares: tf.Scalar): tf.Tensor {
  const norm = tf.sqrt(squares);
  return tf.add(tf.div(limit, tf.maximum(norm, limit)), tf.sub(norm, norm));
}
