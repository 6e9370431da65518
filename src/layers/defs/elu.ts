import { defineLayer } from '../layer-type';
import * as p from '../params';
import { shapes } from '../shape-rules';

/** https://keras.io/api/layers/activation_layers/elu/ */
export const elu = defineLayer({
  type: 'ELU',
  category: 'Activation',
  help: 'Keeps positive values and bends negative ones softly towards a limit.',
  inputs: { minRank: 2 },
  params: {
    alpha: p.float(1, {
      help: 'The value that large negative values reach.',
      tfjsValues: [1],
    }),
  },
  masking: 'passes',
  tfjs: 'elu',
  example: { config: {}, inputs: [[null, 4]], outputs: [[null, 4]] },
  cases: [
    { config: { alpha: 0.4 }, inputs: [[null, 3, 4]] },
    { config: { alpha: 2 }, inputs: [[null, 2, 2, 3]] },
  ],
  outputShapes: (_, [input = []]) => shapes(input),
});
