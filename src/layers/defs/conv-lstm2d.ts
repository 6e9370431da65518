import { filters, NOT_FOR_KERNELS, noDilation, windowParams } from '../conv-rules';
import { channelsLastOnly, windowed } from '../data-format';
import { defineLayer } from '../layer-type';
import * as r from '../recurrent-rules';
import { problem } from '../shape-rules';
import { initializers, useBias, weight } from '../weight-rules';

/** https://keras.io/api/layers/recurrent_layers/conv_lstm2d/ */
export const convLstm2d = defineLayer({
  type: 'ConvLSTM2D',
  category: 'Recurrent',
  help: 'Reads a sequence of pictures step by step and remembers what it saw where.',
  inputs: { ranks: [5] },
  params: {
    filters,
    ...windowParams(2),
    data_format: channelsLastOnly('TensorFlow.js’ other order isn’t checked here'),
    dilation_rate: noDilation(2),
    activation: r.cellActivation,
    recurrent_activation: r.gateActivation,
    use_bias: useBias,
    ...initializers({ kernel: 'GlorotUniform', recurrent: 'Orthogonal', bias: 'Zeros' }, NOT_FOR_KERNELS),
    ...r.unitForgetBias,
    ...r.recurrentPenalties,
    ...r.recurrentDropout,
    ...r.seed,
    ...r.sequenceParams,
  },
  tfjs: 'convLstm2d',
  example: {
    config: { filters: 2, kernel_size: [3, 3] },
    inputs: [[null, 3, 5, 4, 1]],
    outputs: [[null, 3, 2, 2]],
  },
  checkConfig: r.checkRecurrent,
  outputShapes(config, [input = []]) {
    const [batch = null, steps = null, height = null, width = null, channels = null] = input;
    if (channels === null) return problem('ConvLSTM2D needs to know the number of channels of its pictures.');
    const moved = windowed('ConvLSTM2D', [height, width], { ...config, size: config.kernel_size });
    if ('message' in moved) return problem(moved.message);
    return r.recurrentShapes(config, batch, steps, [...moved.sizes, config.filters], 2);
  },
  weights(config, [input = []]) {
    const columns = config.filters * 4;
    const bias = r.biasStart(config, config.bias_initializer);
    return [
      weight('kernel', [...config.kernel_size, input[4] ?? null, columns], config.kernel_initializer),
      weight(
        'recurrent_kernel',
        [...config.kernel_size, config.filters, columns],
        config.recurrent_initializer,
      ),
      ...(config.use_bias ? [weight('bias', [columns], bias)] : []),
    ];
  },
});
