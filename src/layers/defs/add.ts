import { defineLayer } from '../layer-type';
import { elementwiseShape } from '../merge-rules';

/** https://keras.io/api/layers/merging_layers/add/ */
export const add = defineLayer({
  type: 'Add',
  category: 'Merge',
  help: 'Adds the branches value by value. Choose it when they speak about the same things.',
  inputs: { min: 2, max: null },
  stretches: true,
  params: {},
  tfjs: 'add',
  example: {
    config: {},
    inputs: [
      [null, 4],
      [null, 4],
    ],
    outputs: [[null, 4]],
  },
  outputShapes: (_, inputs) => elementwiseShape('Add', inputs),
});
