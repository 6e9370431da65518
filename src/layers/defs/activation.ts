import { defineLayer } from '../layer-type';
import * as p from '../params';
import { shapes } from '../shape-rules';

/** https://keras.io/api/layers/core_layers/activation/ */
export const activation = defineLayer({
  type: 'Activation',
  category: 'Activation',
  help: 'Applies a function to each value, which lets a network learn more than straight lines.',
  inputs: { minRank: 2 },
  params: { activation: p.activation('relu', { required: true, help: 'The function.' }) },
  tfjs: 'activation',
  example: { config: { activation: 'tanh' }, inputs: [[null, 4]], outputs: [[null, 4]] },
  outputShapes: (_, [input = []]) => shapes(input),
});
