import { defineAdaptivePooling } from '../pooling-rules';

/** https://keras.io/api/layers/pooling_layers/adaptive_average_pooling2d/ */
export const adaptiveAveragePooling2d = defineAdaptivePooling({
  type: 'AdaptiveAveragePooling2D',
  rank: 2,
  mode: 'average',
  example: { config: { output_size: [2, 3] }, inputs: [[null, 5, 6, 2]], outputs: [[null, 2, 3, 2]] },
  cases: [
    { config: { output_size: [3, 2] }, inputs: [[null, 2, 4, 2]] },
    { config: { output_size: [2, 3], data_format: 'channels_first' }, inputs: [[null, 2, 4, 7]] },
  ],
});
