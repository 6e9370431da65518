/**
 * Metrics as Keras 3 means them (https://keras.io/api/metrics/). Each is a few sums over rows, which batches add to on the
 * device, and a formula over the sums of all of them: nothing is averaged over batches. With `from_logits` they read the
 * probabilities that the loss makes of the logits, where Keras would compare logits with the threshold.
 */
import * as tf from '@tensorflow/tfjs';
import type { LossSettings, MetricKind, MetricSettings } from '../graph/objectives';
import { EPSILON, fullTarget } from './losses';

/** One batch: everything `[rows, …, values]` but `weights`, which are `[rows]`. */
interface Batch {
  /** In the prediction's shape: classes are one-hot. */
  readonly target: tf.Tensor;
  readonly prediction: tf.Tensor;
  readonly weights: tf.Tensor1D;
}

type Of<K extends MetricKind> = Extract<MetricSettings, { kind: K }>;

interface Metric<S extends MetricSettings> {
  /** `[sums]`, of a number that follows from the prediction's last axis alone. */
  readonly add: (batch: Batch, settings: S) => tf.Tensor;
  readonly finish: (sums: readonly number[], settings: S) => number;
}
type Metrics = { readonly [K in MetricKind]: Metric<Of<K>> };

/** 0 where nothing was counted, as Keras' `divide_no_nan`. */
const ratio = (a: number, b: number) => (b === 0 ? 0 : a / b);
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
/** The sums of one kind after the other, as arrays: `parts` of them in one list. */
const split = (sums: readonly number[], parts: number): readonly (readonly number[])[] =>
  Array.from({ length: parts }, (_, part) =>
    sums.slice((part * sums.length) / parts, ((part + 1) * sums.length) / parts),
  );

const isAbove = (values: tf.Tensor, threshold: number) => tf.cast(tf.greater(values, threshold), 'float32');
const areEqual = (a: tf.Tensor, b: tf.Tensor) => tf.cast(tf.equal(a, b), 'float32');

/** The mean over rows of a value that each has: its weighted sum and the sum of the weights. */
function meanOf<K extends MetricKind>(
  valuesOf: (batch: Batch, settings: Of<K>) => tf.Tensor,
  finish: (mean: number) => number = mean => mean,
): Metric<Of<K>> {
  return {
    add(batch, settings) {
      const values = valuesOf(batch, settings);
      const ofRows = tf.mean(tf.reshape(values, [batch.weights.size, -1]), 1);
      return tf.stack([tf.sum(tf.mul(ofRows, batch.weights)), tf.sum(batch.weights)]);
    },
    finish: ([sum = 0, count = 0]) => finish(ratio(sum, count)),
  };
}

/** Each value by itself, with its row's weight: `[values]`. */
function flatten({ target, prediction, weights }: Batch): Batch {
  const each = tf.mul(tf.reshape(weights, [-1, 1]), tf.onesLike(tf.reshape(target, [weights.size, -1])));
  return { target: tf.reshape(target, [-1]), prediction: tf.reshape(prediction, [-1]), weights: each.as1D() };
}

/** Each position as a row: `[positions, values]` and `[positions, 1]`. */
function asRows({ target, prediction, weights }: Batch) {
  const last = prediction.shape.at(-1) ?? 1;
  const repeated = tf.mul(
    tf.reshape(weights, [-1, 1]),
    tf.ones([weights.size, prediction.size / last / weights.size]),
  );
  return {
    target: tf.reshape(target, [-1, last]),
    prediction: tf.reshape(prediction, [-1, last]),
    weights: tf.reshape(repeated, [-1, 1]),
  };
}

/** Yes or no, value by value: what was rightly and wrongly said yes to, and wrongly said no to. */
const DECISIONS = {
  add(batch: Batch, { threshold }: { readonly threshold: number }): tf.Tensor {
    const { target, prediction, weights } = flatten(batch);
    const said = isAbove(prediction, threshold);
    // Keras casts targets to booleans.
    const isTrue = tf.sub(1, areEqual(target, tf.zerosLike(target)));
    const weighted = (hits: tf.Tensor) => tf.sum(tf.mul(hits, weights));
    return tf.stack([
      weighted(tf.mul(said, isTrue)),
      weighted(tf.mul(said, tf.sub(1, isTrue))),
      weighted(tf.mul(tf.sub(1, said), isTrue)),
    ]);
  },
};

