/** Values that count as constants in gradients (`stop_gradient` of other frameworks). */
import * as tf from '@tensorflow/tfjs';

/** What `compute` returns for `x`, with the gradient 0. */
export function withoutGradient(x: tf.Tensor, compute: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
  return tf.customGrad((...args) => {
    const given = args[0] as tf.Tensor;
    return { value: compute(given), gradFunc: () => tf.zeros(given.shape) };
  })(x);
}
