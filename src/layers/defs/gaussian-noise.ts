import { defineLayer } from '../layer-type';
import { seed } from '../noise-rules';
import * as p from '../params';
import { shapes } from '../shape-rules';

/** https://keras.io/api/layers/regularization_layers/gaussian_noise/ */
export const gaussianNoise = defineLayer({
  type: 'GaussianNoise',
  category: 'Regularization',
  help: 'Adds a little noise to each value in training.',
  inputs: { minRank: 2 },
  params: {
    stddev: p.float(0.1, { min: 0, max: 1, required: true, help: 'How strong the noise is.' }),
    ...seed,
  },
  stochastic: true,
  masking: 'passes',
  tfjs: 'gaussianNoise',
  example: { config: { stddev: 0.1 }, inputs: [[null, 4]], outputs: [[null, 4]] },
  outputShapes: (_, [input = []]) => shapes(input),
});
