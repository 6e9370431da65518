import { activation, channelsOf, convShape, NOT_FOR_KERNELS, noDilation, windowParams } from '../conv-rules';
import { dataFormat } from '../data-format';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { constraints, initializers, regularizers, useBias, weight } from '../weight-rules';

/** https://keras.io/api/layers/convolution_layers/depthwise_convolution2d/ */
export const depthwiseConv2d = defineLayer({
  type: 'DepthwiseConv2D',
  category: 'Convolution',
  help: 'Looks for patterns in each channel by itself, without mixing channels.',
  inputs: { ranks: [4] },
  params: {
    ...windowParams(2),
    depth_multiplier: p.int(1, { min: 1, help: 'How many channels come out for each that goes in.' }),
    data_format: dataFormat(),
    dilation_rate: noDilation(2, 'TensorFlow.js ignores it here'),
    activation,
    use_bias: useBias,
    ...initializers({ depthwise: 'GlorotUniform', bias: 'Zeros' }, NOT_FOR_KERNELS),
    ...regularizers(['depthwise', 'bias']),
    ...constraints(['depthwise', 'bias']),
  },
  tfjs: 'depthwiseConv2d',
  example: {
    config: { kernel_size: [3, 3], depth_multiplier: 2 },
    inputs: [[null, 6, 5, 2]],
    outputs: [[null, 4, 3, 4]],
  },
  outputShapes: (config, [input = []]) =>
    convShape('DepthwiseConv2D', config, input, channels => channels * config.depth_multiplier),
  weights(config, [input]) {
    const channels = channelsOf(config, input);
    const shape = [...config.kernel_size, channels, config.depth_multiplier];
    const kernel = weight('depthwise_kernel', shape, config.depthwise_initializer);
    const columns = (channels ?? 0) * config.depth_multiplier;
    return config.use_bias ? [kernel, weight('bias', [columns], config.bias_initializer)] : [kernel];
  },
});
