import { definePooling } from '../pooling-rules';

/** https://keras.io/api/layers/pooling_layers/average_pooling3d/ */
export const averagePooling3d = definePooling({
  type: 'AveragePooling3D',
  factory: 'averagePooling3d',
  rank: 3,
  mode: 'average',
  example: { config: {}, inputs: [[null, 7, 4, 4, 2]], outputs: [[null, 3, 2, 2, 2]] },
  cases: [
    { config: { pool_size: [1, 3, 2], strides: [2, 2, 3], padding: 'same' }, inputs: [[null, 4, 4, 5, 2]] },
    { config: { pool_size: [3, 2, 2], strides: [2, 1, 2], padding: 'same' }, inputs: [[null, 4, 3, 3, 2]] },
    { config: { pool_size: [2, 1, 2], strides: [1, 1, 1] }, inputs: [[null, 3, null, 3, 2]] },
    {
      config: { pool_size: [2, 2, 2], padding: 'same', data_format: 'channels_first' },
      inputs: [[null, 2, 3, 4, 3]],
    },
  ],
});
