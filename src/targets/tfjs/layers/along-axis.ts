/**
 * Work along single axes of tensors of any rank: padding, cropping, repeating, blending. All of it by ways whose values and
 * gradients are right on every backend; WebGPU pads at most four axes, so tensors are looked at as if they had fewer.
 */
import * as tf from '@tensorflow/tfjs';
import type { Borders } from '../../../layers/border-rules';
import type { DataFormat } from '../../../layers/data-format';
import { sizeOf } from '../../../network/shape';

export function toChannelsLast(x: tf.Tensor, format: DataFormat): tf.Tensor {
  if (format === 'channels_last') return x;
  return tf.transpose(x, [0, ...spatialAxes(x, format), 1]);
}

export function fromChannelsLast(x: tf.Tensor, format: DataFormat): tf.Tensor {
  if (format === 'channels_last') return x;
  return tf.transpose(x, [0, x.rank - 1, ...spatialAxes(x, 'channels_last')]);
}

/** The axes between batch and channels. */
export function spatialAxes(x: tf.Tensor, format: DataFormat): readonly number[] {
  return Array.from({ length: x.rank - 2 }, (_, i) => i + (format === 'channels_last' ? 1 : 2));
}

/** `[before the axis, the axis, after it]`. */
function aroundAxis(x: tf.Tensor, axis: number): [number, number, number] {
  return [sizeOf(x.shape.slice(0, axis)), sizeAt(x, axis), sizeOf(x.shape.slice(axis + 1))];
}

function withSizeAt(x: tf.Tensor, axis: number, size: number): number[] {
  return x.shape.map((dim, i) => (i === axis ? size : dim));
}

export function sizeAt(x: tf.Tensor, axis: number): number {
  return x.shape[axis] ?? 1;
}

/** Every value `times` times in a row. A product with ones: the gradient of `tf.tile` takes at most four axes. */
export function repeatAlong(x: tf.Tensor, axis: number, times: number): tf.Tensor {
  if (times === 1) return x;
  const [before, size, after] = aroundAxis(x, axis);
  const repeated = tf.mul(tf.reshape(x, [before * size, 1, after]), tf.ones([1, times, 1], x.dtype));
  return tf.reshape(repeated, withSizeAt(x, axis, size * times));
}

/** Row `i` of `matrix` (`[new size, old size]`) says how much of each old value the new value `i` has. */
export function blendAlong(x: tf.Tensor, axis: number, matrix: tf.Tensor2D): tf.Tensor {
  const [rows, columns] = matrix.shape;
  const blended = tf.matMul(tf.reshape(matrix, [1, rows, columns]), tf.reshape(x, aroundAxis(x, axis)));
  return tf.reshape(blended, withSizeAt(x, axis, rows));
}

/** The values from `start` (inclusive) to `end` (exclusive). */
export function sliceAlong(x: tf.Tensor, axis: number, start: number, end: number): tf.Tensor {
  const [before, , after] = aroundAxis(x, axis);
  const part = tf.slice(tf.reshape(x, aroundAxis(x, axis)), [0, start, 0], [before, end - start, after]);
  return tf.reshape(part, withSizeAt(x, axis, end - start));
}

/** `borders` for the axes between batch and channels. */
export function padSpatial(x: tf.Tensor, borders: Borders, format: DataFormat, value = 0): tf.Tensor {
  return padAxes(x, onAllAxes(x, borders, format), value);
}

export function cropSpatial(x: tf.Tensor, borders: Borders, format: DataFormat): tf.Tensor {
  return cropAxes(x, onAllAxes(x, borders, format));
}

type Border = [number, number];
const NONE: Border = [0, 0];
const MOST_AXES = 4;

function onAllAxes(x: tf.Tensor, borders: Borders, format: DataFormat): Border[] {
  const axes = spatialAxes(x, format);
  return x.shape.map((_, axis): Border => {
    const [before = 0, after = 0] = borders[axes.indexOf(axis)] ?? NONE;
    return [before, after];
  });
}

function padAxes(x: tf.Tensor, borders: Border[], value: number): tf.Tensor {
  if (borders.every(([before, after]) => before + after === 0)) return x;
  if (x.rank <= MOST_AXES) return tf.pad(x, borders, value);
  return inTwoParts(x, borders, (part, some) => padAxes(part, some, value));
}

/** The gradient of `tf.slice` pads. */
function cropAxes(x: tf.Tensor, borders: Border[]): tf.Tensor {
  if (borders.every(([before, after]) => before + after === 0)) return x;
  if (x.rank > MOST_AXES) return inTwoParts(x, borders, cropAxes);
  const starts = borders.map(([before]) => before);
  const sizes = borders.map(([before, after], axis) => sizeAt(x, axis) - before - after);
  return tf.slice(x, starts, sizes);
}

/** The first two axes, then the others. */
function inTwoParts(
  x: tf.Tensor,
  borders: Border[],
  change: (x: tf.Tensor, borders: Border[]) => tf.Tensor,
): tf.Tensor {
  const [first = 1, second = 1, ...others] = x.shape;
  const head = change(tf.reshape(x, [first, second, sizeOf(others)]), [...borders.slice(0, 2), NONE]);
  const [newFirst = 1, newSecond = 1] = head.shape;
  const tail = change(tf.reshape(head, [newFirst * newSecond, ...others]), [NONE, ...borders.slice(2)]);
  return tf.reshape(tail, [newFirst, newSecond, ...tail.shape.slice(1)]);
}
