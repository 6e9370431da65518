import { defineLayer } from '../layer-type';
import * as p from '../params';
import { shapes } from '../shape-rules';

/** https://keras.io/api/layers/reshaping_layers/up_sampling1d/ */
export const upSampling1d = defineLayer({
  type: 'UpSampling1D',
  category: 'Reshape',
  help: 'Lengthens a sequence by repeating its steps.',
  inputs: { ranks: [3] },
  params: { size: p.int(2, { min: 1, help: 'How many times each step is repeated.' }) },
  tfjs: null,
  example: { config: { size: 3 }, inputs: [[null, 4, 2]], outputs: [[null, 12, 2]] },
  cases: [{ config: {}, inputs: [[null, null, 2]] }],
  outputShapes: ({ size }, [[batch = null, steps = null, channels = null] = []]) =>
    shapes([batch, steps === null ? null : steps * size, channels]),
});