/** Keras' `num_thresholds`. */
const THRESHOLDS = 200;

const METRIC_FUNCTIONS: Metrics = {
  // What 'accuracy' is follows from the shape, as in Keras: one value is yes or no, of several the highest counts.
  accuracy: meanOf(({ target, prediction }) =>
    prediction.shape.at(-1) === 1
      ? areEqual(target, isAbove(prediction, 0.5))
      : areEqual(tf.argMax(target, -1), tf.argMax(prediction, -1)),
  ),
  top_k_accuracy: meanOf(({ target, prediction }, { k }) => {
    const last = prediction.shape.at(-1) ?? 1;
    const isRight = tf.reshape(
      tf.oneHot(tf.reshape(tf.argMax(target, -1), [-1]), last, 1, 0, 'float32'),
      target.shape,
    );
    const ofRight = tf.sum(tf.mul(isRight, prediction), -1, true);
    const higher = tf.sum(tf.cast(tf.greater(prediction, ofRight), 'float32'), -1);
    return tf.cast(tf.less(higher, k), 'float32');
  }),
  auc: { add: countBuckets, finish: areaUnderRoc },
  precision: {
    add: DECISIONS.add,
    finish: ([right = 0, wrong = 0]) => ratio(right, right + wrong),
  },
  recall: {
    add: DECISIONS.add,
    finish: ([right = 0, , missed = 0]) => ratio(right, right + missed),
  },
  f1_score: { add: countByClass, finish: averageF1 },
  r2_score: { add: sumSquares, finish: explainedPart },
  mean_absolute_error: meanOf(({ target, prediction }) => tf.abs(tf.sub(prediction, target))),
  mean_squared_error: meanOf(({ target, prediction }) => tf.square(tf.sub(prediction, target))),
  root_mean_squared_error: meanOf(
    ({ target, prediction }) => tf.square(tf.sub(prediction, target)),
    Math.sqrt,
  ),
};

/** The weights of true and of false values by the highest threshold that each prediction is above: `[2 * THRESHOLDS]`. */
function countBuckets(batch: Batch): tf.Tensor {
  const { target, prediction, weights } = flatten(batch);
  const places = tf.mul(tf.clipByValue(prediction, 0, 1), THRESHOLDS - 1);
  const buckets = tf.cast(tf.relu(tf.sub(tf.ceil(places), 1)), 'int32') as tf.Tensor1D;
  const isTrue = tf.sub(1, areEqual(target, tf.zerosLike(target)));
  return tf.concat([
    tf.unsortedSegmentSum(tf.mul(isTrue, weights), buckets, THRESHOLDS),
    tf.unsortedSegmentSum(tf.mul(tf.sub(1, isTrue), weights), buckets, THRESHOLDS),
  ]);
}

/** The trapezoids under the ROC curve through all thresholds, Keras' `interpolation`. */
function areaUnderRoc(sums: readonly number[]): number {
  const [ofTrue = [], ofFalse = []] = split(sums, 2);
  // Above threshold t is what lies in its bucket and the higher ones.
  const above = (buckets: readonly number[]) => buckets.map((_, t) => total(buckets.slice(t)));
  const recalls = above(ofTrue).map(value => ratio(value, total(ofTrue)));
  const falseRates = above(ofFalse).map(value => ratio(value, total(ofFalse)));
  let area = 0;
  for (let t = 0; t + 1 < recalls.length; t++) {
    const [left = 0, right = 0] = recalls.slice(t, t + 2);
    area += (((falseRates[t] ?? 0) - (falseRates[t + 1] ?? 0)) * (left + right)) / 2;
  }
  return area;
}

