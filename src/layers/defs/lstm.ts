import { defineRecurrent } from '../dense-recurrent';
import * as r from '../recurrent-rules';

/** https://keras.io/api/layers/recurrent_layers/lstm/ */
export const lstm = defineRecurrent({
  type: 'LSTM',
  factory: 'lstm',
  help: 'Reads a sequence step by step and learns what to remember and what to forget.',
  gates: 4,
  states: 2,
  params: {
    units: r.units,
    activation: r.cellActivation,
    recurrent_activation: r.gateActivation,
    ...r.recurrentInitializers,
    ...r.unitForgetBias,
    ...r.recurrentPenalties,
    ...r.recurrentDropout,
    ...r.seed,
    ...r.sequenceParams,
    ...r.unroll,
    ...r.zeroOutput,
  },
  example: { config: { units: 3 }, inputs: [[null, 5, 2]], outputs: [[null, 3]] },
  cases: [
    { config: { units: 3, return_sequences: true, return_state: true }, inputs: [[null, 5, 2]] },
    {
      config: { units: 3, return_sequences: true, go_backwards: true, recurrent_activation: 'hard_sigmoid' },
      inputs: [[null, 4, 2]],
    },
    {
      config: { units: 2, return_sequences: true, zero_output_for_mask: true, use_bias: false },
      inputs: [[null, 4, 3]],
    },
    { config: { units: 2, dropout: 0.4, recurrent_dropout: 0.3 }, inputs: [[null, null, 2]] },
    {
      config: { units: 3, return_state: true, unit_forget_bias: false, activation: 'softsign' },
      inputs: [
        [null, 4, 2],
        [null, 3],
        [null, 3],
      ],
    },
  ],
});
