import type { Dim, Shape } from '../../network/shape';
import { defaultConfig } from '../config';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { shapes } from '../shape-rules';
import { innerShapes, innerWeights } from '../wrapper-rules';
import { lstm } from './lstm';

const WRAPPED = ['SimpleRNN', 'LSTM', 'GRU', 'ConvLSTM2D'];

/** https://keras.io/api/layers/recurrent_layers/bidirectional/ */
export const bidirectional = defineLayer({
  type: 'Bidirectional',
  category: 'Recurrent',
  help: 'Reads a sequence with two copies of a recurrent layer: one from the start, one from the end.',
  inputs: { ranks: [3, 5] },
  params: {
    layer: p.innerLayer(
      { class_name: 'LSTM', config: defaultConfig(lstm) },
      { required: true, help: 'The recurrent layer that reads in both directions.' },
    ),
    merge_mode: p.nullable(
      p.choice(['concat', 'sum', 'ave', 'mul'], 'concat', {
        help: 'How the two results become one: side by side, added, averaged or multiplied; none: two results.',
      }),
      'concat',
    ),
    backward_layer: p.fixed(null, {
      help: 'Another layer for the way back.',
      why: 'TensorFlow.js always reads both ways with the same kind of layer',
      tfjs: null,
    }),
  },
  tfjs: 'bidirectional',
  example: {
    config: { layer: { class_name: 'LSTM', config: { units: 3 } } },
    inputs: [[null, 5, 2]],
    outputs: [[null, 6]],
  },
  checkConfig: ({ layer }) =>
    WRAPPED.includes(layer.class_name)
      ? null
      : `layer must be one of ${WRAPPED.join(', ')}, not ${layer.class_name}.`,
  outputShapes(config, inputs, table) {
    const one = innerShapes('Bidirectional', config.layer, inputs, table);
    if ('problem' in one) return one;
    const [result = [], ...states] = one.shapes;
    const results = config.merge_mode === null ? [result, result] : [merged(result, config.merge_mode)];
    return shapes(...results, ...states, ...states);
  },
  weights: (config, inputs, table) => [
    ...innerWeights('forward', config.layer, inputs, table),
    ...innerWeights('backward', config.layer, inputs, table),
  ],
});

function merged(result: Shape, mode: 'concat' | 'sum' | 'ave' | 'mul'): Shape {
  const last: Dim = result[result.length - 1] ?? null;
  return mode === 'concat' ? [...result.slice(0, -1), last === null ? null : last * 2] : result;
}
