import { defineCell } from '../dense-recurrent';
import * as r from '../recurrent-rules';

/** https://keras.io/api/layers/recurrent_layers/lstm_cell/ */
export const lstmCell = defineCell({
  type: 'LSTMCell',
  help: 'One step of LSTM: from a row and what is remembered to what is remembered next.',
  gates: 4,
  states: 2,
  params: {
    units: r.units,
    activation: r.cellActivation,
    recurrent_activation: r.gateActivation,
    ...r.recurrentInitializers,
    ...r.unitForgetBias,
    ...r.cellPenalties,
    ...r.recurrentDropout,
    ...r.seed,
  },
});
