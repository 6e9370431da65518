import type { Dim } from '../../network/shape';
import { channelsOf, filters, kernelAndBiasParams, noDilation, windowParams } from '../conv-rules';
import { dataFormat, joinChannels, splitChannels } from '../data-format';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { problem, shapes } from '../shape-rules';
import { weight } from '../weight-rules';

/** https://keras.io/api/layers/convolution_layers/convolution2d_transpose/ */
export const conv2dTranspose = defineLayer({
  type: 'Conv2DTranspose',
  category: 'Convolution',
  help: 'Enlarges a picture and learns how: with strides of 2 the result is twice as high and wide.',
  inputs: { ranks: [4] },
  params: {
    filters,
    ...windowParams(2),
    output_padding: p.fixed(null, {
      help: 'Extra rows and columns at the end.',
      why: 'TensorFlow.js has no such option',
      tfjs: null,
    }),
    data_format: dataFormat(),
    dilation_rate: noDilation(2, 'TensorFlow.js ignores it here'),
    ...kernelAndBiasParams,
  },
  tfjs: 'conv2dTranspose',
  example: {
    config: { filters: 3, kernel_size: [3, 3], strides: [2, 2], padding: 'same' },
    inputs: [[null, 3, 4, 2]],
    outputs: [[null, 6, 8, 3]],
  },
  outputShapes(config, [input = []]) {
    const { batch, spatial, channels } = splitChannels(input, config.data_format);
    if (channels === null)
      return problem('Conv2DTranspose needs to know the number of channels of its input.');
    const sizes = spatial.map((dim, i): Dim => {
      if (dim === null) return null;
      const [kernel, stride] = [config.kernel_size[i] ?? 1, config.strides[i] ?? 1];
      return dim * stride + (config.padding === 'valid' ? Math.max(kernel - stride, 0) : 0);
    });
    return shapes(joinChannels({ batch, spatial: sizes, channels: config.filters }, config.data_format));
  },
  weights(config, [input]) {
    // Unlike in the other convolutions, the channels that come out stand before those that go in.
    const shape = [...config.kernel_size, config.filters, channelsOf(config, input)];
    const kernel = weight('kernel', shape, config.kernel_initializer);
    return config.use_bias ? [kernel, weight('bias', [config.filters], config.bias_initializer)] : [kernel];
  },
});
