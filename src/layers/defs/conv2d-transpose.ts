import { defineConvTranspose } from '../conv-transpose-rules';

/** https://keras.io/api/layers/convolution_layers/convolution2d_transpose/ */
export const conv2dTranspose = defineConvTranspose({
  type: 'Conv2DTranspose',
  factory: 'conv2dTranspose',
  rank: 2,
  help: 'Enlarges a picture and learns how: with strides of 2 the result is twice as high and wide.',
  example: {
    config: { filters: 3, kernel_size: [3, 3], strides: [2, 2], padding: 'same' },
    inputs: [[null, 3, 4, 2]],
    outputs: [[null, 6, 8, 3]],
  },
  cases: [
    {
      config: { filters: 3, kernel_size: [3, 2], strides: [1, 3], activation: 'relu' },
      inputs: [[null, 3, null, 2]],
    },
    {
      config: { filters: 3, kernel_size: [2, 4], strides: [2, 2], padding: 'same' },
      inputs: [[null, 3, 4, 2]],
    },
    {
      config: { filters: 2, kernel_size: [3, 2], strides: [3, 2], output_padding: [2, 1] },
      inputs: [[null, 3, 2, 2]],
    },
    {
      config: { filters: 2, kernel_size: [3, 4], strides: [2, 3], output_padding: [1, 0], padding: 'same' },
      inputs: [[null, 3, 3, 2]],
    },
    {
      config: { filters: 2, kernel_size: [1, 2], strides: [3, 2], output_padding: [2, 1], padding: 'same' },
      inputs: [[null, 3, 3, 2]],
    },
    { config: { filters: 2, kernel_size: [2, 3], dilation_rate: [2, 1] }, inputs: [[null, 3, 4, 2]] },
    {
      config: { filters: 2, kernel_size: [3, 3], dilation_rate: [2, 2], padding: 'same' },
      inputs: [[null, 3, 4, 2]],
    },
    {
      config: {
        filters: 2,
        kernel_size: [3, 3],
        strides: [2, 2],
        data_format: 'channels_first',
        use_bias: false,
      },
      inputs: [[null, 2, 3, 3]],
    },
  ],
});
