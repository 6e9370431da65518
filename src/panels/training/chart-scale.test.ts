import { describe, expect, test } from 'vitest';
import { rangeFromZero, rangeOfParts, roundUp, spread, ticks } from './chart-scale';

test.each([
  [2.31, 2.5],
  [0.071, 0.08],
  [1, 1],
  [0, 1],
  [940, 1000],
])('%d is rounded up to %d', (value, rounded) => {
  expect(roundUp(value)).toBeCloseTo(rounded, 12);
});

test('a loss scale widens and never narrows', () => {
  const first = rangeFromZero([2.2], null);
  expect(first).toEqual({ min: 0, max: 2.5 });
  expect(rangeFromZero([0.1], first)).toEqual(first);
  expect(rangeFromZero([3.3], first).max).toBe(4);
});

describe('an accuracy scale', () => {
  test('shows the neighbourhood of the sources', () => {
    expect(rangeOfParts([0.3], [0.93, 0.95], null).min).toBeCloseTo(0.8);
  });

  test('goes down to the lowest value once nothing would be in view', () => {
    const range = rangeOfParts([0.3, 0.41], [0.93], null);
    expect(range.min).toBeCloseTo(0.3);
    expect(rangeOfParts([0.3, 0.41, 0.95], [0.93], range).min).toBeCloseTo(0.3);
  });

  test('shows all values where there is no source to compare with', () => {
    expect(rangeOfParts([0.55, 0.7], [], null).min).toBeCloseTo(0.5);
    expect(rangeOfParts([], [], null).min).toBeCloseTo(0.9);
  });
});

test('ticks are round and within the range', () => {
  expect(ticks({ min: 0, max: 2.5 })).toEqual([0, 1, 2]);
  expect(ticks({ min: 0.8, max: 1 })).toEqual([0.8, 0.85, 0.9, 0.95, 1]);
  expect(ticks({ min: 0, max: 30 })).toEqual([0, 10, 20, 30]);
});

test('labels keep their distance, their order and the box', () => {
  expect(spread([10, 12, 40], 12, 0, 100)).toEqual([10, 22, 40]);
  expect(spread([98, 99], 12, 0, 100)).toEqual([88, 100]);
  expect(spread([12, 10], 12, 0, 100)).toEqual([22, 10]);
});
