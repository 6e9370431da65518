import { defineLayer } from '../layer-type';
import * as p from '../params';
import { shapes } from '../shape-rules';

/** https://keras.io/api/layers/activation_layers/elu/ */
export const elu = defineLayer({
  type: 'ELU',
  category: 'Activation',
  help: 'Keeps positive values and bends negative ones softly towards -1.',
  inputs: { minRank: 2 },
  params: {
    alpha: p.fixed(1, {
      help: 'The value that large negative values reach.',
      why: 'TensorFlow.js knows only that',
    }),
  },
  tfjs: 'elu',
  example: { config: {}, inputs: [[null, 4]], outputs: [[null, 4]] },
  outputShapes: (_, [input = []]) => shapes(input),
});
