import { CELLS, cellStates, cellWeights, unitsOf } from '../cell-rules';
import { defaultConfig } from '../config';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { checkStates } from '../recurrent-rules';
import { problem, shapes } from '../shape-rules';
import { simpleRnnCell } from './simple-rnn-cell';

/** https://keras.io/api/layers/recurrent_layers/stacked_rnn_cells/ */
export const stackedRnnCells = defineLayer({
  type: 'StackedRNNCells',
  category: 'Recurrent',
  help: 'One step of several cells on top of each other. It stands in RNN, or takes the states of all its cells.',
  inputs: { ranks: [2], min: 2, max: null },
  params: {
    cells: p.innerLayers([{ class_name: 'SimpleRNNCell', config: defaultConfig(simpleRnnCell) }], {
      required: true,
      help: 'The cells, the one that reads the input first.',
    }),
  },
  tfjs: null,
  example: {
    config: {
      cells: [
        { class_name: 'SimpleRNNCell', config: { units: 2 } },
        { class_name: 'GRUCell', config: { units: 3 } },
      ],
    },
    inputs: [
      [null, 4],
      [null, 2],
      [null, 3],
    ],
    outputs: [
      [null, 3],
      [null, 2],
      [null, 3],
    ],
  },
  checkConfig({ cells }) {
    const odd = cells.find(({ class_name }) => !CELLS.includes(class_name));
    return odd === undefined ? null : `cells must be of ${CELLS.join(', ')}, not ${odd.class_name}.`;
  },
  outputShapes(config, [input = [], ...given]) {
    const [batch = null, features = null] = input;
    if (features === null) return problem('StackedRNNCells needs to know how many values its input has.');
    const all = { class_name: 'StackedRNNCells', config: { cells: config.cells } };
    const states = cellStates(all, batch);
    if (states === null) return problem('StackedRNNCells doesn’t know its cells.');
    return checkStates('StackedRNNCells', given, states) ?? shapes([batch, unitsOf(all)], ...states);
  },
  weights: (config, [input = []], table) =>
    cellWeights('', { class_name: 'StackedRNNCells', config: { cells: config.cells } }, input, table),
});
