import { defineConv } from '../conv-rules';
import { dataFormat } from '../data-format';

/** https://keras.io/api/layers/convolution_layers/convolution2d/ */
export const conv2d = defineConv({
  type: 'Conv2D',
  factory: 'conv2d',
  rank: 2,
  help: 'Looks for patterns in a picture: a small window moves over it.',
  dataFormat: dataFormat(),
  example: {
    config: { filters: 4, kernel_size: [3, 3], padding: 'same' },
    inputs: [[null, 6, 5, 2]],
    outputs: [[null, 6, 5, 4]],
  },
});
