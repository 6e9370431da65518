import { defineGlobalPooling } from '../pooling-rules';

/** https://keras.io/api/layers/pooling_layers/global_average_pooling2d/ */
export const globalAveragePooling2d = defineGlobalPooling({
  type: 'GlobalAveragePooling2D',
  factory: 'globalAveragePooling2d',
  rank: 2,
  mode: 'average',
  example: { config: {}, inputs: [[null, 4, 5, 3]], outputs: [[null, 3]] },
  cases: [
    { config: { keepdims: true }, inputs: [[null, null, 5, 3]] },
    { config: { data_format: 'channels_first' }, inputs: [[null, 2, 3, 4]] },
    { config: { data_format: 'channels_first', keepdims: true }, inputs: [[null, 2, 3, 4]] },
  ],
});
