import type { Shape } from '../../network/shape';
import { defaultConfig } from '../config';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { shapes } from '../shape-rules';
import { innerShapes, innerWeights } from '../wrapper-rules';
import { lstm } from './lstm';

const WRAPPED = ['SimpleRNN', 'LSTM', 'GRU', 'ConvLSTM2D'];

const modes = p.choice(['concat', 'sum', 'ave', 'mul'], 'concat', {
  help: 'How the two results become one: side by side, added, averaged or multiplied.',
});

/** Keras also knows None: two results. It is read, so that `checkConfig` can say that it doesn't work. */
const mergeMode: p.ParamSpec<'concat' | 'sum' | 'ave' | 'mul' | null> = {
  ...modes,
  parse: given => (given === null ? { value: null } : modes.parse(given)),
};

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
    merge_mode: mergeMode,
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
  checkConfig({ layer, merge_mode }) {
    if (merge_mode === null) return 'merge_mode can’t be none so far: choose concat, sum, ave or mul.';
    return WRAPPED.includes(layer.class_name)
      ? null
      : `layer must be one of ${WRAPPED.join(', ')}, not ${layer.class_name}.`;
  },
  outputShapes(config, inputs, table) {
    const one = innerShapes('Bidirectional', config.layer, inputs, table);
    if ('problem' in one) return one;
    const [result = [], ...states] = one.shapes;
    return shapes(config.merge_mode === 'concat' ? sideBySide(result) : result, ...states, ...states);
  },
  weights: (config, inputs, table) => [
    ...innerWeights('forward', config.layer, inputs, table),
    ...innerWeights('backward', config.layer, inputs, table),
  ],
});

function sideBySide(result: Shape): Shape {
  const last = result[result.length - 1] ?? null;
  return [...result.slice(0, -1), last === null ? null : last * 2];
}
