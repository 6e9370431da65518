import { defineCell } from '../dense-recurrent';
import * as r from '../recurrent-rules';

/** https://keras.io/api/layers/recurrent_layers/gru_cell/ */
export const gruCell = defineCell({
  type: 'GRUCell',
  help: 'One step of GRU: from a row and what is remembered to what is remembered next.',
  gates: 3,
  states: 1,
  params: {
    units: r.units,
    activation: r.cellActivation,
    recurrent_activation: r.gateActivation,
    ...r.recurrentInitializers,
    ...r.cellPenalties,
    ...r.recurrentDropout,
    ...r.resetAfter,
    ...r.seed,
  },
  cases: [
    {
      config: { units: 3, reset_after: false },
      inputs: [
        [null, 2],
        [null, 3],
      ],
    },
  ],
});
