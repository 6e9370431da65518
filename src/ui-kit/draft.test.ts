import { expect, test } from 'vitest';
import { parseInts, parseNumber } from './draft';

test('numbers as people write them', () => {
  expect(parseNumber(' 0,5 ', false)).toEqual({ value: 0.5 });
  expect(parseNumber('1e-3', false)).toEqual({ value: 0.001 });
  expect(parseNumber('12', true)).toEqual({ value: 12 });
  for (const text of ['', ' ', 'x', '1 2', 'Infinity', 'NaN']) {
    expect(parseNumber(text, false)).toHaveProperty('problem');
  }
  expect(parseNumber('1.5', true)).toEqual({ problem: 'Write a whole number.' });
});

test('shapes as people write them', () => {
  for (const text of ['8 × 8 × 1', '8, 8, 1', '8x8x1', '[8 8 1]', '(8,8,1)']) {
    expect(parseInts(text, false)).toEqual({ value: [8, 8, 1] });
  }
  expect(parseInts('? × 3', true)).toEqual({ value: [null, 3] });
  expect(parseInts('? × 3', false)).toHaveProperty('problem');
  expect(parseInts('8 × b', true)).toHaveProperty('problem');
  expect(parseInts('-1', false)).toEqual({ value: [-1] });
});
