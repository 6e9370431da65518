import { definePooling } from '../pooling-rules';

/** https://keras.io/api/layers/pooling_layers/average_pooling1d/ */
export const averagePooling1d = definePooling({
  type: 'AveragePooling1D',
  factory: 'averagePooling1d',
  rank: 1,
  mode: 'average',
  example: { config: {}, inputs: [[null, 7, 2]], outputs: [[null, 3, 2]] },
});
