import { defineLayer } from '../layer-type';
import { checkRate, rate, seed } from '../noise-rules';
import * as p from '../params';
import { shapes } from '../shape-rules';

/** https://keras.io/api/layers/regularization_layers/alpha_dropout/ */
export const alphaDropout = defineLayer({
  type: 'AlphaDropout',
  category: 'Regularization',
  help: 'A Dropout that keeps average and spread of the values: for networks with the activation selu.',
  inputs: { minRank: 2 },
  params: {
    rate: rate('The share of values that are dropped.'),
    noise_shape: p.fixed(null, {
      help: 'Which values are dropped together.',
      why: 'TensorFlow.js loses it when it saves the layer',
      tfjs: null,
    }),
    ...seed,
  },
  stochastic: true,
  tfjs: 'alphaDropout',
  example: { config: { rate: 0.3 }, inputs: [[null, 4]], outputs: [[null, 4]] },
  checkConfig: checkRate,
  outputShapes: (_, [input = []]) => shapes(input),
});
