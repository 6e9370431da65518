import { definePooling } from '../pooling-rules';

/** https://keras.io/api/layers/pooling_layers/max_pooling1d/ */
export const maxPooling1d = definePooling({
  type: 'MaxPooling1D',
  factory: 'maxPooling1d',
  rank: 1,
  mode: 'max',
  example: { config: {}, inputs: [[null, 7, 2]], outputs: [[null, 3, 2]] },
  cases: [
    { config: { pool_size: [3], strides: [2], padding: 'same' }, inputs: [[null, 6, 2]] },
    { config: { pool_size: [3], strides: [1] }, inputs: [[null, null, 2]] },
    { config: { pool_size: [2], padding: 'same', data_format: 'channels_first' }, inputs: [[null, 2, 5]] },
  ],
});
