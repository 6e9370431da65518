import { defineLayer } from '../layer-type';
import { checkRate, rate, seed } from '../noise-rules';
import { shapes } from '../shape-rules';

/** https://keras.io/api/layers/regularization_layers/gaussian_dropout/ */
export const gaussianDropout = defineLayer({
  type: 'GaussianDropout',
  category: 'Regularization',
  help: 'Makes each value a little larger or smaller at random in training.',
  inputs: { minRank: 2 },
  params: { rate: rate('How strong the noise is: as much as that of Dropout at this rate.'), ...seed },
  stochastic: true,
  masking: 'passes',
  tfjs: 'gaussianDropout',
  example: { config: { rate: 0.3 }, inputs: [[null, 4]], outputs: [[null, 4]] },
  checkConfig: checkRate,
  outputShapes: (_, [input = []]) => shapes(input),
});
