import { defineCell } from '../dense-recurrent';
import * as r from '../recurrent-rules';

/** https://keras.io/api/layers/recurrent_layers/simple_rnn_cell/ */
export const simpleRnnCell = defineCell({
  type: 'SimpleRNNCell',
  help: 'One step of SimpleRNN: from a row and what is remembered to what is remembered next.',
  gates: 1,
  states: 1,
  params: {
    units: r.units,
    activation: r.cellActivation,
    ...r.recurrentInitializers,
    ...r.cellPenalties,
    ...r.recurrentDropout,
    ...r.seed,
  },
});
