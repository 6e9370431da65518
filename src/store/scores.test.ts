import { describe, expect, test } from 'vitest';
import { createRandom } from '../base/random';
import type { ClassesColumn, NumbersColumn } from '../data/dataset';
import { makeLoss } from '../graph/objectives';
import {
  averageOutputs,
  bestOf,
  compareInPairs,
  judge,
  type RowScores,
  scoreRows,
  thresholdOf,
} from './scores';

const classes: ClassesColumn = {
  kind: 'classes',
  name: 'digit',
  help: '',
  classes: ['a', 'b', 'c'],
  values: Int32Array.of(0, 1, 2, 1),
};
const numbers: NumbersColumn = {
  kind: 'numbers',
  name: 'size',
  help: '',
  rowShape: [2],
  values: Float32Array.of(0, 0, 1, 1, 2, 2),
};

function answers(size: number, values: readonly number[]) {
  return {
    shape: [values.length / size, size],
    dtype: 'float32' as const,
    values: Float32Array.from(values),
  };
}

function hits(perRow: readonly number[]): RowScores {
  return { measure: 'accuracy', perRow: Float64Array.from(perRow) };
}

describe('scoreRows', () => {
  test('holds the largest of several values against the class of the right row', () => {
    const output = answers(3, [0.1, 0.8, 0.1, 0.2, 0.2, 0.6, 0.9, 0.1, 0]);
    expect([...scoreRows(output, classes, Uint32Array.of(3, 2, 1)).perRow]).toEqual([1, 1, 0]);
  });

  test('takes one value as the probability of the second of two classes', () => {
    const two = { ...classes, classes: ['no', 'yes'], values: Int32Array.of(0, 1, 1) };
    expect([...scoreRows(answers(1, [0.4, 0.6, 0.2]), two, Uint32Array.of(0, 1, 2)).perRow]).toEqual([
      1, 1, 0,
    ]);
  });

  test('takes raw scores of 0 and more for the second, where the loss makes the probabilities', () => {
    const two = { ...classes, classes: ['no', 'yes'], values: Int32Array.of(0, 1, 1) };
    const threshold = thresholdOf(makeLoss('binary_crossentropy', { fromLogits: true }));
    const rows = Uint32Array.of(0, 1, 2);
    expect([...scoreRows(answers(1, [-3, 0.2, 4]), two, rows, threshold).perRow]).toEqual([1, 1, 1]);
    expect(thresholdOf(makeLoss('binary_crossentropy'))).toBe(0.5);
  });

  test('takes the mean absolute error of a row of numbers', () => {
    const scores = scoreRows(answers(2, [2, 4, 0, 1]), numbers, Uint32Array.of(2, 0));
    expect(scores).toEqual({ measure: 'error', perRow: Float64Array.of(1, 0.5) });
  });

  test('refuses an output of another size', () => {
    expect(() => scoreRows(answers(2, [1, 2]), classes, Uint32Array.of(0))).toThrow('2 values');
  });
});

test('averages answers value by value', () => {
  const average = averageOutputs([answers(2, [0, 1, 0.5, 0.5]), answers(2, [1, 0, 0.5, 0.5])]);
  expect([...average.values]).toEqual([0.5, 0.5, 0.5, 0.5]);
});

test('the best source has the most hits, or the least error', () => {
  expect(bestOf([hits([1, 0]), hits([1, 1])])).toBe(1);
  const error = (value: number): RowScores => ({ measure: 'error', perRow: Float64Array.of(value) });
  expect(bestOf([error(0.1), error(0.3)])).toBe(0);
  expect(bestOf([])).toBeNull();
});

describe('compareInPairs', () => {
  test('comes close to the interval of the normal distribution', () => {
    const seed = 11;
    const random = createRandom(seed);
    const other = hits(Array.from({ length: 400 }, () => Number(random.uniform() < 0.7)));
    const joined = hits(
      [...other.perRow].map(hit => (random.uniform() < 0.2 ? Number(random.uniform() < 0.9) : hit)),
    );
    const gains = joined.perRow.map((hit, i) => hit - (other.perRow[i] ?? 0));
    const average = gains.reduce((a, b) => a + b, 0) / gains.length;
    const spread = Math.sqrt(
      gains.reduce((sum, gain) => sum + (gain - average) ** 2, 0) / gains.length / gains.length,
    );
    const interval = compareInPairs(joined, other, seed);
    expect(interval.gain).toBeCloseTo(average, 12);
    expect(Math.abs(interval.low - (average - 1.96 * spread)), `seed ${seed}`).toBeLessThan(0.3 * spread);
    expect(Math.abs(interval.high - (average + 1.96 * spread)), `seed ${seed}`).toBeLessThan(0.3 * spread);
  });

  test('is the same for the same seed', () => {
    const [a, b] = [hits([1, 0, 1, 1, 0, 1]), hits([0, 0, 1, 1, 1, 0])];
    expect(compareInPairs(a, b, 3)).toEqual(compareInPairs(a, b, 3));
  });

  test('counts less error as a gain', () => {
    const joined: RowScores = { measure: 'error', perRow: Float64Array.of(1, 1) };
    const other: RowScores = { measure: 'error', perRow: Float64Array.of(3, 3) };
    expect(compareInPairs(joined, other, 1)).toEqual({ gain: 2, low: 2, high: 2 });
  });
});

describe('judge', () => {
  const repeat = (pattern: readonly number[], times: number) =>
    hits(Array.from({ length: times }, () => pattern).flat());

  test('better and worse only where the interval leaves out 0', () => {
    const better = judge(repeat([1, 1, 1, 1, 1], 40), repeat([1, 1, 1, 1, 0], 40), 'the best source', 1);
    expect(better.kind).toBe('better');
    expect(better.sentence).toMatch(/^Better than the best source by 20\.0 points \[1\d\.\d, 2\d\.\d\]\.$/);
    const worse = judge(repeat([1, 0], 50), repeat([1, 1], 50), 'the best source', 1);
    expect(worse.kind).toBe('worse');
    const unclear = judge(repeat([1, 0, 1, 1], 20), repeat([0, 1, 1, 1], 20), 'their average', 1);
    expect(unclear.kind).toBe('unclear');
    expect(unclear.sentence).toMatch(/^No clear difference from their average: /);
  });

  test('equal answers are no difference', () => {
    const same = judge(repeat([1, 0], 50), repeat([1, 0], 50), 'a alone', 1);
    expect(same.sentence).toBe('No clear difference from a alone: none measured [0.0, 0.0].');
  });

  test('gives no interval from a handful of rows', () => {
    const few = judge(hits([1, 1, 1]), hits([0, 0, 0]), 'the best source', 1);
    expect(few).toEqual({
      kind: 'unclear',
      interval: null,
      sentence: 'No verdict against the best source: 3 test rows are too few, it takes 30.',
    });
  });
});
