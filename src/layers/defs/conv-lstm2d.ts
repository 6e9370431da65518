import { defineConvLstm } from '../conv-lstm-rules';

/** https://keras.io/api/layers/recurrent_layers/conv_lstm2d/ */
export const convLstm2d = defineConvLstm({
  type: 'ConvLSTM2D',
  factory: 'convLstm2d',
  rank: 2,
  help: 'Reads a sequence of pictures step by step and remembers what it saw where.',
  example: {
    config: { filters: 2, kernel_size: [3, 3] },
    inputs: [[null, 3, 5, 4, 1]],
    outputs: [[null, 3, 2, 2]],
  },
  cases: [
    {
      config: {
        filters: 2,
        kernel_size: 3,
        strides: 2,
        padding: 'same',
        data_format: 'channels_first',
        return_sequences: true,
        go_backwards: true,
        use_bias: false,
      },
      inputs: [[null, 3, 2, 5, 4]],
    },
    {
      config: { filters: 2, kernel_size: 2, dilation_rate: [2, 1], return_sequences: true, dropout: 0.3 },
      inputs: [[null, null, 5, 4, 1]],
    },
    {
      config: {
        filters: 2,
        kernel_size: [2, 1],
        return_state: true,
        recurrent_dropout: 0.3,
        data_format: 'channels_first',
      },
      inputs: [
        [null, 2, 1, 3, 2],
        [null, 2, 2, 2],
        [null, 2, 2, 2],
      ],
    },
  ],
});
