import { defineLayer } from '../layer-type';
import * as p from '../params';
import { shapes } from '../shape-rules';

/** https://keras.io/api/layers/regularization_layers/activity_regularization/ */
export const activityRegularization = defineLayer({
  type: 'ActivityRegularization',
  category: 'Regularization',
  help: 'Lets values pass and adds a penalty on their size to the loss, which keeps them small.',
  inputs: { minRank: 2 },
  params: {
    l1: p.float(0, { min: 0, help: 'The factor of the sizes, which makes many values 0.' }),
    l2: p.float(0, { min: 0, help: 'The factor of the squares, which keeps values from growing large.' }),
  },
  masking: 'passes',
  tfjs: { steps: () => [] },
  example: { config: { l1: 0.1, l2: 0.2 }, inputs: [[null, 4]], outputs: [[null, 4]] },
  outputShapes: (_, [input = []]) => shapes(input),
});