/** For each class, one against the rest: rightly said yes, wrongly said yes, wrongly said no. */
function countByClass(batch: Batch, { threshold }: Of<'f1_score'>): tf.Tensor {
  const { target, prediction, weights } = asRows(batch);
  const said = saidYes(prediction, threshold);
  const weighted = (hits: tf.Tensor) => tf.sum(tf.mul(hits, weights), 0);
  return tf.concat([
    weighted(tf.mul(said, target)),
    weighted(tf.mul(said, tf.sub(1, target))),
    weighted(tf.mul(tf.sub(1, said), target)),
  ]);
}

/** `[rows, classes]`. Without a threshold the highest class; of one class alone Keras would always say yes to it, so half. */
function saidYes(prediction: tf.Tensor, threshold: number | null): tf.Tensor {
  if (threshold !== null) return isAbove(prediction, threshold);
  if (prediction.shape.at(-1) === 1) return isAbove(prediction, 0.5);
  const isHighest = tf.cast(tf.greaterEqual(prediction, tf.max(prediction, -1, true)), 'float32');
  return tf.mul(isHighest, isAbove(tf.abs(prediction), 1e-9));
}

function averageF1(sums: readonly number[], { average }: Of<'f1_score'>): number {
  const [right = [], wrong = [], missed = []] = split(sums, 3);
  const score = (hits: number, falseHits: number, misses: number) => {
    const precision = hits / (hits + falseHits + EPSILON);
    const recall = hits / (hits + misses + EPSILON);
    return (2 * precision * recall) / (precision + recall + EPSILON);
  };
  if (average === 'micro') return score(total(right), total(wrong), total(missed));
  const scores = right.map((hits, index) => score(hits, wrong[index] ?? 0, missed[index] ?? 0));
  if (average === 'macro') return total(scores) / scores.length;
  const occurring = right.map((hits, index) => hits + (missed[index] ?? 0));
  const all = total(occurring) + EPSILON;
  return total(scores.map((value, index) => (value * (occurring[index] ?? 0)) / all));
}

/** For each value of a row: the sums of weights, targets, their squares and the squared errors. */
function sumSquares(batch: Batch): tf.Tensor {
  const { target, prediction, weights } = asRows(batch);
  const weighted = (values: tf.Tensor) => tf.sum(tf.mul(values, weights), 0);
  return tf.concat([
    weighted(tf.onesLike(target)),
    weighted(target),
    weighted(tf.square(target)),
    weighted(tf.square(tf.sub(target, prediction))),
  ]);
}

/** 1 less the errors' part of the targets' variance, averaged over the values of a row: Keras' `uniform_average`. */
function explainedPart(sums: readonly number[]): number {
  const [counts = [], targets = [], squares = [], errors = []] = split(sums, 4);
  const scores = counts.map((count, index) => {
    const sum = targets[index] ?? 0;
    const spread = (squares[index] ?? 0) - (sum * sum) / count;
    const part = (errors[index] ?? 0) / spread;
    return Number.isFinite(part) || Number.isNaN(part) ? 1 - part : 0;
  });
  return total(scores) / scores.length;
}

/**
 * `[sums]`: what a batch adds to a metric. `weights`: `[rows]`; null: all rows count alike, as Keras' `metrics` take them.
 */
export function sumMetric(
  metric: MetricSettings,
  loss: LossSettings,
  target: tf.Tensor,
  prediction: tf.Tensor,
  weights: tf.Tensor1D | null,
): tf.Tensor1D {
  const { add } = METRIC_FUNCTIONS[metric.kind] as Metric<MetricSettings>;
  return tf.tidy(() => {
    const batch = {
      target: fullTarget(loss, target, prediction),
      prediction: asProbabilities(loss, prediction),
      weights: weights ?? tf.ones([prediction.shape[0] ?? 1]),
    };
    return add(batch as Batch, metric).as1D();
  });
}

/** The metric over all rows whose sums were added up. */
export function finishMetric(metric: MetricSettings, sums: readonly number[]): number {
  const { finish } = METRIC_FUNCTIONS[metric.kind] as Metric<MetricSettings>;
  return finish(sums, metric);
}

function asProbabilities(loss: LossSettings, prediction: tf.Tensor): tf.Tensor {
  if (!('fromLogits' in loss) || !loss.fromLogits) return prediction;
  return loss.kind === 'binary_crossentropy' ? tf.sigmoid(prediction) : tf.softmax(prediction);
}
