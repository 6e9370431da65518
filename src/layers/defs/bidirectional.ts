import type { Shape } from '../../network/shape';
import { defaultConfig } from '../config';
import { defineLayer, type LayerLookup } from '../layer-type';
import * as p from '../params';
import { problem, shapes } from '../shape-rules';
import { innerShapes, innerWeights } from '../wrapper-rules';
import { lstm } from './lstm';

const WRAPPED = ['SimpleRNN', 'LSTM', 'GRU', 'RNN', 'ConvLSTM1D', 'ConvLSTM2D', 'ConvLSTM3D'];
/** What both directions must do alike. */
const ALIKE = ['return_sequences', 'return_state'];

const gru = (config: p.KerasObject['config']) => ({ class_name: 'GRU', config });

/** https://keras.io/api/layers/recurrent_layers/bidirectional/ */
export const bidirectional = defineLayer({
  type: 'Bidirectional',
  category: 'Recurrent',
  help: 'Reads a sequence with two copies of a recurrent layer: one from the start, one from the end.',
  inputs: { ranks: [3, 4, 5, 6], max: null, laterRanks: [2, 3, 4, 5] },
  params: {
    layer: p.innerLayer(
      { class_name: 'LSTM', config: defaultConfig(lstm) },
      { required: true, help: 'The recurrent layer that reads in both directions.' },
    ),
    merge_mode: p.nullable(
      p.choice(['concat', 'sum', 'ave', 'mul'], 'concat', {
        help: 'How the two results become one: side by side, added, averaged or multiplied; none: two results.',
        tfjsValues: ['concat', 'sum', 'ave', 'mul'],
      }),
      'concat',
    ),
    backward_layer: {
      ...p.nullable(
        p.innerLayer(
          { class_name: 'LSTM', config: defaultConfig(lstm) },
          { advanced: true, tfjs: null, help: 'Another layer for the way back; none: a copy of the layer.' },
        ),
      ),
      tfjsValues: [null],
    },
  },
  tfjs: 'bidirectional',
  isStock: (_, inputs) => inputs.length === 1,
  masking: 'own',
  example: {
    config: { layer: { class_name: 'LSTM', config: { units: 3 } } },
    inputs: [[null, 5, 2]],
    outputs: [[null, 6]],
  },
  cases: [
    {
      config: { layer: gru({ units: 2, return_sequences: true, return_state: true }), merge_mode: null },
      inputs: [[null, 4, 2]],
    },
    {
      config: {
        layer: { class_name: 'SimpleRNN', config: { units: 2, return_sequences: true } },
        backward_layer: gru({ units: 2, return_sequences: true, go_backwards: true }),
        merge_mode: 'mul',
      },
      inputs: [[null, null, 2]],
    },
    {
      config: { layer: gru({ units: 2, reset_after: false, return_state: true }), merge_mode: 'ave' },
      inputs: [
        [null, 4, 2],
        [null, 2],
        [null, 2],
      ],
    },
    {
      config: {
        layer: { class_name: 'RNN', config: { cell: { class_name: 'LSTMCell', config: { units: 2 } } } },
        merge_mode: 'sum',
      },
      inputs: [[null, 3, 2]],
    },
  ],
  checkConfig({ layer, backward_layer }) {
    const odd = [layer, ...(backward_layer === null ? [] : [backward_layer])].find(
      ({ class_name }) => !WRAPPED.includes(class_name),
    );
    if (odd !== undefined) return `layer must be one of ${WRAPPED.join(', ')}, not ${odd.class_name}.`;
    const backwards = backward_layer === null || backward_layer.config.go_backwards === true;
    if ((layer.config.go_backwards === true) === backwards) {
      return 'One of the two must read from the start and one from the end: set go_backwards of layer to false.';
    }
    const unlike = ALIKE.find(
      name => backward_layer !== null && layer.config[name] !== backward_layer.config[name],
    );
    return unlike === undefined ? null : `layer and backward_layer must have the same ${unlike}.`;
  },
  outputShapes(config, [input = [], ...states], table) {
    const half = states.length / 2;
    if (!Number.isInteger(half)) {
      return problem(
        'Bidirectional takes states to begin with for both directions: their number must be even.',
      );
    }
    const one = innerShapes('Bidirectional', config.layer, [input, ...states.slice(0, half)], table);
    if ('problem' in one) return one;
    const back = config.backward_layer ?? config.layer;
    const two = innerShapes('Bidirectional', back, [input, ...states.slice(half)], table);
    if ('problem' in two) return two;
    const [[forward = [], ...forwardStates], [backward = [], ...backwardStates]] = [one.shapes, two.shapes];
    const results =
      config.merge_mode === null ? [forward, backward] : [merge(config.merge_mode, forward, backward)];
    return results.every(result => result !== null)
      ? shapes(...results, ...forwardStates, ...backwardStates)
      : problem(
          'layer and backward_layer must have results of the same size: give them the same units, or concatenate.',
        );
  },
  weights: (config, [input = []], table: LayerLookup) => [
    ...innerWeights('forward', config.layer, [input], table),
    ...innerWeights('backward', config.backward_layer ?? config.layer, [input], table),
  ],
});

/** null: they don't go together. */
function merge(mode: 'concat' | 'sum' | 'ave' | 'mul', a: Shape, b: Shape): Shape | null {
  const compared = mode === 'concat' ? a.length - 1 : a.length;
  const fits = a.slice(0, compared).every((size, i) => size === null || b[i] === null || size === b[i]);
  if (!fits || a.length !== b.length) return null;
  if (mode !== 'concat') return a;
  const [left = null, right = null] = [a.at(-1), b.at(-1)];
  return [...a.slice(0, -1), left === null || right === null ? null : left + right];
}
