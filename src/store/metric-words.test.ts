import { expect, test } from 'vitest';
import { METRIC_KINDS, makeMetric } from '../graph/objectives';
import { describeMetric, formatMetric, indexOfBest, scaleOf } from './metric-words';

test.each([
  ['accuracy', 0.97834, '97.8%'],
  ['top_k_accuracy', 1, '100.0%'],
  ['auc', 0.98765, '0.988'],
  ['f1_score', 0.5, '0.500'],
  ['r2_score', -1.25, '-1.250'],
  ['mean_absolute_error', 0.013245, '0.0132'],
  ['root_mean_squared_error', 1234.5, '1235'],
] as const)('%s of %d is written %s', (kind, value, text) => {
  expect(formatMetric(value, scaleOf(makeMetric(kind)))).toBe(text);
});

test('a metric says its options where they differ from the usual', () => {
  expect(describeMetric(makeMetric('top_k_accuracy', { k: 3 }))).toBe('Top-3 accuracy');
  expect(describeMetric(makeMetric('precision'))).toBe('Precision');
  expect(describeMetric(makeMetric('precision', { threshold: 0.7 }))).toBe('Precision (threshold 0.7)');
  expect(new Set(METRIC_KINDS.map(kind => describeMetric(makeMetric(kind)))).size).toBe(METRIC_KINDS.length);
});

test('the best epoch is the first with the highest score, or with the lowest error or loss', () => {
  const values = [null, 0.5, 0.9, 0.9, Number.NaN, 0.2];
  expect(indexOfBest(values, makeMetric('accuracy'))).toBe(2);
  expect(indexOfBest(values, makeMetric('mean_squared_error'))).toBe(5);
  expect(indexOfBest(values, null)).toBe(5);
  expect(indexOfBest([null], null)).toBeNull();
});
