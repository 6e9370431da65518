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
    negative_slope: p.fixed(0, {
      help: 'How much of a negative value passes.',
      why: 'TensorFlow.js ignores it here, and LeakyReLU has it',
      tfjs: null,
    }),
    threshold: p.fixed(0, {
      help: 'The value from which on values pass.',
      why: 'TensorFlow.js ignores it',
      tfjs: null,
    }),
  },
  tfjs: 'reLU',
  example: { config: { max_value: 6 }, inputs: [[null, 4]], outputs: [[null, 4]] },
  outputShapes: (_, [input = []]) => shapes(input),
});
