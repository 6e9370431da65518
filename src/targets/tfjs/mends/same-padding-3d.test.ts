import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { padFor3d } from './same-padding-3d';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const STRIDES: [number, number, number] = [1, 1, 2];

/** Looks at every second value of a row of four, as its kernel is one value. */
function everySecond(x: tf.Tensor5D, padding: 'valid' | 'same'): number[] {
  return Array.from(tf.conv3d(x, tf.ones([1, 1, 1, 1, 1]), STRIDES, padding).dataSync());
}

test('tfjs looks one value too far where the window is smaller than its stride', () => {
  tf.tidy(() => {
    const x = tf.tensor5d([1, 2, 3, 4], [1, 1, 1, 4, 1]);
    expect(everySecond(x, 'same')).toEqual([2, 4]);
    // In two dimensions it is right.
    const flat = tf.conv2d(x.as4D(1, 1, 4, 1), tf.ones([1, 1, 1, 1]), [1, 2], 'same');
    expect(Array.from(flat.dataSync())).toEqual([1, 3]);
  });
});

test('padded before, it is right', () => {
  tf.tidy(() => {
    const x = tf.tensor5d([1, 2, 3, 4], [1, 1, 1, 4, 1]);
    const padded = padFor3d(x, [1, 1, 1], STRIDES, 'same');
    expect(everySecond(padded.x, padded.padding)).toEqual([1, 3]);
  });
});
