/**
 * Giving an axis another size: each new value is a blend of old ones, so that the whole is a product with a small matrix, whose
 * gradient is exact on every backend (those of TensorFlow.js' own resizing are wrong on the CPU). The blends are those of
 * `jax.image.resize`, which Keras uses: pixels have their place at their centre.
 */
import * as tf from '@tensorflow/tfjs';
import type { Interpolation } from '../../../layers/resize-rules';
import { blendAlong, sizeAt } from './along-axis';

/** How much a pixel counts at a distance, in pixels. */
type Falloff = (distance: number) => number;

const FALLOFFS: Readonly<Record<Exclude<Interpolation, 'nearest'>, Falloff>> = {
  bilinear: d => Math.max(0, 1 - d),
  // Keys' cubic with a = -0.5 (https://doi.org/10.1109/TASSP.1981.1163711).
  bicubic: d => {
    if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
    return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
  },
  lanczos3: lanczos(3),
  lanczos5: lanczos(5),
};

function lanczos(radius: number): Falloff {
  return d => {
    if (d > radius) return 0;
    const angle = Math.PI * d;
    return d > 1e-3 ? (radius * Math.sin(angle) * Math.sin(angle / radius)) / (angle * angle) : 1;
  };
}

/** `antialias`: where the axis gets smaller, so many more pixels are blended that each old one counts. */
export function resizeAlong(
  x: tf.Tensor,
  axis: number,
  sizeOut: number,
  interpolation: Interpolation,
  antialias = false,
): tf.Tensor {
  const sizeIn = sizeAt(x, axis);
  if (sizeIn === sizeOut) return x;
  const rows = Array.from({ length: sizeOut }, (_, place) =>
    interpolation === 'nearest'
      ? nearestRow(place, sizeIn, sizeOut)
      : blendRow(place, sizeIn, sizeOut, FALLOFFS[interpolation], antialias),
  );
  return blendAlong(x, axis, tf.tensor2d(rows));
}

function nearestRow(place: number, sizeIn: number, sizeOut: number): number[] {
  const nearest = Math.floor(((place + 0.5) * sizeIn) / sizeOut);
  return Array.from({ length: sizeIn }, (_, i) => (i === nearest ? 1 : 0));
}

function blendRow(
  place: number,
  sizeIn: number,
  sizeOut: number,
  falloff: Falloff,
  antialias: boolean,
): number[] {
  const shrinks = sizeIn / sizeOut;
  const centre = (place + 0.5) * shrinks - 0.5;
  const width = antialias ? Math.max(shrinks, 1) : 1;
  const shares = Array.from({ length: sizeIn }, (_, i) => falloff(Math.abs(centre - i) / width));
  const sum = shares.reduce((a, b) => a + b, 0);
  return shares.map(share => share / sum);
}
