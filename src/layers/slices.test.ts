import { describe, expect, test } from 'vitest';
import type { Json } from '../base/json';
import type { Shape } from '../network/shape';
import { formatSlices, parseSlices, placesOf, readKerasSlices, slicedShape } from './slices';

const slice = (start: number | null, stop: number | null, step: number | null = null): Json => ({
  class_name: '__slice__',
  config: { start, stop, step },
});

test.each([
  [[slice(null, null), 0], ':, 0'],
  [[slice(null, null), slice(1, null), slice(null, null, 2)], ':, 1:, ::2'],
  [[{ class_name: '__ellipsis__', config: {} }, slice(-3, -1)], '..., -3:-1'],
  [[slice(null, null), null, -1], ':, None, -1'],
  [0, '0'],
] as [Json, string][])('Keras’ %j is written %s and read again', (key, text) => {
  const slices = readKerasSlices(key) ?? [];
  expect(formatSlices(slices)).toBe(text);
  expect(parseSlices(text)).toEqual(slices);
});

test.each(['', ':, x', ':, 1.5', ':, ::0', '..., 0, ...', ':, 1:2:3:4', ':, -', '[0]'])(
  '%j isn’t what stands in brackets',
  text => {
    expect(parseSlices(text)).toBeNull();
  },
);

describe('places', () => {
  // By Python: list(range(5))[start:stop:step].
  test.each([
    [[null, null, null], 0, 5],
    [[1, -1, null], 1, 3],
    [[null, null, 2], 0, 3],
    [[null, null, -1], 4, 5],
    [[-2, null, null], 3, 2],
    [[9, null, null], 5, 0],
    [[3, 0, -2], 3, 2],
    [[-9, 9, null], 0, 5],
  ] as [[number | null, number | null, number | null], number, number][])(
    '%j of five begin at %i and are %i',
    ([start, stop, step], first, count) => {
      expect(placesOf({ kind: 'range', start, stop, step }, 5)).toMatchObject({ first, count });
    },
  );
});

test.each([
  [':, 0', [null, 3, 4], [null, 4]],
  ['..., ::2', [null, 3, 5], [null, 3, 3]],
  [':, None, 1', [null, 3, 4], [null, 1, 4]],
  [':, 1:', [null, null, 4], [null, null, 4]],
] as [string, Shape, Shape][])('%s of %j is %j', (text, input, shape) => {
  expect(slicedShape(parseSlices(text) ?? [], input)).toEqual({ shape });
});

test.each([
  ['0', [null, 3], 'has to leave the batch whole: begin with a colon.'],
  ['None, :', [null, 3], 'has to leave the batch the first axis: begin with a colon.'],
  [':, 3', [null, 3], 'has no place 3 on axis 1, which has 3.'],
  [':, 3:', [null, 3], 'takes nothing from axis 1, which has 3.'],
  [':, 0, 0', [null, 3], 'names more axes than its input has: 2 with the batch.'],
] as [string, Shape, string][])('%s of %j can’t be', (text, input, problem) => {
  expect(slicedShape(parseSlices(text) ?? [], input)).toEqual({ problem });
});
