/**
 * Activations as Keras 3 defines them (https://keras.io/api/layers/activations/). Comparisons have no gradient in
 * TensorFlow.js, so pieces are joined with `relu`, `minimum` and `step`.
 */
import * as tf from '@tensorflow/tfjs';
import type { Activation } from '../../../layers/params';
import { collapse } from './collapse';
import { withoutGradient } from './without-gradient';

type ActivationFunction = (x: tf.Tensor) => tf.Tensor;

const hardSigmoid: ActivationFunction = x => tf.clipByValue(tf.add(tf.div(x, 6), 0.5), 0, 1);
const softplus: ActivationFunction = x => tf.softplus(x);

const FUNCTIONS: Readonly<Record<Activation, ActivationFunction>> = {
  linear: x => x,
  relu: x => tf.relu(x),
  relu6: x => tf.relu6(x),
  elu: x => tf.elu(x),
  selu: x => tf.selu(x),
  gelu: x => gelu(x, false),
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
};

/** Halves the last axis: one half is the gate of the other. It fits in no layer but Activation. */
export function glu(x: tf.Tensor): tf.Tensor {
  const [values, gates] = tf.split(x, 2, -1);
  return tf.mul(values as tf.Tensor, tf.sigmoid(gates as tf.Tensor));
}

export function activate(name: Activation, x: tf.Tensor): tf.Tensor {
  return FUNCTIONS[name](x);
}

/** Shares that add up to 1 along the axes together: plain indices in rising order. */
export function softmaxAlong(x: tf.Tensor, axes: readonly number[]): tf.Tensor {
  const { shape, axes: along } = collapse(x.shape, axes);
  const flat = tf.reshape(x, [...shape]);
  const isLast = along.length === 1 && along[0] === shape.length - 1;
  return tf.reshape(isLast ? tf.softmax(flat) : exponentialShares(flat, along), x.shape);
}

/** The logarithms of those shares. */
export function logSoftmaxAlong(x: tf.Tensor, axes: readonly number[]): tf.Tensor {
  const { shape, axes: along } = collapse(x.shape, axes);
  const flat = tf.reshape(x, [...shape]);
  return tf.reshape(tf.sub(flat, logSumExp(flat, along)), x.shape);
}

/** The logarithm of the sum of e^x, its axes kept with size 1. */
export function logSumExp(x: tf.Tensor, along: number[]): tf.Tensor {
  const largest = withoutGradient(x, given => tf.max(given, along, true));
  return tf.add(largest, tf.log(tf.sum(tf.exp(tf.sub(x, largest)), along, true)));
}

function exponentialShares(x: tf.Tensor, along: number[]): tf.Tensor {
  // Whatever is taken off leaves the shares as they are; this keeps the powers in range.
  const largest = withoutGradient(x, given => tf.max(given, along, true));
  const powers = tf.exp(tf.sub(x, largest));
  return tf.div(powers, tf.sum(powers, along, true));
}

/** x above 0, slope · x below. */
export function leakyRelu(x: tf.Tensor, slope: number | tf.Tensor): tf.Tensor {
  return tf.sub(tf.relu(x), tf.mul(slope, tf.relu(tf.neg(x))));
}

/** Keras' relu with all its options: above `threshold` x, up to `max_value`; below, what lies under it times the slope. */
export function relu(
  x: tf.Tensor,
  options: {
    readonly max_value: number | null;
    readonly negative_slope: number;
    readonly threshold: number;
  },
): tf.Tensor {
  const { max_value, negative_slope, threshold } = options;
  const passed = threshold === 0 ? tf.relu(x) : tf.mul(x, tf.step(tf.sub(x, threshold)));
  const limited = max_value === null ? passed : tf.clipByValue(passed, 0, max_value);
  if (negative_slope === 0) return limited;
  return tf.sub(limited, tf.mul(negative_slope, tf.relu(tf.sub(threshold, x))));
}

/** x above 0, alpha · (e^x - 1) below. */
export function scaledElu(x: tf.Tensor, alpha: number): tf.Tensor {
  if (alpha === 1) return tf.elu(x);
  return tf.add(tf.relu(x), tf.mul(alpha, tf.elu(tf.neg(tf.relu(tf.neg(x))))));
}

/** x times the share of a normal distribution below x: exactly, or by tanh (Hendrycks and Gimpel, 2016). */
export function gelu(x: tf.Tensor, approximate: boolean): tf.Tensor {
  const inner = approximate
    ? tf.tanh(tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.mul(x, tf.square(x))))))
    : tf.erf(tf.mul(x, Math.SQRT1_2));
  return tf.mul(tf.mul(0.5, x), tf.add(1, inner));
}
