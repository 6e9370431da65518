import { CELLS, cellStates, cellWeights, unitsOf } from '../cell-rules';
import { defaultConfig } from '../config';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import * as r from '../recurrent-rules';
import { problem } from '../shape-rules';
import { simpleRnnCell } from './simple-rnn-cell';

const TAKES = [...CELLS, 'StackedRNNCells'];

const stacked = {
  class_name: 'StackedRNNCells',
  config: {
    cells: [
      { class_name: 'LSTMCell', config: { units: 2 } },
      { class_name: 'GRUCell', config: { units: 3 } },
    ],
  },
};

/** https://keras.io/api/layers/recurrent_layers/rnn/ */
export const rnn = defineLayer({
  type: 'RNN',
  category: 'Recurrent',
  help: 'Reads a sequence step by step with a cell, or with several cells on top of each other.',
  inputs: { ranks: [3], max: null, laterRanks: [2] },
  params: {
    cell: p.innerLayer(
      { class_name: 'SimpleRNNCell', config: defaultConfig(simpleRnnCell) },
      { required: true, help: 'What computes one step.' },
    ),
    ...r.sequenceParams,
    ...r.unroll,
    zero_output_for_mask: r.zeroOutput.zero_output_for_mask,
  },
  tfjs: null,
  masking: 'own',
  example: {
    config: { cell: { class_name: 'LSTMCell', config: { units: 3 } } },
    inputs: [[null, 4, 2]],
    outputs: [[null, 3]],
  },
  cases: [
    { config: { cell: stacked, return_sequences: true, return_state: true }, inputs: [[null, 4, 2]] },
    {
      config: {
        cell: { class_name: 'GRUCell', config: { units: 3, dropout: 0.3 } },
        return_sequences: true,
        go_backwards: true,
        zero_output_for_mask: true,
      },
      inputs: [[null, null, 2]],
    },
    {
      config: { cell: { class_name: 'SimpleRNNCell', config: { units: 3 } } },
      inputs: [
        [null, 4, 2],
        [null, 3],
      ],
    },
  ],
  checkConfig: ({ cell }) =>
    TAKES.includes(cell.class_name)
      ? null
      : `cell must be one of ${TAKES.join(', ')}, not ${cell.class_name}.`,
  outputShapes(config, [input = [], ...given]) {
    const [batch = null, steps = null, features = null] = input;
    if (features === null) return problem('RNN needs to know how many values each step has.');
    const states = cellStates(config.cell, batch);
    if (states === null) return problem('RNN doesn’t know its cell.');
    return (
      r.checkStates('RNN', given, states) ??
      r.recurrentShapes(config, steps, [batch, unitsOf(config.cell)], states)
    );
  },
  weights: (config, [input = []], table) =>
    cellWeights('cell/', config.cell, [input[0] ?? null, input[2] ?? null], table),
});
