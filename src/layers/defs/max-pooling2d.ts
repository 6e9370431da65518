import { definePooling } from '../pooling-rules';

/** https://keras.io/api/layers/pooling_layers/max_pooling2d/ */
export const maxPooling2d = definePooling({
  type: 'MaxPooling2D',
  factory: 'maxPooling2d',
  rank: 2,
  mode: 'max',
  example: { config: {}, inputs: [[null, 7, 4, 2]], outputs: [[null, 3, 2, 2]] },
});
