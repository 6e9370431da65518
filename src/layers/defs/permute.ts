import { defineLayer } from '../layer-type';
import * as p from '../params';
import { problem, shapes } from '../shape-rules';

/** https://keras.io/api/layers/reshaping_layers/permute/ */
export const permute = defineLayer({
  type: 'Permute',
  category: 'Reshape',
  help: 'Puts the axes into another order.',
  inputs: { minRank: 2 },
  params: {
    dims: p.ints([2, 1], {
      min: 1,
      required: true,
      help: 'The old axes in their new order, counted from 1: 2, 1 swaps the two axes of a sequence.',
    }),
  },
  tfjs: 'permute',
  example: { config: { dims: [2, 1] }, inputs: [[null, 3, 4]], outputs: [[null, 4, 3]] },
  cases: [
    { config: { dims: [3, 1, 2] }, inputs: [[null, 2, null, 4]] },
    { config: { dims: [2, 4, 1, 3] }, inputs: [[null, 2, 3, 4, 2]] },
    { config: { dims: [1] }, inputs: [[null, 3]] },
  ],
  checkConfig({ dims }) {
    const complete = dims.length > 0 && dims.every((_, i) => dims.includes(i + 1));
    return complete ? null : 'dims must have each axis from 1 on once.';
  },
  outputShapes({ dims }, [input = []]) {
    if (dims.length !== input.length - 1) {
      return problem(
        `Permute orders ${dims.length} axes and its input has ${input.length - 1}: name each axis once in dims.`,
      );
    }
    return shapes([input[0] ?? null, ...dims.map(axis => input[axis] ?? null)]);
  },
});
