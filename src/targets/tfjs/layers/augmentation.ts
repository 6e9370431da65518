/**
 * Pictures changed at random in training, as Keras 3 does it: each picture of a batch in its own way. Outside training they stay
 * as they are. `tf.image.transform` has no gradient, so that pictures that are turned, moved or zoomed give none.
 */
import * as tf from '@tensorflow/tfjs';
import * as defs from '../../../layers/defs/augmentation';
import type { Numbers } from '../../../layers/params';
import { transformPictures } from '../mends/cpu-transform';
import { fromChannelsLast, toChannelsLast } from './along-axis';
import { implement } from './implementation';
import { withoutGradient } from './without-gradient';

/** A single number stands for both directions, down to `least`. */
function rangeOf(factor: Numbers, least = -1): readonly [number, number] {
  if (typeof factor === 'number') return [Math.max(-Math.abs(factor), least), Math.abs(factor)];
  const [a = 0, b = 0] = factor.map(Number).toSorted((x, y) => x - y);
  return [a, b];
}

/** One number for each picture. */
function draw(x: tf.Tensor, [from, to]: readonly [number, number], rest: readonly number[]): tf.Tensor {
  const shape = [x.shape[0] ?? 1, ...rest];
  return from === to ? tf.fill(shape, from) : tf.randomUniform(shape, from, to);
}

export const randomFlip = implement(defs.randomFlip, ({ config, x, training }) => {
  if (!training) return x;
  const pictures = toChannelsLast(x, config.data_format);
  // Both ways at once: Keras draws once for each picture.
  const isFlipped = tf.lessEqual(draw(x, [0, 1], [1, 1, 1]), 0.5);
  const axes = { horizontal: [2], vertical: [1], horizontal_and_vertical: [1, 2] }[config.mode];
  const flipped = tf.where(isFlipped, tf.reverse(pictures, axes), pictures);
  return fromChannelsLast(flipped, config.data_format);
});

interface Moved {
  readonly data_format: 'channels_last' | 'channels_first';
  readonly interpolation: 'bilinear' | 'nearest';
  readonly fill_mode: 'constant' | 'nearest' | 'reflect' | 'wrap';
  readonly fill_value: number;
}

/** `matrix`: for each picture, with its height and width, where its places come from: eight numbers, as `tf.image.transform` takes them. */
function transformed(
  x: tf.Tensor,
  config: Moved,
  matrix: (height: number, width: number) => readonly tf.Tensor[],
): tf.Tensor {
  const moved = withoutGradient(tf.cast(x, 'float32'), given => {
    const pictures = toChannelsLast(given, config.data_format) as tf.Tensor4D;
    const [, height, width] = pictures.shape;
    const rows = tf.concat([...matrix(height, width)], 1) as tf.Tensor2D;
    const result = transformPictures(pictures, rows, config);
    return fromChannelsLast(result, config.data_format);
  });
  return moved;
}

export const randomRotation = implement(defs.randomRotation, ({ config, x, training }) => {
  if (!training) return x;
  return transformed(x, config, (height, width) => {
    const [from, to] = rangeOf(config.factor);
    const angle = draw(x, [from * 2 * Math.PI, to * 2 * Math.PI], [1]);
    const [cos, sin] = [tf.cos(angle), tf.sin(angle)];
    const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
    // The middle stays where it is.
    const dx = tf.sub(cx, tf.sub(tf.mul(cx, cos), tf.mul(cy, sin)));
    const dy = tf.sub(cy, tf.add(tf.mul(cx, sin), tf.mul(cy, cos)));
    const zero = tf.zerosLike(angle);
    return [cos, tf.neg(sin), dx, sin, cos, dy, zero, zero];
  });
});

export const randomTranslation = implement(defs.randomTranslation, ({ config, x, training }) => {
  if (!training) return x;
  return transformed(x, config, (height, width) => {
    const down = tf.mul(draw(x, rangeOf(config.height_factor), [1]), height);
    const right = tf.mul(draw(x, rangeOf(config.width_factor), [1]), width);
    const [zero, one] = [tf.zerosLike(down), tf.onesLike(down)];
    return [one, zero, tf.neg(right), zero, one, tf.neg(down), zero, zero];
  });
});

export const randomZoom = implement(defs.randomZoom, ({ config, x, training }) => {
  if (!training) return x;
  return transformed(x, config, (height, width) => {
    const zoomY = tf.add(1, draw(x, rangeOf(config.height_factor), [1]));
    const zoomX =
      config.width_factor === null ? zoomY : tf.add(1, draw(x, rangeOf(config.width_factor), [1]));
    const zero = tf.zerosLike(zoomY);
    const dx = tf.mul((width - 1) / 2, tf.sub(1, zoomX));
    const dy = tf.mul((height - 1) / 2, tf.sub(1, zoomY));
    return [zoomX, zero, dx, zero, zoomY, dy, zero, zero];
  });
});

function limited(x: tf.Tensor, valueRange: Numbers): tf.Tensor {
  const [least, most] = rangeOf(valueRange);
  return tf.clipByValue(x, least, most);
}

/** A single factor only strengthens the contrast: so Keras 3 reads it. */
export const randomContrast = implement(defs.randomContrast, ({ config, x, training }) => {
  if (!training) return x;
  const [lower, upper] = rangeOf(config.factor, 0);
  const contrast = draw(x, [1 - lower, 1 + upper], [1, 1, 1]);
  const mean = tf.mean(x, [1, 2], true);
  return limited(tf.add(tf.mul(tf.sub(x, mean), contrast), mean), config.value_range);
});

export const randomBrightness = implement(defs.randomBrightness, ({ config, x, training }) => {
  if (!training) return x;
  const [least, most] = rangeOf(config.value_range);
  const change = tf.mul(draw(x, rangeOf(config.factor), [1, 1, 1]), most - least);
  return limited(tf.add(x, change), config.value_range);
});
