import { axes, checkAxes } from '../axis-rules';
import { defineLayer } from '../layer-type';
import { problem, shapes } from '../shape-rules';

/** https://keras.io/api/layers/normalization_layers/unit_normalization/ */
export const unitNormalization = defineLayer({
  type: 'UnitNormalization',
  category: 'Normalization',
  help: 'Brings each row of values to length 1, so that only its direction counts.',
  inputs: { minRank: 2 },
  params: { axis: axes('The axis, or axes, along which the squares add up to 1; -1 is the last.') },
  masking: 'passes',
  tfjs: null,
  example: { config: {}, inputs: [[null, 4]], outputs: [[null, 4]] },
  cases: [
    { config: { axis: 1 }, inputs: [[null, 3, 4]] },
    { config: { axis: [1, 2] }, inputs: [[null, 3, 2, 4]] },
    { config: { axis: [1, -1] }, inputs: [[null, 2, 3, 2, 2]] },
  ],
  outputShapes({ axis }, [input = []]) {
    const message = checkAxes('UnitNormalization', axis, input);
    return message === null ? shapes(input) : problem(message);
  },
});
