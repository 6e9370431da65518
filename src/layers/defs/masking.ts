import { defineLayer } from '../layer-type';
import * as p from '../params';
import { shapes } from '../shape-rules';

/** https://keras.io/api/layers/core_layers/masking/ */
export const masking = defineLayer({
  type: 'Masking',
  category: 'Core',
  help: 'Marks the steps of a sequence in which all values are the same filler: recurrent layers skip them.',
  inputs: { minRank: 3 },
  params: { mask_value: p.float(0, { help: 'The filler.' }) },
  tfjs: 'masking',
  masking: 'own',
  example: { config: {}, inputs: [[null, 4, 3]], outputs: [[null, 4, 3]] },
  cases: [{ config: { mask_value: -1.5 }, inputs: [[null, null, 2, 1]] }],
  outputShapes: (_, [input = []]) => shapes(input),
});
