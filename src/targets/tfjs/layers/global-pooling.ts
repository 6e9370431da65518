import * as tf from '@tensorflow/tfjs';
import type { DataFormat } from '../../../layers/data-format';
import { globalAveragePooling1d as average1dType } from '../../../layers/defs/global-average-pooling1d';
import { globalAveragePooling2d as average2dType } from '../../../layers/defs/global-average-pooling2d';
import { globalAveragePooling3d as average3dType } from '../../../layers/defs/global-average-pooling3d';
import { globalMaxPooling1d as max1dType } from '../../../layers/defs/global-max-pooling1d';
import { globalMaxPooling2d as max2dType } from '../../../layers/defs/global-max-pooling2d';
import { globalMaxPooling3d as max3dType } from '../../../layers/defs/global-max-pooling3d';
import type { ConfigOf } from '../../../layers/params';
import { sizeOf } from '../../../network/shape';
import { maxAlong } from '../mends/max-of-ties';
import { spatialAxes } from './along-axis';
import { type Forward, implement } from './implementation';

/** `x` has one axis of places; `pool` leaves it with size 1. */
type Pool = (x: tf.Tensor, placeAxis: number, mask: tf.Tensor | null) => tf.Tensor;

function globalPooling(pool: Pool): Forward<ConfigOf<typeof max2dType.params>> {
  return ({ config, x, masks }) => {
    const { data_format: format, keepdims } = config;
    const pooled = pool(flattenPlaces(x, format), format === 'channels_last' ? 1 : 2, masks[0] ?? null);
    const axes = spatialAxes(x, format);
    return tf.reshape(
      pooled,
      x.shape.flatMap((size, axis) => (axes.includes(axis) ? (keepdims ? [1] : []) : [size])),
    );
  };
}

function flattenPlaces(x: tf.Tensor, format: DataFormat): tf.Tensor {
  const [batch = 1, ...sizes] = x.shape;
  const shape =
    format === 'channels_last'
      ? [batch, sizeOf(sizes.slice(0, -1)), sizes.at(-1) ?? 1]
      : [batch, sizes[0] ?? 1, sizeOf(sizes.slice(1))];
  return tf.reshape(x, shape);
}

const average: Pool = (x, axis) => tf.mean(x, axis, true);

/** Without the steps that the mask leaves out; NaN where it leaves out all of them, as in Keras. */
const averageOfMasked: Pool = (x, axis, mask) => {
  if (mask === null) return average(x, axis, mask);
  const there = tf.expandDims(tf.cast(mask, 'float32'), axis === 1 ? 2 : 1);
  return tf.div(tf.sum(tf.mul(x, there), axis, true), tf.sum(there, axis, true));
};

export const globalAveragePooling1d = implement(average1dType, globalPooling(averageOfMasked));
export const globalAveragePooling2d = implement(average2dType, globalPooling(average));
export const globalAveragePooling3d = implement(average3dType, globalPooling(average));
export const globalMaxPooling1d = implement(max1dType, globalPooling(maxAlong));
export const globalMaxPooling2d = implement(max2dType, globalPooling(maxAlong));
export const globalMaxPooling3d = implement(max3dType, globalPooling(maxAlong));
