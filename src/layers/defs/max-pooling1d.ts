import { definePooling } from '../pooling-rules';

/** https://keras.io/api/layers/pooling_layers/max_pooling1d/ */
export const maxPooling1d = definePooling({
  type: 'MaxPooling1D',
  factory: 'maxPooling1d',
  rank: 1,
  mode: 'max',
  example: { config: {}, inputs: [[null, 7, 2]], outputs: [[null, 3, 2]] },
});
