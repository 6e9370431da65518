import { defineDepthwiseConv } from '../depthwise-rules';

/** https://keras.io/api/layers/convolution_layers/depthwise_convolution2d/ */
export const depthwiseConv2d = defineDepthwiseConv({
  type: 'DepthwiseConv2D',
  factory: 'depthwiseConv2d',
  rank: 2,
  help: 'Looks for patterns in each channel by itself, without mixing channels.',
  example: {
    config: { kernel_size: [3, 3], depth_multiplier: 2 },
    inputs: [[null, 6, 5, 2]],
    outputs: [[null, 4, 3, 4]],
  },
  cases: [
    {
      config: { kernel_size: [3, 3], strides: [2, 2], padding: 'same', activation: 'relu6' },
      inputs: [[null, 6, null, 2]],
    },
    { config: { kernel_size: [2, 3], strides: [1, 2], use_bias: false }, inputs: [[null, 5, 5, 2]] },
    {
      config: { kernel_size: [3, 2], dilation_rate: [2, 3], padding: 'same', depth_multiplier: 2 },
      inputs: [[null, 5, 4, 2]],
    },
    { config: { kernel_size: [2, 2], dilation_rate: [2, 2] }, inputs: [[null, 5, 4, 3]] },
    {
      config: { kernel_size: [3, 3], data_format: 'channels_first', padding: 'same', depth_multiplier: 2 },
      inputs: [[null, 2, 4, 5]],
    },
  ],
});
