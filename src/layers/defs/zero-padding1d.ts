import { defineZeroPadding1D } from '../border-rules';

/** https://keras.io/api/layers/reshaping_layers/zero_padding1d/ */
export const zeroPadding1d = defineZeroPadding1D({
  type: 'ZeroPadding1D',
  help: 'Adds steps of zeros before and after a sequence.',
  example: { config: { padding: [1, 2] }, inputs: [[null, 6, 2]], outputs: [[null, 9, 2]] },
  cases: [
    { config: { padding: [0, 3], data_format: 'channels_first' }, inputs: [[null, 2, 4]] },
    { config: {}, inputs: [[null, null, 2]] },
  ],
});
