import * as tf from '@tensorflow/tfjs';
import { averagePooling1d as average1dType } from '../../../layers/defs/average-pooling1d';
import { averagePooling2d as average2dType } from '../../../layers/defs/average-pooling2d';
import { averagePooling3d as average3dType } from '../../../layers/defs/average-pooling3d';
import { maxPooling1d as max1dType } from '../../../layers/defs/max-pooling1d';
import { maxPooling2d as max2dType } from '../../../layers/defs/max-pooling2d';
import { maxPooling3d as max3dType } from '../../../layers/defs/max-pooling3d';
import type { ConfigOf } from '../../../layers/params';
import { samePadding } from '../mends/same-padding-3d';
import { fromChannelsLast, padSpatial, sizeAt, toChannelsLast } from './along-axis';
import { type Forward, implement } from './implementation';

type Padding = 'valid' | 'same';
type Pool = (
  x: tf.Tensor,
  size: readonly number[],
  strides: readonly number[],
  padding: Padding,
) => tf.Tensor;

function pooling(pool: Pool): Forward<ConfigOf<typeof max2dType.params>> {
  return ({ config, x }) => {
    const { pool_size: size, strides, padding, data_format } = config;
    const pooled = pool(toChannelsLast(x, data_format), size, strides ?? size, padding);
    return fromChannelsLast(pooled, data_format);
  };
}

const maxPool: Pool = (x, size, strides, padding) =>
  overPictures(x, size, strides, (picture, window, steps) => tf.maxPool(picture, window, steps, padding));

/** Every window is full. */
const averageFull: Pool = (x, size, strides) =>
  overPictures(x, size, strides, (picture, window, steps) => tf.avgPool(picture, window, steps, 'valid'));

type PoolPicture = (x: tf.Tensor4D, size: Pair, strides: Pair) => tf.Tensor4D;
type Pair = [number, number];

/**
 * A sequence is a picture of one row. A volume is pooled layer by layer, then across the layers: TensorFlow.js' own way has wrong
 * gradients on the CPU where the window isn't as high as wide (`maxPool3dPositions`), and pads wrongly where it is smaller than its
 * stride.
 */
function overPictures(
  x: tf.Tensor,
  size: readonly number[],
  strides: readonly number[],
  pool: PoolPicture,
): tf.Tensor {
  const [first = 1, second = 1, third = 1] = size;
  const [firstStep = 1, secondStep = 1, thirdStep = 1] = strides;
  if (x.rank === 3) {
    return tf.squeeze(pool(tf.expandDims(x, 1) as tf.Tensor4D, [1, first], [1, firstStep]), [1]);
  }
  if (x.rank === 4) return pool(x as tf.Tensor4D, [first, second], [firstStep, secondStep]);
  const [batch, depth, height, width, channels] = x.shape as [number, number, number, number, number];
  const layers = pool(
    tf.reshape(x, [batch * depth, height, width, channels]),
    [second, third],
    [secondStep, thirdStep],
  );
  const [, rows, columns] = layers.shape;
  const across = pool(
    tf.reshape(layers, [batch, depth, rows * columns, channels]),
    [first, 1],
    [firstStep, 1],
  );
  return tf.reshape(across, [batch, sizeAt(across, 1), rows, columns, channels]);
}

/**
 * Windows that stand over the edge are divided by the number of values under them. TensorFlow.js does that too, but its gradient
 * divides by the size of the window, on all backends: so the edge is padded with zeros, and the averages are scaled up.
 */
const averagePool: Pool = (x, size, strides, padding) => {
  const axes = size.map((window, i) => edgeOf(sizeAt(x, i + 1), window, strides[i] ?? 1));
  if (padding === 'valid' || axes.every(({ borders }) => borders.every(border => border === 0))) {
    return averageFull(x, size, strides, padding);
  }
  const borders = axes.map(axis => axis.borders);
  const pooled = averageFull(padSpatial(x, borders, 'channels_last'), size, strides, padding);
  const scales = axes.reduce(
    (products, axis) => products.flatMap(product => axis.scales.map(scale => product * scale)),
    [1],
  );
  const [batch = 1] = pooled.shape;
  const flat = tf.reshape(pooled, [batch, scales.length, sizeAt(x, x.rank - 1)]);
  return tf.reshape(tf.mul(flat, tf.tensor3d(scales, [1, scales.length, 1])), pooled.shape);
};

/** What the padding 'same' adds on one axis, and the size of the window by the number of values under it, for each place. */
function edgeOf(size: number, window: number, stride: number) {
  const [before, after] = samePadding(size, window, stride);
  const scales = Array.from({ length: Math.ceil(size / stride) }, (_, place) => {
    const start = place * stride - before;
    return window / (Math.min(start + window, size) - Math.max(start, 0));
  });
  return { borders: [before, after], scales };
}

export const maxPooling1d = implement(max1dType, pooling(maxPool));
export const maxPooling2d = implement(max2dType, pooling(maxPool));
export const maxPooling3d = implement(max3dType, pooling(maxPool));
export const averagePooling1d = implement(average1dType, pooling(averagePool));
export const averagePooling2d = implement(average2dType, pooling(averagePool));
export const averagePooling3d = implement(average3dType, pooling(averagePool));
