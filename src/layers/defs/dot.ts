import { isJsonArray, type Json } from '../../base/json';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { problem, resolveAxis, shapes } from '../shape-rules';

/** One axis of each branch; a single number stands for both, as in Keras. */
const pair: p.ParamSpec<readonly number[]> = {
  ...p.ints([-1, -1], {
    required: true,
    help: 'The axis of each branch along which the products are added up.',
  }),
  form: { kind: 'ints', length: 2 },
  parse(given) {
    const list = typeof given === 'number' ? [given, given] : given;
    return isJsonArray(list) && list.length === 2 && list.every(isInteger)
      ? { value: list }
      : { problem: 'must be one or two whole numbers' };
  },
};

function isInteger(value: Json): value is number {
  return Number.isInteger(value);
}

/** https://keras.io/api/layers/merging_layers/dot/ */
export const dot = defineLayer({
  type: 'Dot',
  category: 'Merge',
  help: 'Multiplies two branches and adds up the products: a measure of how alike they are.',
  inputs: { min: 2, max: 2, minRank: 2 },
  params: {
    axes: pair,
    normalize: p.bool(false, {
      help: 'Brings both to length 1 first: the result is the cosine, from -1 to 1.',
    }),
  },
  masking: 'own',
  tfjs: 'dot',
  example: {
    config: { axes: [-1, -1] },
    inputs: [
      [null, 4],
      [null, 4],
    ],
    outputs: [[null, 1]],
  },
  cases: [
    ...[{ axes: [2, 2] }, { axes: [2, 2], normalize: true }, { axes: [-1, 2] }].map(config => ({
      config,
      inputs: [
        [null, 3, 4],
        [null, 2, 4],
      ],
    })),
    {
      config: { axes: [1, 1] },
      inputs: [
        [null, 3, 4],
        [null, 3, 2],
      ],
    },
    {
      config: { axes: [2, 1], normalize: true },
      inputs: [
        [null, 3, 4],
        [null, 4],
      ],
    },
    {
      config: { axes: [1, 2] },
      inputs: [
        [null, 4],
        [null, 3, 4],
      ],
    },
    {
      config: { axes: [1, 3] },
      inputs: [
        [null, 4, 2],
        [null, 2, 3, 4],
      ],
    },
    {
      config: { axes: [2, 1] },
      inputs: [
        [null, 2, 4, 3],
        [null, 4, 2, 2],
      ],
    },
  ],
  // Nor does tfjs-layers 4.22 count negative axes from the end where there are two of them.
  isStock: ({ axes }, inputs) => inputs.every(input => input.length <= 3) && axes.every(axis => axis > 0),
  outputShapes({ axes }, [first = [], second = []]) {
    const [left, right] = [resolveAxis(axes[0] ?? 0, first.length), resolveAxis(axes[1] ?? 0, second.length)];
    if (left === null || right === null || left === 0 || right === 0) {
      return problem(
        `Dot can't use the axes ${axes.join(' and ')}: its branches have axes 1 to ${first.length - 1} and 1 to ${second.length - 1}.`,
      );
    }
    const [a, b] = [first[left] ?? null, second[right] ?? null];
    if (a !== null && b !== null && a !== b) {
      const wanted = second.map((dim, i) => (i === right ? a : dim));
      const message = `Dot needs the same size along its axes, and ${a} is not ${b}.`;
      return { problem: { kind: 'sizes-differ', input: 1, wanted, message } };
    }
    const rest = [...first.filter((_, i) => i !== left), ...second.filter((_, i) => i !== right && i !== 0)];
    return shapes(rest.length === 1 ? [...rest, 1] : rest);
  },
});
