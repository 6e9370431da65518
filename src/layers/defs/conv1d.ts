import { defineConv } from '../conv-rules';

/** https://keras.io/api/layers/convolution_layers/convolution1d/ */
export const conv1d = defineConv({
  type: 'Conv1D',
  factory: 'conv1d',
  rank: 1,
  help: 'Looks for patterns in a sequence: a small window moves along its steps.',
  example: {
    config: { filters: 4, kernel_size: [3] },
    inputs: [[null, 8, 2]],
    outputs: [[null, 6, 4]],
  },
  cases: [
    {
      config: { filters: 3, kernel_size: [2], strides: [2], padding: 'same', activation: 'relu' },
      inputs: [[null, 7, 2]],
    },
    {
      config: { filters: 3, kernel_size: [3], padding: 'causal', dilation_rate: [2] },
      inputs: [[null, null, 2]],
    },
    { config: { filters: 3, kernel_size: [4], strides: [2], padding: 'causal' }, inputs: [[null, 7, 2]] },
    { config: { filters: 3, kernel_size: [3], padding: 'same', dilation_rate: [3] }, inputs: [[null, 7, 2]] },
    {
      config: { filters: 4, kernel_size: [2], dilation_rate: [2], groups: 2, data_format: 'channels_first' },
      inputs: [[null, 6, 5]],
    },
    {
      config: {
        filters: 3,
        kernel_size: [2],
        data_format: 'channels_first',
        padding: 'causal',
        activation: 'softmax',
      },
      inputs: [[null, 2, 5]],
    },
  ],
});
