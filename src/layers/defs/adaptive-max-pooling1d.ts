import { defineAdaptivePooling } from '../pooling-rules';

/** https://keras.io/api/layers/pooling_layers/adaptive_max_pooling1d/ */
export const adaptiveMaxPooling1d = defineAdaptivePooling({
  type: 'AdaptiveMaxPooling1D',
  rank: 1,
  mode: 'max',
  example: { config: { output_size: [3] }, inputs: [[null, 7, 2]], outputs: [[null, 3, 2]] },
  cases: [
    { config: { output_size: [4] }, inputs: [[null, 3, 2]] },
    { config: { output_size: [3], data_format: 'channels_first' }, inputs: [[null, 2, 8]] },
  ],
});
