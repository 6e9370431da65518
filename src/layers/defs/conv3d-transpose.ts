import { defineConvTranspose } from '../conv-transpose-rules';

/** https://keras.io/api/layers/convolution_layers/convolution3d_transpose/ */
export const conv3dTranspose = defineConvTranspose({
  type: 'Conv3DTranspose',
  factory: 'conv3dTranspose',
  rank: 3,
  help: 'Enlarges a volume or a film and learns how: with strides of 2 each size is doubled.',
  example: {
    config: { filters: 2, kernel_size: [3, 3, 3], strides: [2, 2, 2], padding: 'same' },
    inputs: [[null, 2, 2, 3, 2]],
    outputs: [[null, 4, 4, 6, 2]],
  },
  cases: [
    {
      config: { filters: 2, kernel_size: [2, 3, 1], strides: [2, 1, 3], activation: 'relu' },
      inputs: [[null, 2, 3, null, 2]],
    },
    {
      config: { filters: 2, kernel_size: [2, 2, 3], strides: [3, 2, 2], output_padding: [2, 0, 1] },
      inputs: [[null, 2, 3, 2, 2]],
    },
    {
      config: {
        filters: 2,
        kernel_size: [3, 2, 2],
        strides: [2, 2, 2],
        output_padding: [1, 1, 1],
        padding: 'same',
      },
      inputs: [[null, 2, 3, 2, 2]],
    },
    {
      config: { filters: 2, kernel_size: [2, 1, 2], dilation_rate: [2, 1, 2], data_format: 'channels_first' },
      inputs: [[null, 2, 2, 3, 2]],
    },
  ],
});
