/** Faults of TensorFlow.js that the poolings go around; that they do is held against Keras in goldens.test.ts. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { must } from '../../../base/assert';
import type { Config } from '../../../network/network';
import type { LayerWeights } from './implementation';
import { applyLayer } from './table';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const NO_WEIGHTS: LayerWeights = {
  get(role) {
    throw new Error(`A pooling has no ${role}.`);
  },
  find: () => null,
  assign() {
    throw new Error('A pooling has no weights.');
  },
  inside: () => NO_WEIGHTS,
};

function pool(type: string, config: Config, x: tf.Tensor): tf.Tensor {
  const call = { inputs: [x], masks: [null], training: true, weights: NO_WEIGHTS, addPenalty() {} };
  return must(applyLayer({ type, config }, call).outputs[0], 'an output');
}

function gradientOf(run: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): number[] {
  return Array.from(tf.grad(run)(x).dataSync());
}

test('windows over the edge: tfjs divides the gradient by more values than the average', () => {
  tf.tidy(() => {
    const x = tf.tensor4d([1, 2, 3], [1, 1, 3, 1]);
    const stock = (given: tf.Tensor) => tf.avgPool(given as tf.Tensor4D, [1, 2], [1, 2], 'same');
    expect(Array.from(stock(x).dataSync())).toEqual([1.5, 3]);
    expect(gradientOf(stock, x)).toEqual([0.5, 0.5, 0.5]);
    const config = { pool_size: [1, 2], padding: 'same' };
    const own = (given: tf.Tensor) => pool('AveragePooling2D', config, given);
    expect(Array.from(own(x).dataSync())).toEqual([1.5, 3]);
    expect(gradientOf(own, x)).toEqual([0.5, 0.5, 1]);
  });
});

test('windows that aren’t square: on the CPU, tfjs sends the gradient of a volume’s largest value elsewhere', () => {
  tf.tidy(() => {
    // One window of three rows and two columns; the largest value is its last.
    const x = tf.tensor5d([1, 2, 3, 4, 5, 6], [1, 1, 3, 2, 1]);
    const stock = (given: tf.Tensor) => tf.maxPool3d(given as tf.Tensor5D, [1, 3, 2], [1, 3, 2], 'valid');
    expect(Array.from(stock(x).dataSync())).toEqual([6]);
    expect(gradientOf(stock, x)).not.toEqual([0, 0, 0, 0, 0, 1]);
    const own = (given: tf.Tensor) => pool('MaxPooling3D', { pool_size: [1, 3, 2] }, given);
    expect(Array.from(own(x).dataSync())).toEqual([6]);
    expect(gradientOf(own, x)).toEqual([0, 0, 0, 0, 0, 1]);
  });
});
