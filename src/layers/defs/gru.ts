import { defineRecurrent } from '../dense-recurrent';
import * as r from '../recurrent-rules';

/** https://keras.io/api/layers/recurrent_layers/gru/ */
export const gru = defineRecurrent({
  type: 'GRU',
  factory: 'gru',
  help: 'Reads a sequence step by step, with a memory that is a little simpler and faster than LSTM.',
  gates: 3,
  states: 1,
  params: {
    units: r.units,
    activation: r.cellActivation,
    recurrent_activation: r.gateActivation,
    ...r.recurrentInitializers,
    ...r.recurrentPenalties,
    ...r.recurrentDropout,
    ...r.seed,
    ...r.sequenceParams,
    ...r.unroll,
    ...r.resetAfter,
    ...r.zeroOutput,
  },
  example: { config: { units: 3 }, inputs: [[null, 5, 2]], outputs: [[null, 3]] },
  cases: [
    { config: { units: 3, reset_after: false, return_sequences: true }, inputs: [[null, 5, 2]] },
    { config: { units: 3, return_sequences: true, return_state: true }, inputs: [[null, 5, 2]] },
    {
      config: { units: 3, return_sequences: true, go_backwards: true, activation: 'relu' },
      inputs: [[null, 4, 2]],
    },
    {
      config: { units: 2, return_sequences: true, zero_output_for_mask: true, use_bias: false },
      inputs: [[null, 4, 3]],
    },
    { config: { units: 2, dropout: 0.4, recurrent_dropout: 0.3 }, inputs: [[null, null, 2]] },
    {
      config: { units: 2, reset_after: false, use_bias: false, recurrent_dropout: 0.3 },
      inputs: [[null, 3, 2]],
    },
    {
      config: { units: 3, return_state: true, recurrent_activation: 'hard_sigmoid' },
      inputs: [
        [null, 4, 2],
        [null, 3],
      ],
    },
  ],
});
