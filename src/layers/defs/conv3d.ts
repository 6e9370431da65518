import { defineConv } from '../conv-rules';
import { dataFormat } from '../data-format';

/** https://keras.io/api/layers/convolution_layers/convolution3d/ */
export const conv3d = defineConv({
  type: 'Conv3D',
  factory: 'conv3d',
  rank: 3,
  help: 'Looks for patterns in a volume or a film: a small block moves through it.',
  dataFormat: dataFormat(),
  example: {
    config: { filters: 3, kernel_size: [2, 2, 2] },
    inputs: [[null, 4, 3, 3, 2]],
    outputs: [[null, 3, 2, 2, 3]],
  },
});
