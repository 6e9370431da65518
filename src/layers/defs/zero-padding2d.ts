import { defineZeroPadding } from '../border-rules';

/** https://keras.io/api/layers/reshaping_layers/zero_padding2d/ */
export const zeroPadding2d = defineZeroPadding({
  type: 'ZeroPadding2D',
  factory: 'zeroPadding2d',
  rank: 2,
  help: 'Adds rows and columns of zeros around a picture.',
  example: {
    config: {
      padding: [
        [1, 2],
        [0, 1],
      ],
    },
    inputs: [[null, 6, 5, 2]],
    outputs: [[null, 9, 6, 2]],
  },
  cases: [
    {
      config: {
        padding: [
          [0, 2],
          [1, 1],
        ],
        data_format: 'channels_first',
      },
      inputs: [[null, 2, 4, 5]],
    },
    { config: { padding: 1 }, inputs: [[null, null, 5, 2]] },
  ],
});
