import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { transformPictures } from './cpu-transform';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const pictures = tf.tensor4d([1, 2, 3, 4, 5, 6], [3, 1, 2, 1]);
const stay = tf.tensor2d([1, 2, 3].map(() => [1, 0, 0, 0, 1, 0, 0, 0]));

test('stock TensorFlow.js transforms only the first picture of a batch', () => {
  const found = tf.image.transform(pictures, stay, 'nearest', 'constant', 0, [1, 2]);
  expect([...found.dataSync()]).toEqual([1, 2, 0, 0, 0, 0]);
});

test('here all are transformed, each by its own row', () => {
  const options = { interpolation: 'nearest', fill_mode: 'constant', fill_value: 9 } as const;
  expect([...transformPictures(pictures, stay, options).dataSync()]).toEqual([1, 2, 3, 4, 5, 6]);
  // The second moves one place to the left.
  const rows = tf.tensor2d([
    [1, 0, 0, 0, 1, 0, 0, 0],
    [1, 0, 1, 0, 1, 0, 0, 0],
    [1, 0, 0, 0, 1, 0, 0, 0],
  ]);
  expect([...transformPictures(pictures, rows, options).dataSync()]).toEqual([1, 2, 4, 9, 5, 6]);
});
