import { defineLayer } from '../layer-type';
import * as p from '../params';
import { shapes } from '../shape-rules';

/** https://keras.io/api/layers/reshaping_layers/repeat_vector/ */
export const repeatVector = defineLayer({
  type: 'RepeatVector',
  category: 'Reshape',
  help: 'Makes a sequence by repeating a row of values.',
  inputs: { ranks: [2] },
  params: { n: p.int(2, { min: 1, required: true, help: 'How many times.' }) },
  tfjs: 'repeatVector',
  example: { config: { n: 3 }, inputs: [[null, 4]], outputs: [[null, 3, 4]] },
  cases: [{ config: { n: 1 }, inputs: [[null, 3]] }],
  outputShapes: ({ n }, [[batch = null, size = null] = []]) => shapes([batch, n, size]),
});
