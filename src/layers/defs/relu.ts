import { defineLayer } from '../layer-type';
import * as p from '../params';
import { shapes } from '../shape-rules';

/** https://keras.io/api/layers/activation_layers/relu/ */
export const relu = defineLayer({
  type: 'ReLU',
  category: 'Activation',
  help: 'Keeps positive values and turns negative ones into 0.',
  inputs: { minRank: 2 },
  params: {
    max_value: p.nullable(p.float(6, { min: 0, help: 'The largest value that passes; none: no limit.' })),
    negative_slope: p.float(0, {
      min: 0,
      help: 'How much passes of what lies below the threshold.',
      advanced: true,
      tfjs: null,
      tfjsValues: [0],
    }),
    threshold: p.float(0, {
      min: 0,
      help: 'The value from which on values pass.',
      advanced: true,
      tfjs: null,
      tfjsValues: [0],
    }),
  },
  masking: 'passes',
  tfjs: 'reLU',
  example: { config: { max_value: 6 }, inputs: [[null, 4]], outputs: [[null, 4]] },
  cases: [
    { config: {}, inputs: [[null, 3, 4]] },
    { config: { max_value: 2.5 }, inputs: [[null, 6]] },
    { config: { negative_slope: 0.1 }, inputs: [[null, 6]] },
    { config: { threshold: 1.5 }, inputs: [[null, 6]] },
    { config: { negative_slope: 0.2, max_value: 6 }, inputs: [[null, 6]] },
    { config: { negative_slope: 0.2, threshold: 1, max_value: 4 }, inputs: [[null, 2, 2, 6]] },
  ],
  outputShapes: (_, [input = []]) => shapes(input),
});
