import { defineConv } from '../conv-rules';
import { channelsLastOnly } from '../data-format';

/** https://keras.io/api/layers/convolution_layers/convolution1d/ */
export const conv1d = defineConv({
  type: 'Conv1D',
  factory: 'conv1d',
  rank: 1,
  help: 'Looks for patterns in a sequence: a small window moves along its steps.',
  dataFormat: channelsLastOnly('TensorFlow.js returns the axes in the wrong order otherwise'),
  example: {
    config: { filters: 4, kernel_size: [3] },
    inputs: [[null, 8, 2]],
    outputs: [[null, 6, 4]],
  },
});
