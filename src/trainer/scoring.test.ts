import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import type { Head } from '../compiler/result';
import { makeLoss, makeMetric } from '../graph/objectives';
import { lossesOf, packScores, ScoreSum, weighLosses } from './scoring';

beforeAll(() => tf.setBackend('cpu'));

const common = { node: 'n', column: null, classWeights: null };
const HEADS: readonly Head[] = [
  {
    ...common,
    output: 'kind',
    loss: makeLoss('sparse_categorical_crossentropy'),
    lossWeight: 0.5,
    metrics: [makeMetric('accuracy'), makeMetric('f1_score'), makeMetric('top_k_accuracy', { k: 2 })],
  },
  {
    ...common,
    output: 'size',
    loss: makeLoss('mean_squared_error'),
    lossWeight: 2,
    metrics: [makeMetric('r2_score'), makeMetric('root_mean_squared_error')],
  },
];

const KINDS = [0, 2, 1, 1, 0];
const GUESSES = [
  [0.7, 0.2, 0.1],
  [0.1, 0.3, 0.6],
  [0.5, 0.3, 0.2],
  [0.2, 0.6, 0.2],
  [0.1, 0.2, 0.7],
];
const SIZES = [1, 2, 3, 5, 8];
const ESTIMATES = [1.5, 2, 2, 5, 7];

/** The rows from `from` up to `to`. */
function score(from: number, to: number) {
  return tf.tidy(() => {
    const targets = [tf.tensor1d(KINDS.slice(from, to), 'int32'), column(SIZES.slice(from, to))];
    const predictions = [tf.tensor2d(GUESSES.slice(from, to)), column(ESTIMATES.slice(from, to))];
    const losses = lossesOf(HEADS, targets, predictions, [null, null]);
    return packScores(HEADS, weighLosses(HEADS, losses), losses, targets, predictions);
  });
}

const column = (values: readonly number[]) => tf.tensor2d([...values], [values.length, 1]);

it('gives over batches of unlike sizes what the rows give in one', async () => {
  const before = tf.memory().numTensors;
  const [parts, whole] = [new ScoreSum(HEADS, null), new ScoreSum(HEADS, null)];
  parts.add(score(0, 3));
  const kept = tf.memory().numTensors;
  parts.add(score(3, 5));
  expect(tf.memory().numTensors).toBe(kept);
  whole.add(score(0, 5));
  const [found, wanted] = [await parts.read(), await whole.read()];
  expect(found?.loss).toBeCloseTo(wanted?.loss ?? 0, 6);
  for (const [index, { output, loss, metrics }] of (wanted?.heads ?? []).entries()) {
    const own = found?.heads[index];
    expect(own?.output).toBe(output);
    expect(own?.loss).toBeCloseTo(loss, 6);
    expect(Object.keys(own?.metrics ?? {})).toEqual(Object.keys(metrics));
    for (const [name, value] of Object.entries(metrics)) expect(own?.metrics[name]).toBeCloseTo(value, 6);
  }
  for (const sum of [parts, whole]) sum.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

it('gives what can be reckoned by hand, under the metrics’ names', async () => {
  const sum = new ScoreSum(HEADS, null);
  sum.add(score(0, 5));
  const scores = await sum.read();
  sum.dispose();
  const crossEntropy = -[0.7, 0.6, 0.3, 0.6, 0.1].reduce((total, p) => total + Math.log(p), 0) / 5;
  const squaredError = (0.25 + 1 + 1) / 5;
  const spread = SIZES.reduce((total, value) => total + (value - 3.8) ** 2, 0);
  const [kind, size] = scores?.heads ?? [];
  expect(kind?.loss).toBeCloseTo(crossEntropy, 5);
  expect(kind?.metrics.accuracy).toBeCloseTo(3 / 5, 6);
  expect(kind?.metrics['top_k_accuracy k=2']).toBeCloseTo(4 / 5, 6);
  expect(size?.metrics.r2_score).toBeCloseTo(1 - (squaredError * 5) / spread, 5);
  expect(size?.metrics.root_mean_squared_error).toBeCloseTo(Math.sqrt(squaredError), 5);
  expect(scores?.loss).toBeCloseTo(0.5 * crossEntropy + 2 * squaredError, 5);
});

it('goes on from what was saved, and starts anew when it is cleared', async () => {
  const first = new ScoreSum(HEADS, null);
  expect(await first.read()).toBeNull();
  first.add(score(0, 3));
  const second = new ScoreSum(HEADS, structuredClone(await first.save()));
  for (const sum of [first, second]) sum.add(score(3, 5));
  expect(await second.read()).toEqual(await first.read());
  first.clear();
  expect(await first.save()).toBeNull();
  for (const sum of [first, second]) sum.dispose();
});

it('keeps the NaN of a head that counts nothing out of the total', () => {
  const heads = HEADS.map((head, index) => ({ ...head, lossWeight: index }));
  const total = tf.tidy(() => weighLosses(heads, [tf.scalar(Number.NaN), tf.scalar(3)]).dataSync()[0]);
  expect(total).toBe(3);
});
