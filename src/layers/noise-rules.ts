/** What the layers share that act at random in training and do nothing else. */
import { isJsonArray, type Json } from '../base/json';
import type { Shape } from '../network/shape';
import type { ShapeResult } from './layer-type';
import * as p from './params';
import { seed as nullableSeed } from './recurrent-rules';
import { problem, shapes } from './shape-rules';

/** TensorFlow.js and Keras would drop everything at 1, each in its own way. */
export function checkRate(config: { readonly rate: number }): string | null {
  return config.rate >= 1 ? `rate must be below 1, not ${config.rate}.` : null;
}

export function rate(help: string) {
  return p.float(0.5, { min: 0, required: true, help });
}

export const seed = nullableSeed;

type NoiseShape = readonly (number | null)[] | null;

const noiseSizes = p.ints([], {
  help: 'Which values are dropped together: 1 for each axis along which they are.',
  advanced: true,
});

/** null takes the input's size: `[null, 1, null]` drops the same places at each step. */
export const noiseShape: p.ParamSpec<NoiseShape> = {
  ...noiseSizes,
  default: null,
  nullable: true,
  parse: given =>
    given === null || (isJsonArray(given) && given.every(isSize))
      ? { value: given }
      : { problem: 'must be a list of whole numbers of at least 1, or null for a size of the input' },
};

function isSize(value: Json): value is number | null {
  return value === null || (Number.isInteger(value) && (value as number) >= 1);
}

/** The input's own shape, if the noise fits it. */
export function noisyShape(type: string, noise: NoiseShape, input: Shape): ShapeResult {
  const fits =
    noise === null ||
    (noise.length === input.length &&
      noise.every((size, i) => size === null || size === 1 || size === input[i]));
  return fits
    ? shapes(input)
    : problem(`The noise_shape of ${type} must have 1 or the input’s own size for each axis, the batch too.`);
}
