/**
 * The larger and the smaller of two values with their sizes of 1 stretched. TensorFlow.js gives the gradients of Maximum and
 * Minimum the stretched shape and then refuses them (tfjs 4.22, Maximum_grad.ts; not reported), so they are stretched before.
 */
import * as tf from '@tensorflow/tfjs';

export function maximum(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const [left, right] = stretch(a, b);
  return tf.maximum(left, right);
}

export function minimum(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const [left, right] = stretch(a, b);
  return tf.minimum(left, right);
}

function stretch(a: tf.Tensor, b: tf.Tensor): [tf.Tensor, tf.Tensor] {
  const shape = stretchedShape(a.shape, b.shape);
  const stretched = (x: tf.Tensor) =>
    tf.util.arraysEqual(x.shape, shape) ? x : tf.broadcastTo(x, [...shape]);
  return [stretched(a), stretched(b)];
}

/** Sizes from the end, as NumPy. @throws Error if they don't fit. */
export function stretchedShape(a: readonly number[], b: readonly number[]): number[] {
  return tf.broadcast_util.assertAndGetBroadcastShape([...a], [...b]);
}
