import { defineLayer } from '../layer-type';
import { checkRate, noiseShape, noisyShape, rate, seed } from '../noise-rules';

/** https://keras.io/api/layers/regularization_layers/dropout/ */
export const dropout = defineLayer({
  type: 'Dropout',
  category: 'Regularization',
  help: 'Sets values to 0 at random in training, so that the network doesn’t rely on single ones.',
  inputs: { minRank: 2 },
  params: {
    rate: rate('The share of values that are set to 0.'),
    noise_shape: noiseShape,
    ...seed,
  },
  stochastic: true,
  masking: 'passes',
  tfjs: 'dropout',
  example: { config: { rate: 0.3 }, inputs: [[null, 4]], outputs: [[null, 4]] },
  cases: [{ config: { rate: 0.5, noise_shape: [null, 1, null] }, inputs: [[null, 3, 4]] }],
  checkConfig: checkRate,
  outputShapes: ({ noise_shape }, [input = []]) => noisyShape('Dropout', noise_shape, input),
});
