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
  },
  example: { config: { units: 3 }, inputs: [[null, 5, 2]], outputs: [[null, 3]] },
});
