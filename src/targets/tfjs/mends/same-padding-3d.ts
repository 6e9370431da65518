/**
 * With the padding 'same' in three dimensions, a window that is smaller than its stride gets a negative padding in tfjs 4.22
 * (`get3DPadAndOutInfo`), so that it looks at the wrong values, on all backends. In two dimensions that was mended long ago:
 * https://github.com/tensorflow/tfjs/issues/1270. Way out: the edges are padded before.
 */
import type * as tf from '@tensorflow/tfjs';
import { isPaddedByStock } from '../../../layers/data-format';
import { padSpatial, sizeAt } from '../layers/along-axis';

/** What the padding 'same' adds to an axis of this size, as TensorFlow and JAX do. */
export function samePadding(size: number, window: number, stride: number): [number, number] {
  const added = Math.max((Math.ceil(size / stride) - 1) * stride + window - size, 0);
  return [Math.floor(added / 2), Math.ceil(added / 2)];
}

/** `x` and the padding to say to TensorFlow.js. `window`, `strides`: of each of the three axes. */
export function padFor3d(
  x: tf.Tensor5D,
  window: readonly number[],
  strides: readonly number[],
  padding: 'valid' | 'same',
): { readonly x: tf.Tensor5D; readonly padding: 'valid' | 'same' } {
  if (isPaddedByStock(window, strides, padding)) return { x, padding };
  const borders = window.map((size, i) => samePadding(sizeAt(x, i + 1), size, strides[i] ?? 1));
  return { x: padSpatial(x, borders, 'channels_last') as tf.Tensor5D, padding: 'valid' };
}
