import { defineConvTranspose } from '../conv-transpose-rules';

/** https://keras.io/api/layers/convolution_layers/convolution1d_transpose/ */
export const conv1dTranspose = defineConvTranspose({
  type: 'Conv1DTranspose',
  factory: null,
  rank: 1,
  help: 'Lengthens a sequence and learns how: with strides of 2 the result is twice as long.',
  example: {
    config: { filters: 3, kernel_size: [3], strides: [2], padding: 'same' },
    inputs: [[null, 4, 2]],
    outputs: [[null, 8, 3]],
  },
  cases: [
    { config: { filters: 3, kernel_size: [3], strides: [2], activation: 'relu' }, inputs: [[null, null, 2]] },
    { config: { filters: 3, kernel_size: [2], strides: [3] }, inputs: [[null, 4, 2]] },
    { config: { filters: 3, kernel_size: [4], strides: [3], output_padding: [1] }, inputs: [[null, 4, 2]] },
    {
      config: { filters: 3, kernel_size: [3], strides: [3], output_padding: [2], padding: 'same' },
      inputs: [[null, 4, 2]],
    },
    {
      config: { filters: 3, kernel_size: [3], dilation_rate: [2], data_format: 'channels_first' },
      inputs: [[null, 2, 4]],
    },
    {
      config: { filters: 3, kernel_size: [2], dilation_rate: [3], padding: 'same', use_bias: false },
      inputs: [[null, 5, 2]],
    },
  ],
});
