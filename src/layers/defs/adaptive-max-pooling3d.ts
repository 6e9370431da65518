import { defineAdaptivePooling } from '../pooling-rules';

/** https://keras.io/api/layers/pooling_layers/adaptive_max_pooling3d/ */
export const adaptiveMaxPooling3d = defineAdaptivePooling({
  type: 'AdaptiveMaxPooling3D',
  rank: 3,
  mode: 'max',
  example: {
    config: { output_size: [2, 1, 3] },
    inputs: [[null, 5, 2, 4, 2]],
    outputs: [[null, 2, 1, 3, 2]],
  },
  cases: [
    { config: { output_size: [3, 2, 2] }, inputs: [[null, 2, 2, 3, 2]] },
    { config: { output_size: [2, 1, 3], data_format: 'channels_first' }, inputs: [[null, 2, 3, 2, 4]] },
  ],
});
