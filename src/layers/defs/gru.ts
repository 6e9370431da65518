import { defineRecurrent } from '../dense-recurrent';
import * as p from '../params';
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
    // Keras' own default is true: files must say it, so that they mean the same there.
    reset_after: p.fixed(false, {
      required: true,
      help: 'Which of two forms of the layer is computed.',
      why: 'TensorFlow.js computes the form of reset_after=False only',
    }),
  },
  example: { config: { units: 3 }, inputs: [[null, 5, 2]], outputs: [[null, 3]] },
});
