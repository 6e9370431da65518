import { defineConvLstm } from '../conv-lstm-rules';

/** https://keras.io/api/layers/recurrent_layers/conv_lstm3d/ */
export const convLstm3d = defineConvLstm({
  type: 'ConvLSTM3D',
  factory: null,
  rank: 3,
  help: 'Reads a sequence of volumes (such as scans) step by step and remembers what it saw where.',
  example: {
    config: { filters: 1, kernel_size: [2, 2, 2] },
    inputs: [[null, 2, 3, 3, 2, 1]],
    outputs: [[null, 2, 2, 1, 1]],
  },
  cases: [
    {
      config: {
        filters: 2,
        kernel_size: [2, 1, 2],
        padding: 'same',
        data_format: 'channels_first',
        return_sequences: true,
        return_state: true,
      },
      inputs: [[null, 3, 2, 3, 2, 2]],
    },
  ],
});
