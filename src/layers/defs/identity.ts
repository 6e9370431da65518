import { defineLayer } from '../layer-type';
import { shapes } from '../shape-rules';

/** https://keras.io/api/layers/core_layers/identity/ */
export const identity = defineLayer({
  type: 'Identity',
  category: 'Core',
  help: 'Passes on what it gets.',
  inputs: { values: 'any' },
  params: {},
  // TensorFlow.js has only an initializer of this name.
  tfjs: { steps: () => [{ type: 'Activation', config: { activation: 'linear' }, inputs: [{ input: 0 }] }] },
  masking: 'passes',
  example: { config: {}, inputs: [[null, 3, 2]], outputs: [[null, 3, 2]] },
  outputShapes: (_, [input = []]) => shapes(input),
});
