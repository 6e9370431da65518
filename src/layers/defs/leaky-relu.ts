import { defineLayer } from '../layer-type';
import * as p from '../params';
import { shapes } from '../shape-rules';

/** https://keras.io/api/layers/activation_layers/leaky_relu/ */
export const leakyRelu = defineLayer({
  type: 'LeakyReLU',
  category: 'Activation',
  help: 'Keeps positive values and a small part of negative ones.',
  inputs: { minRank: 2 },
  params: {
    negative_slope: p.float(0.3, {
      min: 0,
      help: 'How much of a negative value passes.',
      aliases: ['alpha'],
      tfjs: 'alpha',
    }),
  },
  masking: 'passes',
  tfjs: 'leakyReLU',
  example: { config: { negative_slope: 0.1 }, inputs: [[null, 4]], outputs: [[null, 4]] },
  cases: [
    { config: {}, inputs: [[null, 3, 4]] },
    { config: { negative_slope: 0 }, inputs: [[null, 2, 2, 3]] },
  ],
  outputShapes: (_, [input = []]) => shapes(input),
});
