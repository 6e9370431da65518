import { defineConvLstm } from '../conv-lstm-rules';

/** https://keras.io/api/layers/recurrent_layers/conv_lstm1d/ */
export const convLstm1d = defineConvLstm({
  type: 'ConvLSTM1D',
  factory: null,
  rank: 1,
  help: 'Reads a sequence of lines (such as spectra) step by step and remembers what it saw where.',
  example: { config: { filters: 2, kernel_size: [3] }, inputs: [[null, 3, 6, 2]], outputs: [[null, 4, 2]] },
  cases: [
    {
      config: {
        filters: 2,
        kernel_size: 2,
        dilation_rate: 2,
        padding: 'same',
        data_format: 'channels_first',
        return_sequences: true,
        return_state: true,
      },
      inputs: [[null, 3, 2, 5]],
    },
  ],
});
