/**
 * Losses as Keras 3 means them (https://keras.io/api/losses/). Predictions are `[rows, …, values]`; targets have the same
 * shape, or `[rows, …]` with class numbers for the sparse one; each loss gives `[rows, …]`, one value for each row and
 * position. Everything on the way back has a right gradient on every backend.
 */
import * as tf from '@tensorflow/tfjs';
import type { LossKind, LossSettings } from '../graph/objectives';
import { absolute, logCosh, maxOfLast, softplus } from './differentiable';

/** Keras' backend epsilon: probabilities are kept this far from 0 and 1. */
export const EPSILON = 1e-7;
/** The largest 32-bit number: no upper bound for `clipByValue`, whose gradient broadcasts where that of `maximum` doesn't. */
const LARGEST = 3.4e38;

type Of<K extends LossKind> = Extract<LossSettings, { kind: K }>;
type LossFunctions = {
  readonly [K in LossKind]: (target: tf.Tensor, prediction: tf.Tensor, settings: Of<K>) => tf.Tensor;
};

const meanOfLast = (values: tf.Tensor) => tf.mean(values, -1);
const sumOfLast = (values: tf.Tensor) => tf.sum(values, -1);
const atLeast = (values: tf.Tensor, least: number) => tf.clipByValue(values, least, LARGEST);
const clipProbabilities = (values: tf.Tensor) => tf.clipByValue(values, EPSILON, 1 - EPSILON);

const LOSS_FUNCTIONS: LossFunctions = {
  categorical_crossentropy(target, prediction, { fromLogits, labelSmoothing }) {
    const classes = prediction.shape.at(-1) ?? 1;
    const smoothed =
      labelSmoothing === 0 ? target : tf.add(tf.mul(target, 1 - labelSmoothing), labelSmoothing / classes);
    return crossEntropy(smoothed, prediction, fromLogits);
  },
  sparse_categorical_crossentropy: (target, prediction, { fromLogits }) =>
    crossEntropy(target, prediction, fromLogits),
  binary_crossentropy(target, prediction, { fromLogits, labelSmoothing }) {
    const smoothed =
      labelSmoothing === 0 ? target : tf.add(tf.mul(target, 1 - labelSmoothing), 0.5 * labelSmoothing);
    if (fromLogits) {
      // -log(sigmoid(x)) is softplus(-x): no logarithm of 0, and nothing is lost where the answer is sure and right.
      const ofOnes = tf.mul(smoothed, softplus(tf.neg(prediction)));
      return meanOfLast(tf.add(ofOnes, tf.mul(tf.sub(1, smoothed), softplus(prediction))));
    }
    const p = clipProbabilities(prediction);
    const ofOnes = tf.mul(smoothed, tf.log(p));
    const ofZeros = tf.mul(tf.sub(1, smoothed), tf.log(tf.sub(1, p)));
    return meanOfLast(tf.neg(tf.add(ofOnes, ofZeros)));
  },
  kl_divergence(target, prediction) {
    const t = tf.clipByValue(target, EPSILON, 1);
    return sumOfLast(tf.mul(t, tf.log(tf.div(t, tf.clipByValue(prediction, EPSILON, 1)))));
  },
  categorical_hinge(target, prediction) {
    const right = sumOfLast(tf.mul(target, prediction));
    const wrong = maxOfLast(tf.mul(tf.sub(1, target), prediction));
    return tf.relu(tf.add(tf.sub(wrong, right), 1));
  },
  hinge: (target, prediction) => meanOfLast(hingeMargin(target, prediction)),
  squared_hinge: (target, prediction) => meanOfLast(tf.square(hingeMargin(target, prediction))),
  mean_squared_error: (target, prediction) => meanOfLast(tf.square(tf.sub(prediction, target))),
  mean_absolute_error: (target, prediction) => meanOfLast(absolute(tf.sub(prediction, target))),
  mean_absolute_percentage_error(target, prediction) {
    const size = atLeast(tf.abs(target), EPSILON);
    return tf.mul(100, meanOfLast(absolute(tf.div(tf.sub(target, prediction), size))));
  },
  mean_squared_logarithmic_error(target, prediction) {
    const log = (values: tf.Tensor) => tf.log(tf.add(atLeast(values, EPSILON), 1));
    return meanOfLast(tf.square(tf.sub(log(prediction), log(target))));
  },
  huber(target, prediction, { delta }) {
    // Half the square up to delta, a line from there: with near = min(|e|, delta) both are this.
    const error = absolute(tf.sub(prediction, target));
    const near = tf.clipByValue(error, 0, delta);
    return meanOfLast(tf.sub(tf.mul(near, error), tf.mul(0.5, tf.square(near))));
  },
  log_cosh: (target, prediction) => meanOfLast(logCosh(tf.sub(prediction, target))),
  poisson: (target, prediction) =>
    meanOfLast(tf.sub(prediction, tf.mul(target, tf.log(tf.add(prediction, EPSILON))))),
  cosine_similarity: (target, prediction) =>
    tf.neg(sumOfLast(tf.mul(normalise(target), normalise(prediction)))),
};

