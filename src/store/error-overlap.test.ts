import { describe, expect, test } from 'vitest';
import { createRandom } from '../base/random';
import { judgeClasses, judgeNumbers, overlapOfClasses, overlapOfNumbers, wilson } from './error-overlap';

const names = { a: 'first', b: 'second' };

/** 1 and 0 for each of the four cases so many times. */
function rightness(neither: number, onlyA: number, onlyB: number, both: number) {
  const cell = (a: number, b: number, times: number) => Array.from({ length: times }, () => [a, b] as const);
  const rows = [...cell(1, 1, neither), ...cell(0, 1, onlyA), ...cell(1, 0, onlyB), ...cell(0, 0, both)];
  return [Float64Array.from(rows, ([a]) => a), Float64Array.from(rows, ([, b]) => b)] as const;
}

function overlap(...counts: readonly [number, number, number, number]) {
  return overlapOfClasses(...rightness(...counts), 1);
}

describe('errors of two classifiers', () => {
  test('counts, accuracies and the best that a choice can do', () => {
    expect(overlap(80, 5, 10, 5)).toMatchObject({
      rows: 100,
      neitherWrong: 80,
      onlyAWrong: 5,
      onlyBWrong: 10,
      bothWrong: 5,
      accuracyA: 0.9,
      accuracyB: 0.85,
      oracle: 0.95,
    });
  });

  test('kappa and Q as by hand', () => {
    const { kappa, yuleQ } = overlap(80, 5, 10, 5);
    // Agreement 0.85; by chance 0.1 × 0.15 + 0.9 × 0.85 = 0.78.
    expect(kappa?.value).toBeCloseTo(0.07 / 0.22, 12);
    expect(yuleQ).toBeCloseTo((80 * 5 - 5 * 10) / (80 * 5 + 5 * 10), 12);
    expect(kappa?.low).toBeLessThan(kappa?.value ?? 0);
    expect(kappa?.high).toBeGreaterThan(kappa?.value ?? 1);
  });

  test('the same errors: kappa 1; errors apart: below 0; errors by chance: about 0', () => {
    expect(overlap(90, 0, 0, 10).kappa?.value).toBe(1);
    expect(overlap(80, 10, 10, 0).kappa?.value).toBeLessThan(0);
    expect(overlap(81, 9, 9, 1).kappa?.value).toBeCloseTo(0, 12);
    expect(overlap(100, 0, 0, 0)).toMatchObject({ kappa: null, yuleQ: null, rescued: null });
  });

  test('the interval of kappa covers the truth as often as it says', () => {
    const random = createRandom(3);
    const rounds = 60;
    let covered = 0;
    for (let round = 0; round < rounds; round++) {
      // Errors by chance, of 20 % and 30 %: the true kappa is 0.
      const a = Float64Array.from({ length: 100 }, () => Number(random.uniform() > 0.2));
      const b = Float64Array.from({ length: 100 }, () => Number(random.uniform() > 0.3));
      const { kappa } = overlapOfClasses(a, b, round);
      if (kappa !== null && kappa.low <= 0 && kappa.high >= 0) covered += 1;
    }
    // 95 % of 60 is 57; three standard deviations of that are 5.
    expect(covered).toBeGreaterThanOrEqual(52);
    expect(covered).toBeLessThan(rounds);
  });

  test('the verdicts', () => {
    const judge = (...counts: readonly [number, number, number, number]) =>
      judgeClasses(overlap(...counts), names, 0.2);
    expect(judge(800, 60, 100, 40)).toEqual({
      kind: 'complementary',
      sentence:
        'Complementary: of the 100 rows that first gets wrong, second gets 60 right (60.0 %, 95 % interval 50 to 69 %). A perfect join of the two would be right in 96.0 %, first alone is in 90.0 %.',
    });
    expect(judge(870, 5, 25, 100).kind).toBe('redundant');
    expect(judge(80, 3, 10, 7)).toMatchObject({ kind: 'unclear' });
    expect(judge(100, 0, 10, 0).sentence).toContain('first makes no error on these 110 rows');
  });

  test('one that is no better than always the same answer is redundant, however different its errors', () => {
    // Half of the rows are of one class, and the second tosses a coin.
    const judged = judgeClasses(overlap(450, 50, 450, 50), names, 0.5);
    expect(judged.kind).toBe('redundant');
    expect(judged.sentence).toContain('no more often than always giving the same answer (50.0 %)');
  });
});

test("Wilson's interval as published", () => {
  // Wilson's interval for 1 of 10: 0.0179 to 0.4042 (https://www.jstor.org/stable/2685469, table 1's method).
  const { low, high } = wilson(1, 10);
  expect(low).toBeCloseTo(0.0179, 3);
  expect(high).toBeCloseTo(0.4042, 3);
  expect(wilson(0, 10).low).toBe(0);
});

describe('errors of two predictors of numbers', () => {
  const random = createRandom(9);
  const rows = 400;
  const noise = () => Float64Array.from({ length: rows }, () => random.normal());

  test('independent errors of one size: a blend takes half of the squared error away', () => {
    const found = overlapOfNumbers(noise(), noise(), rows, 1);
    expect(Math.abs(found.correlation ?? 1)).toBeLessThan(0.1);
    expect(found.gain.value).toBeGreaterThan(0.4);
    expect(found.gain.value).toBeLessThan(0.6);
    expect(found.gain.low).toBeLessThan(found.gain.value);
    expect(judgeNumbers(found, names).kind).toBe('complementary');
  });

  test('nearly the same errors: nothing to win', () => {
    const a = noise();
    const b = a.map(value => value + 0.1 * random.normal());
    const found = overlapOfNumbers(a, b, rows, 1);
    expect(found.correlation).toBeGreaterThan(0.98);
    expect(judgeNumbers(found, names).kind).toBe('redundant');
    expect(overlapOfNumbers(a, a, rows, 1).gain).toEqual({ value: 0, low: 0, high: 0 });
  });
});
