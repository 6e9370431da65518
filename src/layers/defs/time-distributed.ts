import { defaultConfig } from '../config';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { problem, shapes } from '../shape-rules';
import { innerShapes, innerWeights } from '../wrapper-rules';
import { dense } from './dense';

/** https://keras.io/api/layers/recurrent_layers/time_distributed/ */
export const timeDistributed = defineLayer({
  type: 'TimeDistributed',
  category: 'Recurrent',
  help: 'Applies one layer to each step of a sequence by itself, with the same weights.',
  inputs: { minRank: 3, values: 'any' },
  params: {
    layer: p.innerLayer(
      { class_name: 'Dense', config: defaultConfig(dense) },
      { required: true, help: 'The layer that is applied to each step.' },
    ),
  },
  tfjs: 'timeDistributed',
  masking: 'passes',
  example: {
    config: { layer: { class_name: 'Dense', config: { units: 3 } } },
    inputs: [[null, 4, 2]],
    outputs: [[null, 4, 3]],
  },
  cases: [
    {
      config: { layer: { class_name: 'Conv1D', config: { filters: 2, kernel_size: 2 } } },
      inputs: [[null, null, 4, 2]],
    },
    // Each step is normalised by itself, and moves the running statistics.
    {
      config: { layer: { class_name: 'BatchNormalization', config: { momentum: 0.8 } } },
      inputs: [[null, 3, 2]],
    },
    { config: { layer: { class_name: 'Dropout', config: { rate: 0.4 } } }, inputs: [[null, 3, 4]] },
  ],
  outputShapes(config, [input = []], table) {
    const [batch = null, steps = null, ...step] = input;
    const one = innerShapes('TimeDistributed', config.layer, [[batch, ...step]], table);
    if ('problem' in one) return one;
    const [result = [], ...others] = one.shapes;
    if (others.length > 0) {
      return problem('TimeDistributed takes a layer with one result: switch off return_state in it.');
    }
    return shapes([batch, steps, ...result.slice(1)]);
  },
  weights: (config, [input = []], table) =>
    innerWeights('layer', config.layer, [[input[0] ?? null, ...input.slice(2)]], table),
});