function crossEntropy(target: tf.Tensor, prediction: tf.Tensor, fromLogits: boolean): tf.Tensor {
  const logs = fromLogits
    ? tf.logSoftmax(prediction)
    : tf.log(clipProbabilities(tf.div(prediction, tf.sum(prediction, -1, true))));
  return tf.neg(sumOfLast(tf.mul(target, logs)));
}

/** 1 - t · p where that is positive. Targets of 0 and 1 alone become -1 and 1, batch by batch, as in Keras. */
function hingeMargin(target: tf.Tensor, prediction: tf.Tensor): tf.Tensor {
  // (t (t - 1))² is 0 for 0 and 1 alone.
  const others = tf.sum(tf.square(tf.mul(target, tf.sub(target, 1))));
  const isBinary = tf.sub(1, tf.step(others));
  const signs = tf.add(tf.mul(isBinary, tf.sub(tf.mul(2, target), 1)), tf.mul(tf.sub(1, isBinary), target));
  return tf.relu(tf.sub(1, tf.mul(signs, prediction)));
}

/** To length 1 along the last axis, but never by more than 1 / epsilon. */
function normalise(values: tf.Tensor): tf.Tensor {
  const squares = tf.sum(tf.square(values), -1, true);
  return tf.mul(values, tf.rsqrt(atLeast(squares, EPSILON ** 2)));
}

/**
 * `[rows, …]`: the loss of each row and position, not weighted.
 */
export function lossValues(loss: LossSettings, target: tf.Tensor, prediction: tf.Tensor): tf.Tensor {
  // The kind picks the function of these very settings.
  const compute = LOSS_FUNCTIONS[loss.kind] as LossFunctions[LossKind];
  return tf.tidy(() => compute(fullTarget(loss, target, prediction), prediction, loss as never));
}

/**
 * A scalar. `weights`: `[rows]`, sample weights times class weights; null: all 1. As in Keras (`sum_over_batch_size`) the
 * weighted sum is divided by the number of values, not by the sum of the weights.
 */
export function computeLoss(
  loss: LossSettings,
  target: tf.Tensor,
  prediction: tf.Tensor,
  weights: tf.Tensor1D | null,
): tf.Scalar {
  return tf.tidy(() => {
    const values = lossValues(loss, target, prediction);
    if (weights === null) return tf.mean(values) as tf.Scalar;
    const ofRows = weights.reshape([weights.size, ...values.shape.slice(1).map(() => 1)]);
    return tf.div(tf.sum(tf.mul(values, ofRows)), values.size) as tf.Scalar;
  });
}

/** The target in the prediction's shape: class numbers become one-hot rows, one number a row becomes a row of one. */
export function fullTarget(loss: LossSettings, target: tf.Tensor, prediction: tf.Tensor): tf.Tensor {
  if (loss.kind !== 'sparse_categorical_crossentropy')
    return tf.reshape(tf.cast(target, 'float32'), prediction.shape);
  const classes = prediction.shape.at(-1) ?? 1;
  const numbers = tf.cast(tf.reshape(target, [-1]), 'int32');
  return tf.reshape(tf.oneHot(numbers, classes, 1, 0, 'float32'), prediction.shape);
}
