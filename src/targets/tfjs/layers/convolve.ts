/**
 * Convolutions of one, two and three axes with dilation and groups, channels last, with right gradients. TensorFlow.js has no
 * gradient for a dilated window and no groups, so these are composed.
 */
import * as tf from '@tensorflow/tfjs';
import type { DataFormat, Padding } from '../../../layers/data-format';
import type { Activation } from '../../../layers/params';
import { padFor3d } from '../mends/same-padding-3d';
import { activate } from './activations';
import { fromChannelsLast, sizeAt } from './along-axis';
import type { LayerWeights } from './implementation';

/** One number for each axis of the window. */
export interface Window {
  readonly strides: readonly number[];
  readonly padding: Padding;
  readonly dilation_rate: readonly number[];
}

/** `kernel`: `[...window, channels in / groups, channels out]`. */
export function convolve(x: tf.Tensor, kernel: tf.Tensor, window: Window, groups: number): tf.Tensor {
  if (x.rank === 5) {
    return inGroups(x, kernel, groups, (part, filter) => convolve3d(part, filter, window));
  }
  const channels = sizeAt(x, x.rank - 1);
  if (groups > 1 && groups === channels) {
    // Each channel by itself: the kernel's channels out are the patterns of the first channel, of the second ...
    const patterns = sizeAt(kernel, kernel.rank - 1) / channels;
    return convolveDepthwise(
      x,
      tf.reshape(kernel, [...kernel.shape.slice(0, -2), channels, patterns]),
      window,
    );
  }
  return inGroups(x, kernel, groups, (part, filter) =>
    overPictures(part, filter, window, (picture, flat, strides, pad) =>
      tf.conv2d(picture, flat, strides, pad),
    ),
  );
}

/** `kernel`: `[...window, channels in, patterns for each]`, for one or two axes. */
export function convolveDepthwise(x: tf.Tensor, kernel: tf.Tensor, window: Window): tf.Tensor {
  return overPictures(x, kernel, window, (picture, flat, strides, pad) =>
    depthwise(picture, flat, strides, pad),
  );
}

/** Bias, the order of the axes that the config asks for, and activation. */
export function finishConvolution(y: tf.Tensor, { config, weights }: FinishedCall): tf.Tensor {
  const bias = weights.find('bias');
  // On WebGPU, adding a list of values to five axes returns garbage without an error.
  const sum = bias === null ? y : tf.reshape(tf.add(tf.reshape(y, [-1, sizeAt(bias, 0)]), bias), y.shape);
  return activate(config.activation, fromChannelsLast(sum, config.data_format));
}

interface FinishedCall {
  readonly config: { readonly activation: Activation; readonly data_format: DataFormat };
  readonly weights: LayerWeights;
}

function inGroups(
  x: tf.Tensor,
  kernel: tf.Tensor,
  groups: number,
  apply: (x: tf.Tensor, kernel: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  if (groups === 1) return apply(x, kernel);
  const parts = tf.split(x, groups, x.rank - 1);
  const kernels = tf.split(kernel, groups, kernel.rank - 1);
  return tf.concat(
    parts.map((part, i) => apply(part, kernels[i] ?? kernel)),
    x.rank - 1,
  );
}

type Strides = [number, number];
type ExplicitPadding = tf.backend_util.ExplicitPadding;
type ConvolvePicture = (
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  strides: Strides,
  pad: 'valid' | 'same' | ExplicitPadding,
) => tf.Tensor;

/** A sequence is a picture of one row. */
function overPictures(x: tf.Tensor, kernel: tf.Tensor, window: Window, apply: ConvolvePicture): tf.Tensor {
  if (x.rank === 4) return convolvePicture(x as tf.Tensor4D, kernel as tf.Tensor4D, window, apply);
  const y = convolvePicture(
    tf.expandDims(x, 1) as tf.Tensor4D,
    tf.expandDims(kernel, 0) as tf.Tensor4D,
    { ...window, strides: [1, ...window.strides], dilation_rate: [1, ...window.dilation_rate] },
    apply,
  );
  return tf.squeeze(y, [1]);
}

function convolvePicture(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  { strides, padding, dilation_rate }: Window,
  apply: ConvolvePicture,
): tf.Tensor {
  const [down = 1, right = 1] = strides;
  const borders = ([1, 2] as const).map((axis): [number, number] => {
    const reach = (sizeAt(kernel, axis - 1) - 1) * (dilation_rate[axis - 1] ?? 1);
    if (padding === 'causal') return [reach, 0];
    return padding === 'same' ? [Math.floor(reach / 2), Math.ceil(reach / 2)] : [0, 0];
  });
  const [rows = [0, 0], columns = [0, 0]] = borders;
  if (dilation_rate.every(rate => rate === 1)) {
    const pad: 'valid' | 'same' | ExplicitPadding =
      padding === 'causal' ? [[0, 0], rows, columns, [0, 0]] : padding;
    return apply(x, kernel, [down, right], pad);
  }
  // Every n-th pixel of x is a picture of its own, which the window sees without gaps. Keras has no strides here.
  const extra = borders.map(([before, after], i) => {
    const rate = dilation_rate[i] ?? 1;
    const size = sizeAt(x, i + 1) + before + after;
    return Math.ceil(size / rate) * rate - size;
  });
  const padded = borders.map(([before, after], i) => [before, after + (extra[i] ?? 0)]);
  const pictures: tf.Tensor4D = tf.spaceToBatchND(x, [...dilation_rate], padded);
  const cut = extra.map(size => [0, size]);
  return tf.batchToSpaceND(apply(pictures, kernel, [1, 1], 'valid'), [...dilation_rate], cut);
}

function depthwise(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  strides: Strides,
  pad: 'valid' | 'same' | ExplicitPadding,
): tf.Tensor {
  // The function passes on what its type doesn't name.
  return tf.depthwiseConv2d(x, kernel, strides, pad as 'valid' | 'same');
}

function convolve3d(x: tf.Tensor, kernel: tf.Tensor, { strides, padding, dilation_rate }: Window): tf.Tensor {
  const [deep = 1, down = 1, right = 1] = strides;
  const wide = dilateKernel(kernel, dilation_rate);
  // Keras has 'causal' for sequences only.
  const wanted = padding === 'causal' ? 'valid' : padding;
  const padded = padFor3d(x as tf.Tensor5D, wide.shape.slice(0, 3), strides, wanted);
  return tf.conv3d(padded.x, wide as tf.Tensor5D, [deep, down, right], padded.padding);
}

/** A kernel with zeros between its values, which looks at the same values as a dilated one: more work, and always right. */
export function dilateKernel(kernel: tf.Tensor, rates: readonly number[]): tf.Tensor {
  return rates.reduce((wide, rate, axis) => {
    if (rate === 1) return wide;
    const before = wide.shape.slice(0, axis);
    const after = wide.shape.slice(axis + 1);
    const size = sizeAt(wide, axis);
    const rows = before.reduce((a, b) => a * b, 1);
    const columns = after.reduce((a, b) => a * b, 1);
    const spread = tf.pad(tf.reshape(wide, [rows * size, 1, columns]), [
      [0, 0],
      [0, rate - 1],
      [0, 0],
    ]);
    const long = tf.reshape(spread, [rows, size * rate, columns]);
    const reach = (size - 1) * rate + 1;
    return tf.reshape(tf.slice(long, [0, 0, 0], [rows, reach, columns]), [...before, reach, ...after]);
  }, kernel);
}
