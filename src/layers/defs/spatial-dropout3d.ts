import { dataFormat } from '../data-format';
import { defineLayer } from '../layer-type';
import { checkRate, rate, seed } from '../noise-rules';
import { shapes } from '../shape-rules';

/** https://keras.io/api/layers/regularization_layers/spatial_dropout3d/ */
export const spatialDropout3d = defineLayer({
  type: 'SpatialDropout3D',
  category: 'Regularization',
  help: 'Sets whole channels of volumes to 0 at random in training.',
  inputs: { ranks: [5] },
  params: { rate: rate('The share of channels that are set to 0.'), data_format: dataFormat(), ...seed },
  stochastic: true,
  masking: 'passes',
  tfjs: null,
  example: { config: { rate: 0.3 }, inputs: [[null, 2, 3, 2, 2]], outputs: [[null, 2, 3, 2, 2]] },
  cases: [{ config: { rate: 0.3, data_format: 'channels_first' }, inputs: [[null, 2, 3, 2, 2]] }],
  checkConfig: checkRate,
  outputShapes: (_, [input = []]) => shapes(input),
});
