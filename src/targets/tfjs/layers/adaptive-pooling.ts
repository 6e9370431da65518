import * as tf from '@tensorflow/tfjs';
import { adaptiveAveragePooling1d as average1dType } from '../../../layers/defs/adaptive-average-pooling1d';
import { adaptiveAveragePooling2d as average2dType } from '../../../layers/defs/adaptive-average-pooling2d';
import { adaptiveAveragePooling3d as average3dType } from '../../../layers/defs/adaptive-average-pooling3d';
import { adaptiveMaxPooling1d as max1dType } from '../../../layers/defs/adaptive-max-pooling1d';
import { adaptiveMaxPooling2d as max2dType } from '../../../layers/defs/adaptive-max-pooling2d';
import { adaptiveMaxPooling3d as max3dType } from '../../../layers/defs/adaptive-max-pooling3d';
import type { ConfigOf } from '../../../layers/params';
import { maxAlong } from '../mends/max-of-ties';
import { blendAlong, sizeAt, sliceAlong, spatialAxes } from './along-axis';
import { type Forward, implement } from './implementation';

type Pool = (x: tf.Tensor, axis: number, sizeOut: number) => tf.Tensor;

/** One axis after the other: the average of averages, and the largest of the largest, as all windows have equal rows. */
function adaptivePooling(pool: Pool): Forward<ConfigOf<typeof max2dType.params>> {
  return ({ config, x }) =>
    spatialAxes(x, config.data_format).reduce(
      (pooled, axis, i) => pool(pooled, axis, config.output_size[i] ?? 1),
      x,
    );
}

/** From and up to which value each window reaches; neighbours overlap where the sizes don't divide. */
function windows(
  sizeIn: number,
  sizeOut: number,
): readonly { readonly start: number; readonly end: number }[] {
  return Array.from({ length: sizeOut }, (_, i) => ({
    start: Math.floor((i * sizeIn) / sizeOut),
    end: Math.ceil(((i + 1) * sizeIn) / sizeOut),
  }));
}

const average: Pool = (x, axis, sizeOut) => {
  const sizeIn = sizeAt(x, axis);
  const rows = windows(sizeIn, sizeOut).map(({ start, end }) =>
    Array.from({ length: sizeIn }, (_, i) => (i >= start && i < end ? 1 / (end - start) : 0)),
  );
  return blendAlong(x, axis, tf.tensor2d(rows));
};

const max: Pool = (x, axis, sizeOut) => {
  const parts = windows(sizeAt(x, axis), sizeOut).map(({ start, end }) =>
    maxAlong(sliceAlong(x, axis, start, end), axis),
  );
  return tf.concat(parts, axis);
};

export const adaptiveAveragePooling1d = implement(average1dType, adaptivePooling(average));
export const adaptiveAveragePooling2d = implement(average2dType, adaptivePooling(average));
export const adaptiveAveragePooling3d = implement(average3dType, adaptivePooling(average));
export const adaptiveMaxPooling1d = implement(max1dType, adaptivePooling(max));
export const adaptiveMaxPooling2d = implement(max2dType, adaptivePooling(max));
export const adaptiveMaxPooling3d = implement(max3dType, adaptivePooling(max));
