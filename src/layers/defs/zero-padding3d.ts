import { defineZeroPadding } from '../border-rules';

/** https://keras.io/api/layers/reshaping_layers/zero_padding3d/ */
export const zeroPadding3d = defineZeroPadding({
  type: 'ZeroPadding3D',
  factory: null,
  rank: 3,
  help: 'Adds zeros around a volume or a film.',
  example: {
    config: {
      padding: [
        [1, 0],
        [0, 2],
        [1, 1],
      ],
    },
    inputs: [[null, 3, 4, 5, 2]],
    outputs: [[null, 4, 6, 7, 2]],
  },
  cases: [
    {
      config: {
        padding: [
          [0, 1],
          [1, 1],
          [0, 0],
        ],
        data_format: 'channels_first',
      },
      inputs: [[null, 2, 3, 4, 2]],
    },
    { config: {}, inputs: [[null, 4, null, 5, 2]] },
  ],
});
