import { defineLayer } from '../layer-type';
import { checkRate, noiseShape, noisyShape, rate, seed } from '../noise-rules';

/** https://keras.io/api/layers/regularization_layers/alpha_dropout/ */
export const alphaDropout = defineLayer({
  type: 'AlphaDropout',
  category: 'Regularization',
  help: 'A Dropout that keeps average and spread of the values: for networks with the activation selu.',
  inputs: { minRank: 2 },
  params: {
    rate: rate('The share of values that are dropped.'),
    noise_shape: noiseShape,
    ...seed,
  },
  stochastic: true,
  masking: 'passes',
  tfjs: 'alphaDropout',
  example: { config: { rate: 0.3 }, inputs: [[null, 4]], outputs: [[null, 4]] },
  cases: [{ config: { rate: 0.5, noise_shape: [null, 1, null] }, inputs: [[null, 3, 4]] }],
  checkConfig: checkRate,
  outputShapes: ({ noise_shape }, [input = []]) => noisyShape('AlphaDropout', noise_shape, input),
});
