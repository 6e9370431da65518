import { definePooling } from '../pooling-rules';

/** https://keras.io/api/layers/pooling_layers/max_pooling3d/ */
export const maxPooling3d = definePooling({
  type: 'MaxPooling3D',
  factory: 'maxPooling3d',
  rank: 3,
  mode: 'max',
  example: { config: {}, inputs: [[null, 7, 4, 4, 2]], outputs: [[null, 3, 2, 2, 2]] },
});
