/**
 * Functions whose gradients TensorFlow.js 4.22 hasn't or has otherwise than Keras: each with the gradient that it has there.
 * Elementwise unless said; no broadcasting, no comparisons on the way back, so they hold on WebGPU too.
 */
import * as tf from '@tensorflow/tfjs';

/** A function with the derivative that goes with it: `slope` is multiplied with what comes back. */
function withSlope(
  forward: (x: tf.Tensor) => tf.Tensor,
  slope: (x: tf.Tensor) => tf.Tensor,
): (x: tf.Tensor) => tf.Tensor {
  return tf.customGrad((x, save) => {
    const input = x as tf.Tensor;
    (save as tf.GradSaveFunc)([input]);
    return {
      value: forward(input),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, slope(saved[0] ?? input)),
    };
  });
}

/**
 * The slope of |0| is 0 as on Keras' TensorFlow backend, so that a prediction that is right isn't moved; TensorFlow.js says -1,
 * Keras' JAX backend 1.
 */
export const absolute = withSlope(tf.abs, tf.sign);

/** log(1 + exp(x)), exact also where exp overflows or 1 + exp(x) is 1. */
export const softplus = withSlope(
  x => tf.add(tf.relu(x), tf.log1p(tf.exp(tf.neg(tf.abs(x))))),
  x => tf.sigmoid(x),
);

/** log(cosh(x)) without overflow; its slope is tanh(x). */
export const logCosh = withSlope(x => {
  const size = tf.abs(x);
  return tf.sub(tf.add(size, tf.log1p(tf.exp(tf.mul(size, -2)))), Math.LN2);
}, tf.tanh);

/** The largest along the last axis. Where several are, each gets its share of the gradient; TensorFlow.js gives each all of it. */
export const maxOfLast: (x: tf.Tensor) => tf.Tensor = tf.customGrad((x, save) => {
  const input = x as tf.Tensor;
  const largest = tf.max(input, -1, true);
  (save as tf.GradSaveFunc)([input, largest]);
  return {
    value: tf.squeeze(largest, [-1]),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [of = input, top = largest] = saved;
      const isTop = tf.cast(tf.equal(of, top), 'float32');
      return tf.mul(tf.expandDims(dy, -1), tf.div(isTop, tf.sum(isTop, -1, true)));
    },
  };
});
