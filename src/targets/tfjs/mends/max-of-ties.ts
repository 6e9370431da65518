/**
 * Where several values are the largest, the gradient of `tf.max` (tfjs 4.22, all backends) goes to each of them in full, so that
 * together they get it several times. Keras on JAX and on TensorFlow shares it out equally. Not reported upstream.
 */
import * as tf from '@tensorflow/tfjs';

/** The largest values along an axis, which stays with size 1. */
export function maxAlong(x: tf.Tensor, axis: number): tf.Tensor {
  const run = tf.customGrad((input, save) => {
    const values = input as tf.Tensor;
    const largest = tf.max(values, axis, true);
    (save as tf.GradSaveFunc)([values, largest]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [savedValues, savedLargest] = saved as [tf.Tensor, tf.Tensor];
      const found = tf.cast(tf.equal(savedValues, savedLargest), 'float32');
      return tf.mul(found, tf.div(dy, tf.sum(found, axis, true)));
    };
    return { value: largest, gradFunc };
  });
  return run(x);
}
