import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { METRIC_KINDS, nameMetric } from '../graph/objectives';
import { METRIC_CASES, runMetricCase, worstDifference } from './goldens/golden-cases';

/** Relative; below 0.1 absolute. */
const TOLERANCE = 1e-5;
const FLOOR = 0.1;

beforeAll(() => tf.setBackend('cpu'));

it('covers every metric', () => {
  expect(new Set(METRIC_CASES.map(({ metric }) => metric.kind))).toEqual(new Set(METRIC_KINDS));
});

it.each(
  METRIC_CASES.map(
    item => [`${nameMetric(item.metric)} of ${item.loss.kind}, data ${item.data}`, item] as const,
  ),
)('over several batches as real Keras computes it: %s', async (_, item) => {
  const before = tf.memory().numTensors;
  expect(worstDifference(await runMetricCase(item, false), item.plain, FLOOR)).toBeLessThan(TOLERANCE);
  expect(worstDifference(await runMetricCase(item, true), item.weighted, FLOOR)).toBeLessThan(TOLERANCE);
  expect(tf.memory().numTensors).toBe(before);
});
