import { defineGlobalPooling } from '../pooling-rules';

/** https://keras.io/api/layers/pooling_layers/global_max_pooling3d/ */
export const globalMaxPooling3d = defineGlobalPooling({
  type: 'GlobalMaxPooling3D',
  factory: null,
  rank: 3,
  mode: 'max',
  example: { config: {}, inputs: [[null, 2, 3, 4, 3]], outputs: [[null, 3]] },
  cases: [
    { config: { keepdims: true }, inputs: [[null, null, 3, 4, 3]] },
    { config: { data_format: 'channels_first' }, inputs: [[null, 2, 3, 2, 4]] },
    { config: { data_format: 'channels_first', keepdims: true }, inputs: [[null, 2, 3, 2, 4]] },
  ],
});
