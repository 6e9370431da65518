import { definePooling } from '../pooling-rules';

/** https://keras.io/api/layers/pooling_layers/average_pooling3d/ */
export const averagePooling3d = definePooling({
  type: 'AveragePooling3D',
  factory: 'averagePooling3d',
  rank: 3,
  mode: 'average',
  example: { config: {}, inputs: [[null, 7, 4, 4, 2]], outputs: [[null, 3, 2, 2, 2]] },
});
