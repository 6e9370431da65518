import { defineCropping } from '../border-rules';

/** https://keras.io/api/layers/reshaping_layers/cropping2d/ */
export const cropping2d = defineCropping({
  type: 'Cropping2D',
  factory: 'cropping2D',
  rank: 2,
  size: 0,
  help: 'Cuts rows and columns off the edges of a picture.',
  example: {
    config: {
      cropping: [
        [1, 2],
        [0, 1],
      ],
    },
    inputs: [[null, 6, 5, 2]],
    outputs: [[null, 3, 4, 2]],
  },
  cases: [
    {
      config: {
        cropping: [
          [0, 2],
          [1, 1],
        ],
        data_format: 'channels_first',
      },
      inputs: [[null, 2, 4, 5]],
    },
    { config: { cropping: 1 }, inputs: [[null, null, 5, 2]] },
  ],
});
