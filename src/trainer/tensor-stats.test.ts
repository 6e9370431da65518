import { expect, test } from 'vitest';
import { countConstant, describeTensor } from './tensor-stats';

test('range, mean and spread of the whole and of each channel', () => {
  const stats = describeTensor({
    shape: [2, 2, 2],
    dtype: 'float32',
    values: Float32Array.of(1, 10, 2, 20, 3, 30, 6, 0),
  });
  expect(stats).toMatchObject({ rows: 2, min: 0, max: 30, mean: 9, notFinite: 0 });
  expect(stats.channels.map(({ mean }) => mean)).toEqual([3, 15]);
  // The population's standard deviations, by hand.
  expect(stats.channels[0]?.std).toBeCloseTo(Math.sqrt(3.5), 12);
  expect(stats.channels[1]?.std).toBeCloseTo(Math.sqrt(125), 12);
  expect(stats.std).toBeCloseTo(Math.sqrt(100.25), 12);
});

test('a small spread far from 0 keeps its digits', () => {
  const values = Int32Array.from({ length: 1000 }, (_, i) => 16_000_000 + (i % 2));
  expect(describeTensor({ shape: [1000, 1], dtype: 'int32', values }).std).toBeCloseTo(0.5, 9);
});

test('channels that never change are counted, those that are always 0 too', () => {
  const values = Float32Array.from({ length: 300 }, (_, i) => [0, 0.1, Math.floor(i / 3)][i % 3] ?? 0);
  expect(countConstant(describeTensor({ shape: [100, 3], dtype: 'float32', values }))).toBe(2);
});

test('values that are no numbers are counted and left out', () => {
  const values = Float32Array.of(1, Number.NaN, 3, Number.POSITIVE_INFINITY);
  expect(describeTensor({ shape: [4], dtype: 'float32', values })).toMatchObject({
    min: 1,
    max: 3,
    mean: 2,
    notFinite: 2,
  });
  const none = describeTensor({ shape: [1, 1], dtype: 'float32', values: Float32Array.of(Number.NaN) });
  expect(none).toMatchObject({ min: 0, max: 0, mean: 0, std: 0, notFinite: 1 });
});
