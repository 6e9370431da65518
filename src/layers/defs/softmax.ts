import { axis, isLast } from '../axis-rules';
import { defineLayer } from '../layer-type';
import { problem, shapes } from '../shape-rules';

/** https://keras.io/api/layers/activation_layers/softmax/ */
export const softmax = defineLayer({
  type: 'Softmax',
  category: 'Activation',
  help: 'Turns values into shares that add up to 1: the usual end of a network that chooses one class.',
  inputs: { minRank: 2 },
  params: { axis: axis('The axis along which the shares add up to 1; -1 is the last.') },
  tfjs: 'softmax',
  example: { config: {}, inputs: [[null, 4]], outputs: [[null, 4]] },
  outputShapes(config, [input = []]) {
    return isLast(config.axis, input.length)
      ? shapes(input)
      : problem(
          'Softmax works along the last axis only so far: set axis to -1, or move the axis with Permute.',
        );
  },
});
