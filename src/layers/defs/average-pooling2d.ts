import { definePooling } from '../pooling-rules';

/** https://keras.io/api/layers/pooling_layers/average_pooling2d/ */
export const averagePooling2d = definePooling({
  type: 'AveragePooling2D',
  factory: 'averagePooling2d',
  rank: 2,
  mode: 'average',
  example: { config: {}, inputs: [[null, 7, 4, 2]], outputs: [[null, 3, 2, 2]] },
  cases: [
    { config: { pool_size: [3, 2], strides: [2, 1], padding: 'same' }, inputs: [[null, 6, 5, 2]] },
    { config: { pool_size: [2, 3], strides: [1, 1] }, inputs: [[null, 4, null, 2]] },
    {
      config: { pool_size: [2, 2], padding: 'same', data_format: 'channels_first' },
      inputs: [[null, 2, 5, 4]],
    },
  ],
});
