import {
  activation,
  channelsOf,
  convShape,
  filters,
  NOT_FOR_KERNELS,
  noDilation,
  windowParams,
} from '../conv-rules';
import { channelsLastOnly } from '../data-format';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { constraints, initializers, regularizers, useBias, weight } from '../weight-rules';

/** https://keras.io/api/layers/convolution_layers/separable_convolution2d/ */
export const separableConv2d = defineLayer({
  type: 'SeparableConv2D',
  category: 'Convolution',
  help: 'Like Conv2D with far fewer weights: it looks at each channel by itself, then mixes the channels.',
  inputs: { ranks: [4] },
  params: {
    filters,
    ...windowParams(2),
    data_format: channelsLastOnly('TensorFlow.js adds the bias to the wrong axis otherwise'),
    dilation_rate: noDilation(2),
    depth_multiplier: p.int(1, {
      min: 1,
      help: 'How many patterns it looks for in each channel before it mixes them.',
      advanced: true,
    }),
    activation,
    use_bias: useBias,
    ...initializers(
      { depthwise: 'GlorotUniform', pointwise: 'GlorotUniform', bias: 'Zeros' },
      NOT_FOR_KERNELS,
    ),
    ...regularizers(['depthwise', 'pointwise', 'bias']),
    ...constraints(['depthwise', 'pointwise', 'bias']),
  },
  tfjs: 'separableConv2d',
  example: {
    config: { filters: 3, kernel_size: [3, 3] },
    inputs: [[null, 6, 5, 2]],
    outputs: [[null, 4, 3, 3]],
  },
  outputShapes: (config, [input = []]) => convShape('SeparableConv2D', config, input, () => config.filters),
  weights(config, [input]) {
    const channels = channelsOf(config, input);
    const depthwise = [...config.kernel_size, channels, config.depth_multiplier];
    const pointwise = [1, 1, (channels ?? 0) * config.depth_multiplier, config.filters];
    return [
      weight('depthwise_kernel', depthwise, config.depthwise_initializer),
      weight('pointwise_kernel', pointwise, config.pointwise_initializer),
      ...(config.use_bias ? [weight('bias', [config.filters], config.bias_initializer)] : []),
    ];
  },
});
