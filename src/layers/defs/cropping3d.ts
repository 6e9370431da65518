import { defineCropping } from '../border-rules';

/** https://keras.io/api/layers/reshaping_layers/cropping3d/ */
export const cropping3d = defineCropping({
  type: 'Cropping3D',
  factory: null,
  rank: 3,
  size: 1,
  help: 'Cuts values off the edges of a volume or a film.',
  example: {
    config: {
      cropping: [
        [1, 0],
        [0, 2],
        [1, 1],
      ],
    },
    inputs: [[null, 3, 4, 5, 2]],
    outputs: [[null, 2, 2, 3, 2]],
  },
  cases: [
    {
      config: {
        cropping: [
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
