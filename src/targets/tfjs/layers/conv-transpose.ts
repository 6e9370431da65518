import * as tf from '@tensorflow/tfjs';
import { type TransposedAxis, transposedAxes, transposedSize } from '../../../layers/conv-transpose-rules';
import { conv1dTranspose as conv1dType } from '../../../layers/defs/conv1d-transpose';
import { conv2dTranspose as conv2dType } from '../../../layers/defs/conv2d-transpose';
import { conv3dTranspose as conv3dType } from '../../../layers/defs/conv3d-transpose';
import type { ConfigOf } from '../../../layers/params';
import { conv3dTransposeWithGradient } from '../mends/conv3d-transpose-gradient';
import { cropSpatial, sizeAt, toChannelsLast } from './along-axis';
import { dilateKernel, finishConvolution } from './convolve';
import { type Forward, implement } from './implementation';

const forward: Forward<ConfigOf<typeof conv2dType.params>> = call => {
  const { config, weights } = call;
  const x = toChannelsLast(call.x, config.data_format);
  const kernel = dilateKernel(weights.get('kernel'), config.dilation_rate);
  const places = transposedAxes(config).map((axis, i) => placeOn(axis, sizeAt(x, i + 1)));
  const y = x.rank === 5 ? overVolumes(x, kernel, places) : overPictures(x, kernel, places);
  return finishConvolution(y, call);
};

export const conv1dTranspose = implement(conv1dType, forward);
export const conv2dTranspose = implement(conv2dType, forward);
export const conv3dTranspose = implement(conv3dType, forward);

/** Where the result lies in all that the window reaches when it is laid at each value of the input. */
interface Place {
  readonly stride: number;
  readonly size: number;
  /** How much of what is reached is cut off at the start, and at the end, where it may be negative: then zeros are added. */
  readonly start: number;
  readonly end: number;
}

/** As Keras puts it for JAX, which is what TensorFlow does wherever it takes the same options. */
function placeOn(axis: TransposedAxis, sizeIn: number): Place {
  const { stride, outputPadding } = axis;
  const reach = (axis.kernel - 1) * axis.dilation + 1;
  const reached = (sizeIn - 1) * stride + reach;
  const size = transposedSize(sizeIn, axis);
  if (axis.padding === 'valid') return { stride, size, start: 0, end: reached - size };
  const padded = outputPadding === null ? stride + reach - 2 : reach + (reach % 2) - 2 + outputPadding;
  const start = reach - 1 - Math.min(Math.ceil(padded / 2), reach - 1);
  return { stride, size, start, end: reached - start - size };
}

/** A sequence is a picture of one row. */
function overPictures(x: tf.Tensor, kernel: tf.Tensor, places: readonly Place[]): tf.Tensor {
  if (x.rank === 3) {
    const row = { stride: 1, size: 1, start: 0, end: 0 };
    return tf.squeeze(overPictures(tf.expandDims(x, 1), tf.expandDims(kernel, 0), [row, ...places]), [1]);
  }
  const [rows, columns] = places;
  if (rows === undefined || columns === undefined) throw new Error('A picture has rows and columns.');
  return tf.conv2dTranspose(
    x as tf.Tensor4D,
    kernel as tf.Tensor4D,
    [sizeAt(x, 0), rows.size, columns.size, sizeAt(kernel, 2)],
    [rows.stride, columns.stride],
    [
      [0, 0],
      [rows.start, Math.max(rows.end, 0)],
      [columns.start, Math.max(columns.end, 0)],
      [0, 0],
    ],
  );
}

/** TensorFlow.js can't place it freely here: all that is reached is computed, and the edges are cut off. */
function overVolumes(x: tf.Tensor, kernel: tf.Tensor, places: readonly Place[]): tf.Tensor {
  const [deep = 1, down = 1, right = 1] = places.map(({ stride }) => stride);
  const [depth = 1, height = 1, width = 1] = places.map(
    ({ size, start, end }) => start + size + Math.max(end, 0),
  );
  const whole = conv3dTransposeWithGradient(
    x as tf.Tensor5D,
    kernel as tf.Tensor5D,
    [sizeAt(x, 0), depth, height, width, sizeAt(kernel, 3)],
    [deep, down, right],
  );
  const edges = places.map(({ start, end }) => [start, Math.max(end, 0)]);
  return cropSpatial(whole, edges, 'channels_last');
}
