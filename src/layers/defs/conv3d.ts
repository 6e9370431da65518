import { defineConv } from '../conv-rules';

/** https://keras.io/api/layers/convolution_layers/convolution3d/ */
export const conv3d = defineConv({
  type: 'Conv3D',
  factory: 'conv3d',
  rank: 3,
  help: 'Looks for patterns in a volume or a film: a small block moves through it.',
  example: {
    config: { filters: 3, kernel_size: [2, 2, 2] },
    inputs: [[null, 4, 3, 3, 2]],
    outputs: [[null, 3, 2, 2, 3]],
  },
  cases: [
    {
      config: { filters: 3, kernel_size: [3, 2, 1], strides: [2, 1, 2], padding: 'same', activation: 'elu' },
      inputs: [[null, 4, 3, null, 2]],
    },
    {
      config: { filters: 2, kernel_size: [2, 2, 2], dilation_rate: [2, 1, 2] },
      inputs: [[null, 4, 3, 4, 2]],
    },
    {
      config: { filters: 2, kernel_size: [2, 3, 2], dilation_rate: [2, 2, 1], padding: 'same' },
      inputs: [[null, 3, 4, 3, 2]],
    },
    {
      config: { filters: 4, kernel_size: [2, 2, 2], groups: 2, data_format: 'channels_first' },
      inputs: [[null, 2, 3, 3, 2]],
    },
  ],
});
