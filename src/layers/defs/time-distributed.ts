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
  inputs: { minRank: 3 },
  params: {
    layer: p.innerLayer(
      { class_name: 'Dense', config: defaultConfig(dense) },
      { required: true, help: 'The layer that is applied to each step.' },
    ),
  },
  tfjs: 'timeDistributed',
  example: {
    config: { layer: { class_name: 'Dense', config: { units: 3 } } },
    inputs: [[null, 4, 2]],
    outputs: [[null, 4, 3]],
  },
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
