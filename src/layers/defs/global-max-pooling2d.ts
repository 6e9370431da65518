import { defineGlobalPooling } from '../pooling-rules';

/** https://keras.io/api/layers/pooling_layers/global_max_pooling2d/ */
export const globalMaxPooling2d = defineGlobalPooling({
  type: 'GlobalMaxPooling2D',
  factory: 'globalMaxPooling2d',
  rank: 2,
  mode: 'max',
  example: { config: {}, inputs: [[null, 4, 5, 3]], outputs: [[null, 3]] },
  cases: [
    { config: { keepdims: true }, inputs: [[null, null, 5, 3]] },
    { config: { data_format: 'channels_first' }, inputs: [[null, 2, 3, 4]] },
    { config: { data_format: 'channels_first', keepdims: true }, inputs: [[null, 2, 3, 4]] },
  ],
});
