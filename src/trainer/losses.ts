/**
 * Losses and metrics as Keras means them (https://keras.io/api/losses/, https://keras.io/api/metrics/), each the mean over
 * all rows and positions. Predictions are `[rows, …, classes]` or `[rows, …]`, targets as `data/to-arrays.ts` makes them.
 */
import * as tf from '@tensorflow/tfjs';
import type { LossKind, LossSettings, MetricSettings } from '../graph/objectives';

/** Keras' backend epsilon: probabilities are kept this far from 0 and 1. */
const EPSILON = 1e-7;

const clip = (probabilities: tf.Tensor) => tf.clipByValue(probabilities, EPSILON, 1 - EPSILON);

type LossFunction = (target: tf.Tensor, prediction: tf.Tensor) => tf.Scalar;

const LOSS_FUNCTIONS = {
  categorical_crossentropy: (target: tf.Tensor, prediction: tf.Tensor): tf.Scalar => {
    const normalised = tf.div(prediction, tf.sum(prediction, -1, true));
    return negative(tf.mean(tf.sum(tf.mul(target, tf.log(clip(normalised))), -1)));
  },
  sparse_categorical_crossentropy: (target: tf.Tensor, prediction: tf.Tensor): tf.Scalar =>
    LOSS_FUNCTIONS.categorical_crossentropy(oneHotLike(target, prediction), prediction),
  binary_crossentropy: (target: tf.Tensor, prediction: tf.Tensor): tf.Scalar => {
    const p = clip(prediction);
    const t = likePrediction(target, prediction);
    const ofOnes = tf.mul(t, tf.log(p));
    const ofZeros = tf.mul(tf.sub(1, t), tf.log(tf.sub(1, p)));
    return negative(tf.mean(tf.add(ofOnes, ofZeros)));
  },
  mean_squared_error: (target: tf.Tensor, prediction: tf.Tensor): tf.Scalar =>
    tf.mean(tf.square(tf.sub(prediction, likePrediction(target, prediction)))),
  mean_absolute_error: (target: tf.Tensor, prediction: tf.Tensor): tf.Scalar =>
    tf.mean(tf.abs(tf.sub(prediction, likePrediction(target, prediction)))),
  // Delta 1: half the square within it, linear beyond. min(|e|, 1) has a gradient where a comparison has none.
  huber: (target: tf.Tensor, prediction: tf.Tensor): tf.Scalar => {
    const error = tf.abs(tf.sub(prediction, likePrediction(target, prediction)));
    const near = tf.minimum(error, tf.onesLike(error));
    return tf.mean(tf.sub(tf.mul(near, error), tf.mul(0.5, tf.square(near))));
  },
};

/** A scalar. */
export function computeLoss({ kind }: LossSettings, target: tf.Tensor, prediction: tf.Tensor): tf.Scalar {
  const functions: Partial<Record<LossKind, LossFunction>> = LOSS_FUNCTIONS;
  const compute = functions[kind];
  if (compute === undefined) throw new Error(`${kind} isn't computed yet.`);
  return tf.tidy(() => compute(target, prediction));
}

/** A scalar. What accuracy means follows from the loss and the shapes, as in Keras. */
export function computeMetric(
  { kind: metric }: MetricSettings,
  { kind: loss }: LossSettings,
  target: tf.Tensor,
  prediction: tf.Tensor,
): tf.Scalar {
  return tf.tidy(() => {
    const sparse = loss === 'sparse_categorical_crossentropy';
    if (metric === 'mean_absolute_error') {
      const full = sparse ? oneHotLike(target, prediction) : likePrediction(target, prediction);
      return tf.mean(tf.abs(tf.sub(prediction, full)));
    }
    const classes = prediction.shape[prediction.rank - 1] ?? 1;
    if (sparse || (loss === 'categorical_crossentropy' && classes > 1)) {
      const wanted = sparse ? tf.cast(target, 'int32') : tf.argMax(target, -1);
      const guess = tf.argMax(prediction, -1);
      return tf.mean(tf.cast(tf.equal(guess, wanted.reshape(guess.shape)), 'float32'));
    }
    const wanted = tf.greater(likePrediction(target, prediction), 0.5);
    return tf.mean(tf.cast(tf.equal(tf.greater(prediction, 0.5), wanted), 'float32'));
  });
}

const negative = (tensor: tf.Tensor) => tf.neg(tensor) as tf.Scalar;

/** A target of one number a row may come as `[rows]` where the prediction is `[rows, 1]`. */
function likePrediction(target: tf.Tensor, prediction: tf.Tensor): tf.Tensor {
  return tf.reshape(tf.cast(target, 'float32'), prediction.shape);
}

function oneHotLike(target: tf.Tensor, prediction: tf.Tensor): tf.Tensor {
  const classes = prediction.shape[prediction.rank - 1] ?? 1;
  return tf.reshape(
    tf.oneHot(tf.cast(target.flatten(), 'int32'), classes, 1, 0, 'float32'),
    prediction.shape,
  );
}
