import { definePooling } from '../pooling-rules';

/** https://keras.io/api/layers/pooling_layers/average_pooling1d/ */
export const averagePooling1d = definePooling({
  type: 'AveragePooling1D',
  factory: 'averagePooling1d',
  rank: 1,
  mode: 'average',
  example: { config: {}, inputs: [[null, 7, 2]], outputs: [[null, 3, 2]] },
  cases: [
    { config: { pool_size: [3], strides: [2], padding: 'same' }, inputs: [[null, 6, 2]] },
    { config: { pool_size: [3], strides: [1] }, inputs: [[null, null, 2]] },
    { config: { pool_size: [2], padding: 'same', data_format: 'channels_first' }, inputs: [[null, 2, 5]] },
  ],
});
