/** ConvLSTM1D, 2D and 3D: LSTM whose steps are pictures (or lines, or volumes), with windows that move instead of matrices. */
import {
  channelsOf,
  checkDilation,
  dilation,
  filters,
  kernelSize,
  NOT_FOR_KERNELS,
  strides,
} from './conv-rules';
import { dataFormat, joinChannels, padding, splitChannels, windowed } from './data-format';
import { type Case, defineLayer, type Example } from './layer-type';
import * as r from './recurrent-rules';
import { problem } from './shape-rules';
import { initializers, useBias, weight } from './weight-rules';

export function defineConvLstm(def: {
  readonly type: string;
  readonly factory: string | null;
  readonly rank: 1 | 2 | 3;
  readonly help: string;
  readonly example: Example;
  readonly cases: readonly Case[];
}) {
  return defineLayer({
    type: def.type,
    category: 'Recurrent',
    help: def.help,
    inputs: { ranks: [def.rank + 3], max: 3, laterRanks: [def.rank + 2] },
    params: {
      filters,
      kernel_size: kernelSize(def.rank),
      strides: strides(def.rank),
      padding: padding(),
      data_format: dataFormat(['channels_last']),
      dilation_rate: dilation(def.rank, false),
      activation: r.cellActivation,
      recurrent_activation: r.gateActivation,
      use_bias: useBias,
      ...initializers({ kernel: 'GlorotUniform', recurrent: 'Orthogonal', bias: 'Zeros' }, NOT_FOR_KERNELS),
      ...r.unitForgetBias,
      ...r.recurrentPenalties,
      ...r.recurrentDropout,
      ...r.seed,
      ...r.sequenceParams,
      ...r.zeroOutput,
    },
    tfjs: def.factory,
    isStock: (_, inputs) => inputs.length === 1,
    masking: 'own',
    example: def.example,
    cases: def.cases,
    checkConfig: config => r.checkRecurrent(config) ?? checkDilation(config),
    outputShapes(config, [input = [], ...given]) {
      const [batch = null, steps = null, ...step] = input;
      const { spatial, channels } = splitChannels([batch, ...step], config.data_format);
      if (channels === null) return problem(`${def.type} needs to know the number of channels of its steps.`);
      const window = { ...config, size: config.kernel_size, dilation: config.dilation_rate };
      const moved = windowed(def.type, spatial, window);
      if ('message' in moved) return problem(moved.message);
      const state = joinChannels(
        { batch, spatial: moved.sizes, channels: config.filters },
        config.data_format,
      );
      const states = [state, state];
      return r.checkStates(def.type, given, states) ?? r.recurrentShapes(config, steps, state, states);
    },
    weights(config, [input = []]) {
      const channels = channelsOf(config, [input[0] ?? null, ...input.slice(2)]);
      const columns = config.filters * 4;
      const bias = r.biasStart(config, config.bias_initializer);
      return [
        weight('kernel', [...config.kernel_size, channels, columns], config.kernel_initializer),
        weight(
          'recurrent_kernel',
          [...config.kernel_size, config.filters, columns],
          config.recurrent_initializer,
        ),
        ...(config.use_bias ? [weight('bias', [columns], bias)] : []),
      ];
    },
  });
}
