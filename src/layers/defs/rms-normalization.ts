import { axes, checkWeightAxes, resolveAxes, sizesOf } from '../axis-rules';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { problem, shapes } from '../shape-rules';
import { weight } from '../weight-rules';

/** https://keras.io/api/layers/normalization_layers/rms_normalization/ */
export const rmsNormalization = defineLayer({
  type: 'RMSNormalization',
  category: 'Normalization',
  help: 'Divides the values of each row by the root of their mean square, as language models do.',
  inputs: { minRank: 2 },
  params: {
    axis: axes('The last axis (-1), or several axes up to the last.'),
    epsilon: p.float(1e-6, { min: 0, help: 'A small number against division by zero.', advanced: true }),
  },
  tfjs: null,
  example: { config: {}, inputs: [[null, 3, 4]], outputs: [[null, 3, 4]] },
  cases: [
    { config: { epsilon: 0.1 }, inputs: [[null, 5]] },
    { config: { axis: [-2, -1] }, inputs: [[null, 3, 2, 4]] },
    { config: { axis: [1, 2] }, inputs: [[null, 3, 4]] },
  ],
  outputShapes({ axis }, [input = []]) {
    const message = checkWeightAxes('RMSNormalization', axis, input);
    if (message !== null) return problem(message);
    // Keras multiplies with the scale as it is, so that it has to lie along the last axes.
    const found = resolveAxes(axis, input.length);
    return found.every((item, i) => item === input.length - found.length + i)
      ? shapes(input)
      : problem(
          'RMSNormalization works along the last axes only: set axis to -1, or move the axis with Permute.',
        );
  },
  weights: ({ axis }, [input = []]) => [
    weight('scale', sizesOf(axis, input), { class_name: 'Ones', config: {} }),
  ],
});
