import { axes, checkAxes, isLast } from '../axis-rules';
import { defineLayer } from '../layer-type';
import { problem, shapes } from '../shape-rules';

/** https://keras.io/api/layers/activation_layers/softmax/ */
export const softmax = defineLayer({
  type: 'Softmax',
  category: 'Activation',
  help: 'Turns values into shares that add up to 1: the usual end of a network that chooses one class.',
  inputs: { minRank: 2 },
  params: { axis: axes('The axis, or axes, along which the shares add up to 1; -1 is the last.') },
  masking: 'passes',
  tfjs: 'softmax',
  example: { config: {}, inputs: [[null, 4]], outputs: [[null, 4]] },
  cases: [
    { config: { axis: 1 }, inputs: [[null, 4, 3]] },
    { config: { axis: -2 }, inputs: [[null, 2, 4, 3]] },
    { config: { axis: [1, 2] }, inputs: [[null, 2, 4, 3]] },
    { config: { axis: [-1, 1] }, inputs: [[null, 2, 4, 3]] },
    { config: { axis: [3] }, inputs: [[null, 2, 1, 4, 3]] },
  ],
  isStock: ({ axis }, [input = []]) => typeof axis === 'number' && isLast(axis, input.length),
  outputShapes({ axis }, [input = []]) {
    const message = checkAxes('Softmax', axis, input);
    return message === null ? shapes(input) : problem(message);
  },
});
