import { defineLayer } from '../layer-type';
import { checkRate, rate, seed } from '../noise-rules';
import { shapes } from '../shape-rules';

/** https://keras.io/api/layers/regularization_layers/spatial_dropout1d/ */
export const spatialDropout1d = defineLayer({
  type: 'SpatialDropout1D',
  category: 'Regularization',
  help: 'Sets whole channels of a sequence to 0 at random in training.',
  inputs: { ranks: [3] },
  params: { rate: rate('The share of channels that are set to 0.'), ...seed },
  stochastic: true,
  masking: 'passes',
  tfjs: 'spatialDropout1d',
  example: { config: { rate: 0.3 }, inputs: [[null, 5, 3]], outputs: [[null, 5, 3]] },
  checkConfig: checkRate,
  outputShapes: (_, [input = []]) => shapes(input),
});
