import { isJsonArray, type Json } from '../../base/json';
import { defineLayer } from '../layer-type';
import { checkRate, rate, seed } from '../noise-rules';
import * as p from '../params';
import { problem, shapes } from '../shape-rules';

/** Sizes, where null takes the input's: `[null, 1, null]` drops the same places at each step. */
const sizes: p.ParamSpec<readonly (number | null)[]> = {
  ...p.ints([], {
    help: 'Which values are dropped together: 1 for each axis along which they are.',
    advanced: true,
  }),
  parse: given =>
    isJsonArray(given) && given.every(isSize)
      ? { value: given }
      : { problem: 'must be a list of whole numbers of at least 1, or null for a size of the input' },
};

function isSize(value: Json): value is number | null {
  return value === null || (Number.isInteger(value) && (value as number) >= 1);
}

/** https://keras.io/api/layers/regularization_layers/dropout/ */
export const dropout = defineLayer({
  type: 'Dropout',
  category: 'Regularization',
  help: 'Sets values to 0 at random in training, so that the network doesn’t rely on single ones.',
  inputs: { minRank: 2 },
  params: {
    rate: rate('The share of values that are set to 0.'),
    noise_shape: p.nullable(sizes),
    ...seed,
  },
  stochastic: true,
  tfjs: 'dropout',
  example: { config: { rate: 0.3 }, inputs: [[null, 4]], outputs: [[null, 4]] },
  checkConfig: checkRate,
  outputShapes({ noise_shape }, [input = []]) {
    const fits =
      noise_shape === null ||
      (noise_shape.length === input.length &&
        noise_shape.every((size, i) => size === null || size === 1 || size === input[i]));
    return fits
      ? shapes(input)
      : problem(
          'The noise_shape of Dropout must have 1 or the input’s own size for each axis, the batch too.',
        );
  },
});
