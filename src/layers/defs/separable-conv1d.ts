import { defineSeparableConv } from '../depthwise-rules';

/** https://keras.io/api/layers/convolution_layers/separable_convolution1d/ */
export const separableConv1d = defineSeparableConv({
  type: 'SeparableConv1D',
  factory: null,
  rank: 1,
  help: 'Like Conv1D with far fewer weights: it looks at each channel by itself, then mixes the channels.',
  example: {
    config: { filters: 3, kernel_size: [3] },
    inputs: [[null, 6, 2]],
    outputs: [[null, 4, 3]],
  },
  cases: [
    {
      config: {
        filters: 3,
        kernel_size: [3],
        strides: [2],
        padding: 'same',
        depth_multiplier: 2,
        activation: 'relu',
      },
      inputs: [[null, null, 2]],
    },
    {
      config: {
        filters: 3,
        kernel_size: [2],
        dilation_rate: [2],
        data_format: 'channels_first',
        use_bias: false,
      },
      inputs: [[null, 2, 5]],
    },
  ],
});
