import { defineConv } from '../conv-rules';

/** https://keras.io/api/layers/convolution_layers/convolution2d/ */
export const conv2d = defineConv({
  type: 'Conv2D',
  factory: 'conv2d',
  rank: 2,
  help: 'Looks for patterns in a picture: a small window moves over it.',
  example: {
    config: { filters: 4, kernel_size: [3, 3], padding: 'same' },
    inputs: [[null, 6, 5, 2]],
    outputs: [[null, 6, 5, 4]],
  },
  cases: [
    {
      config: { filters: 3, kernel_size: [3, 2], strides: [2, 1], activation: 'gelu', use_bias: false },
      inputs: [[null, 6, null, 2]],
    },
    {
      config: { filters: 3, kernel_size: [3, 3], strides: [2, 2], padding: 'same' },
      inputs: [[null, 6, 5, 2]],
    },
    {
      config: { filters: 3, kernel_size: [3, 2], dilation_rate: [2, 3], padding: 'same' },
      inputs: [[null, 7, 5, 2]],
    },
    { config: { filters: 3, kernel_size: [2, 2], dilation_rate: [2, 1] }, inputs: [[null, 5, 4, 2]] },
    {
      config: { filters: 4, kernel_size: [2, 2], groups: 2, dilation_rate: [2, 2] },
      inputs: [[null, 5, 4, 6]],
    },
    {
      config: { filters: 6, kernel_size: [3, 3], groups: 3, padding: 'same', activation: 'tanh' },
      inputs: [[null, 4, 5, 3]],
    },
    {
      config: { filters: 4, kernel_size: [2, 3], groups: 2, data_format: 'channels_first', padding: 'same' },
      inputs: [[null, 4, 4, 5]],
    },
    {
      config: {
        filters: 3,
        kernel_size: [2, 2],
        data_format: 'channels_first',
        activation: 'softmax',
        activity_regularizer: { class_name: 'L2', config: { l2: 0.1 } },
      },
      inputs: [[null, 2, 4, 5]],
    },
  ],
});
