import { definePooling } from '../pooling-rules';

/** https://keras.io/api/layers/pooling_layers/average_pooling2d/ */
export const averagePooling2d = definePooling({
  type: 'AveragePooling2D',
  factory: 'averagePooling2d',
  rank: 2,
  mode: 'average',
  example: { config: {}, inputs: [[null, 7, 4, 2]], outputs: [[null, 3, 2, 2]] },
});
