import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { maxAlong } from './max-of-ties';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const VALUES = [
  [3, 1],
  [3, 5],
  [2, 5],
  [3, 0],
];

function gradientOf(max: (x: tf.Tensor) => tf.Tensor): unknown {
  return tf.tidy(() =>
    tf
      .grad(max)(tf.tensor2d(VALUES), tf.tensor2d([[6, 8]]))
      .arraySync(),
  );
}

test('tfjs gives each of several largest values the whole gradient', () => {
  expect(gradientOf(x => tf.max(x, 0, true))).toEqual([
    [6, 0],
    [6, 8],
    [0, 8],
    [6, 0],
  ]);
});

test('the mended one shares it out', () => {
  expect(gradientOf(x => maxAlong(x, 0))).toEqual([
    [2, 0],
    [2, 4],
    [0, 4],
    [2, 0],
  ]);
});
