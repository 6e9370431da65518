import { defineGlobalPooling } from '../pooling-rules';

/** https://keras.io/api/layers/pooling_layers/global_max_pooling1d/ */
export const globalMaxPooling1d = defineGlobalPooling({
  type: 'GlobalMaxPooling1D',
  factory: 'globalMaxPooling1d',
  rank: 1,
  mode: 'max',
  example: { config: {}, inputs: [[null, 5, 3]], outputs: [[null, 3]] },
  cases: [
    { config: { keepdims: true }, inputs: [[null, null, 3]] },
    { config: { data_format: 'channels_first' }, inputs: [[null, 2, 4]] },
    { config: { data_format: 'channels_first', keepdims: true }, inputs: [[null, 2, 4]] },
  ],
});
