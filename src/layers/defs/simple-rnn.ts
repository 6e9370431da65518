import { defineRecurrent } from '../dense-recurrent';
import * as r from '../recurrent-rules';

/** https://keras.io/api/layers/recurrent_layers/simple_rnn/ */
export const simpleRnn = defineRecurrent({
  type: 'SimpleRNN',
  factory: 'simpleRNN',
  help: 'Reads a sequence step by step with a short memory. LSTM and GRU remember longer.',
  gates: 1,
  states: 1,
  params: {
    units: r.units,
    activation: r.cellActivation,
    ...r.recurrentInitializers,
    ...r.recurrentPenalties,
    ...r.recurrentDropout,
    ...r.sequenceParams,
    ...r.unroll,
    ...r.seed,
    ...r.zeroOutput,
  },
  example: { config: { units: 3 }, inputs: [[null, 5, 2]], outputs: [[null, 3]] },
  cases: [
    { config: { units: 3, return_sequences: true, return_state: true }, inputs: [[null, 5, 2]] },
    {
      config: { units: 3, return_sequences: true, go_backwards: true, activation: 'relu' },
      inputs: [[null, 4, 2]],
    },
    {
      config: { units: 2, return_sequences: true, zero_output_for_mask: true, use_bias: false },
      inputs: [[null, 4, 3]],
    },
    { config: { units: 3, dropout: 0.4, recurrent_dropout: 0.3 }, inputs: [[null, null, 2]] },
    {
      config: { units: 3, return_state: true },
      inputs: [
        [null, 4, 2],
        [null, 3],
      ],
    },
  ],
});
