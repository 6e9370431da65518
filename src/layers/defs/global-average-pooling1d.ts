import { defineGlobalPooling } from '../pooling-rules';

/** https://keras.io/api/layers/pooling_layers/global_average_pooling1d/ */
export const globalAveragePooling1d = defineGlobalPooling({
  type: 'GlobalAveragePooling1D',
  factory: 'globalAveragePooling1d',
  rank: 1,
  mode: 'average',
  example: { config: {}, inputs: [[null, 5, 3]], outputs: [[null, 3]] },
  // As many channels as steps: a mask of either fits.
  cases: [
    { config: { keepdims: true }, inputs: [[null, null, 3]] },
    { config: { data_format: 'channels_first' }, inputs: [[null, 4, 4]] },
    { config: { data_format: 'channels_first', keepdims: true }, inputs: [[null, 4, 4]] },
  ],
});
