import { defineSeparableConv } from '../depthwise-rules';

/** https://keras.io/api/layers/convolution_layers/separable_convolution2d/ */
export const separableConv2d = defineSeparableConv({
  type: 'SeparableConv2D',
  factory: 'separableConv2d',
  rank: 2,
  help: 'Like Conv2D with far fewer weights: it looks at each channel by itself, then mixes the channels.',
  example: {
    config: { filters: 3, kernel_size: [3, 3] },
    inputs: [[null, 6, 5, 2]],
    outputs: [[null, 4, 3, 3]],
  },
  cases: [
    {
      config: {
        filters: 3,
        kernel_size: [3, 3],
        strides: [2, 2],
        padding: 'same',
        depth_multiplier: 2,
        activation: 'relu',
      },
      inputs: [[null, 6, null, 2]],
    },
    {
      config: { filters: 3, kernel_size: [3, 2], dilation_rate: [1, 2], padding: 'same', use_bias: false },
      inputs: [[null, 4, 5, 2]],
    },
    { config: { filters: 3, kernel_size: [2, 2], dilation_rate: [2, 2] }, inputs: [[null, 4, 5, 2]] },
    {
      config: { filters: 3, kernel_size: [2, 3], data_format: 'channels_first', depth_multiplier: 2 },
      inputs: [[null, 2, 4, 5]],
    },
  ],
});
