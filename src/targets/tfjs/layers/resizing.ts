import type * as tf from '@tensorflow/tfjs';
import type { DataFormat } from '../../../layers/data-format';
import { centerCrop as centerCropType } from '../../../layers/defs/center-crop';
import { resizing as resizingType } from '../../../layers/defs/resizing';
import { cropSpatial, padSpatial, sizeAt, spatialAxes } from './along-axis';
import { implement } from './implementation';
import { resizeAlong } from './resize';

interface PictureSize {
  readonly height: number;
  readonly width: number;
}

export const resizing = implement(resizingType, ({ config, x }) => {
  const { data_format: format, interpolation, antialias } = config;
  const shaped = config.crop_to_aspect_ratio
    ? cropToRatio(x, config, format)
    : config.pad_to_aspect_ratio
      ? padToRatio(x, config, format, config.fill_value)
      : x;
  const [rows = 1, columns = 2] = spatialAxes(x, format);
  const high = resizeAlong(shaped, rows, config.height, interpolation, antialias);
  return resizeAlong(high, columns, config.width, interpolation, antialias);
});

/** A picture that is too small on one side is cut to the wanted ratio and enlarged. */
export const centerCrop = implement(centerCropType, ({ config, x }) => {
  const { data_format: format, height, width } = config;
  const [rows = 1, columns = 2] = spatialAxes(x, format);
  const size = sizeOfPicture(x, format);
  if (size.height >= height && size.width >= width) return cropMiddle(x, config, format);
  const shaped = cropToRatio(x, config, format);
  return resizeAlong(resizeAlong(shaped, rows, height, 'bilinear'), columns, width, 'bilinear');
});

function sizeOfPicture(x: tf.Tensor, format: DataFormat): PictureSize {
  const [rows = 1, columns = 2] = spatialAxes(x, format);
  return { height: sizeAt(x, rows), width: sizeAt(x, columns) };
}

/** The sizes of the largest picture inside (`pick` = min) or the smallest around (max) that has the ratio of `wanted`. */
function sizeOfRatio(
  { height, width }: PictureSize,
  wanted: PictureSize,
  pick: (a: number, b: number) => number,
): PictureSize {
  return {
    height: pick(height, Math.max(Math.trunc((width * wanted.height) / wanted.width), 1)),
    width: pick(width, Math.max(Math.trunc((height * wanted.width) / wanted.height), 1)),
  };
}

function cropToRatio(x: tf.Tensor, wanted: PictureSize, format: DataFormat): tf.Tensor {
  return cropMiddle(x, sizeOfRatio(sizeOfPicture(x, format), wanted, Math.min), format);
}

function cropMiddle(x: tf.Tensor, to: PictureSize, format: DataFormat): tf.Tensor {
  const from = sizeOfPicture(x, format);
  const borders = [from.height - to.height, from.width - to.width].map(cut => {
    const before = Math.floor(cut / 2);
    return [before, cut - before];
  });
  return cropSpatial(x, borders, format);
}

/** Keras adds as much after as before, so that an odd difference is left one short. */
function padToRatio(x: tf.Tensor, wanted: PictureSize, format: DataFormat, value: number): tf.Tensor {
  const from = sizeOfPicture(x, format);
  const to = sizeOfRatio(from, wanted, Math.max);
  const high = Math.floor((to.height - from.height) / 2);
  const wide = high > 0 ? 0 : Math.floor((to.width - from.width) / 2);
  const borders = [
    [high, high],
    [wide, wide],
  ];
  return padSpatial(x, borders, format, value);
}
