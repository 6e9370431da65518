import { defineDepthwiseConv } from '../depthwise-rules';

/** https://keras.io/api/layers/convolution_layers/depthwise_convolution1d/ */
export const depthwiseConv1d = defineDepthwiseConv({
  type: 'DepthwiseConv1D',
  factory: null,
  rank: 1,
  help: 'Looks for patterns in each channel of a sequence by itself, without mixing channels.',
  example: {
    config: { kernel_size: [3], depth_multiplier: 2 },
    inputs: [[null, 6, 2]],
    outputs: [[null, 4, 4]],
  },
  cases: [
    {
      config: { kernel_size: [3], strides: [2], padding: 'same', activation: 'relu' },
      inputs: [[null, null, 2]],
    },
    {
      config: { kernel_size: [3], dilation_rate: [2], padding: 'same', use_bias: false },
      inputs: [[null, 5, 3]],
    },
    {
      config: { kernel_size: [2], dilation_rate: [2], depth_multiplier: 2, data_format: 'channels_first' },
      inputs: [[null, 2, 5]],
    },
  ],
});
