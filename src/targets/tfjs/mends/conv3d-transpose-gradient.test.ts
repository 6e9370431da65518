import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { conv3dTransposeWithGradient } from './conv3d-transpose-gradient';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const OUTPUT: [number, number, number, number, number] = [2, 5, 4, 5, 2];
const STRIDES: [number, number, number] = [2, 1, 2];

function make() {
  return {
    x: tf.randomNormal([2, 2, 3, 2, 3], 0, 1, 'float32', 1) as tf.Tensor5D,
    kernel: tf.randomNormal([3, 2, 3, 2, 3], 0, 1, 'float32', 2) as tf.Tensor5D,
    shares: tf.randomNormal(OUTPUT, 0, 1, 'float32', 3) as tf.Tensor5D,
  };
}

test('tfjs has no gradient for it', () => {
  tf.tidy(() => {
    const { x, kernel } = make();
    const run = (input: tf.Tensor) =>
      tf.conv3dTranspose(input as tf.Tensor5D, kernel, OUTPUT, STRIDES, 'valid');
    expect(() => tf.grad(run)(x)).toThrow('gradient function not found for Conv3DBackpropInputV2');
  });
});

test('the mended one is the operation’s own derivative, to 1e-5', () => {
  tf.tidy(() => {
    const { x, kernel, shares } = make();
    const weigh = (input: tf.Tensor, filter: tf.Tensor) =>
      tf
        .sum(
          tf.mul(
            conv3dTransposeWithGradient(input as tf.Tensor5D, filter as tf.Tensor5D, OUTPUT, STRIDES),
            shares,
          ),
        )
        .asScalar();
    const [dx, dKernel] = tf.grads(weigh)([x, kernel]) as [tf.Tensor, tf.Tensor];
    const value = weigh(x, kernel).dataSync()[0] ?? Number.NaN;
    // What is linear in x is the product of x and its derivative; the same for the kernel.
    for (const product of [tf.sum(tf.mul(x, dx)), tf.sum(tf.mul(kernel, dKernel))]) {
      expect(Math.abs((product.dataSync()[0] ?? Number.NaN) / value - 1)).toBeLessThan(1e-5);
    }
  });
});
