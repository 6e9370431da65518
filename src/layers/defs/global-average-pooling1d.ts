import { defineGlobalPooling } from '../pooling-rules';

/** https://keras.io/api/layers/pooling_layers/global_average_pooling1d/ */
export const globalAveragePooling1d = defineGlobalPooling({
  type: 'GlobalAveragePooling1D',
  factory: 'globalAveragePooling1d',
  rank: 1,
  mode: 'average',
  example: { config: {}, inputs: [[null, 5, 3]], outputs: [[null, 3]] },
});
