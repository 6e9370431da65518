/**
 * Activations as Keras 3 defines them (https://keras.io/api/layers/activations/). Comparisons have no gradient in
 * TensorFlow.js, so pieces are joined with `relu`, `minimum` and `step`.
 */
import * as tf from '@tensorflow/tfjs';
import type { Activation } from '../../../layers/params';

type ActivationFunction = (x: tf.Tensor) => tf.Tensor;

const hardSigmoid: ActivationFunction = x => tf.clipByValue(tf.add(tf.div(x, 6), 0.5), 0, 1);
const softplus: ActivationFunction = x => tf.softplus(x);

const FUNCTIONS: Readonly<Record<Activation, ActivationFunction>> = {
  linear: x => x,
  relu: x => tf.relu(x),
  relu6: x => tf.relu6(x),
  elu: x => tf.elu(x),
  selu: x => tf.selu(x),
  gelu: x => tf.mul(tf.mul(0.5, x), tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2)))),
  silu: x => tf.mul(x, tf.sigmoid(x)),
  mish: x => tf.mul(x, tf.tanh(softplus(x))),
  sigmoid: x => tf.sigmoid(x),
  hard_sigmoid_keras2: x => tf.clipByValue(tf.add(tf.mul(x, 0.2), 0.5), 0, 1),
  hard_sigmoid: hardSigmoid,
  softplus,
  softsign: x => tf.div(x, tf.add(tf.abs(x), 1)),
  tanh: x => tf.tanh(x),
  softmax: x => tf.softmax(x),
  log_softmax: x => tf.logSoftmax(x),
  // max(0, x) + min(0, e^x - 1): celu with alpha 1 is elu.
  celu: x => tf.elu(x),
  exponential: x => tf.exp(x),
  // x where |x| > 0.5, else 0. `step` is 1 above 0 and has the gradient 0.
  hard_shrink: x => tf.mul(x, tf.step(tf.sub(tf.abs(x), 0.5))),
  hard_silu: x => tf.mul(x, hardSigmoid(x)),
  hard_tanh: x => tf.clipByValue(x, -1, 1),
  leaky_relu: x => leakyRelu(x, 0.2),
  log_sigmoid: x => tf.neg(softplus(tf.neg(x))),
  soft_shrink: x => tf.sub(tf.relu(tf.sub(x, 0.5)), tf.relu(tf.sub(-0.5, x))),
  // 0 up to -1, (x + 1)² / 4 up to 1, x beyond.
  sparse_plus: x => {
    const inside = tf.clipByValue(x, -1, 1);
    return tf.add(tf.div(tf.square(tf.add(inside, 1)), 4), tf.relu(tf.sub(x, 1)));
  },
  sparse_sigmoid: x => tf.clipByValue(tf.mul(tf.add(x, 1), 0.5), 0, 1),
  squareplus: x => tf.div(tf.add(x, tf.sqrt(tf.add(tf.square(x), 4))), 2),
  tanh_shrink: x => tf.sub(x, tf.tanh(x)),
  // x above Keras' own threshold and default value, 0.5 and 0.
  threshold: x => tf.mul(x, tf.step(tf.sub(x, 0.5))),
};

export function activate(name: Activation, x: tf.Tensor): tf.Tensor {
  return FUNCTIONS[name](x);
}

/** x above 0, slope · x below. */
export function leakyRelu(x: tf.Tensor, slope: number | tf.Tensor): tf.Tensor {
  return tf.sub(tf.relu(x), tf.mul(slope, tf.relu(tf.neg(x))));
}
