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
  },
  example: { config: { units: 3 }, inputs: [[null, 5, 2]], outputs: [[null, 3]] },
});
