/** What the convolutions share that look at each channel by itself: the depthwise and the separable ones. */
import {
  activation,
  channelsOf,
  checkDilation,
  convShape,
  depthMultiplier,
  dilation,
  filters,
  kernelSize,
  NOT_FOR_KERNELS,
  strides,
} from './conv-rules';
import { dataFormat, padding } from './data-format';
import { type Case, defineLayer, type Example } from './layer-type';
import {
  activityRegularizer,
  constraints,
  initializers,
  regularizers,
  useBias,
  weight,
} from './weight-rules';

interface Definition {
  readonly type: string;
  readonly factory: string | null;
  readonly rank: 1 | 2;
  readonly help: string;
  readonly example: Example;
  readonly cases: readonly Case[];
}

export function defineDepthwiseConv(def: Definition) {
  return defineLayer({
    type: def.type,
    category: 'Convolution',
    help: def.help,
    inputs: { ranks: [def.rank + 2] },
    params: {
      kernel_size: kernelSize(def.rank),
      strides: strides(def.rank),
      padding: padding(),
      depth_multiplier: depthMultiplier,
      data_format: dataFormat(),
      // TensorFlow.js' layer ignores it.
      dilation_rate: dilation(def.rank, false),
      activation,
      use_bias: useBias,
      ...initializers({ depthwise: 'GlorotUniform', bias: 'Zeros' }, NOT_FOR_KERNELS),
      ...regularizers(['depthwise', 'bias']),
      ...activityRegularizer,
      ...constraints(['depthwise', 'bias']),
    },
    tfjs: def.factory,
    example: def.example,
    cases: def.cases,
    checkConfig: checkDilation,
    outputShapes: (config, [input = []]) =>
      convShape(def.type, config, input, channels => channels * config.depth_multiplier),
    weights(config, [input]) {
      const channels = channelsOf(config, input);
      const shape = [...config.kernel_size, channels, config.depth_multiplier];
      const kernel = weight('depthwise_kernel', shape, config.depthwise_initializer);
      const columns = (channels ?? 0) * config.depth_multiplier;
      return config.use_bias ? [kernel, weight('bias', [columns], config.bias_initializer)] : [kernel];
    },
  });
}

export function defineSeparableConv(def: Definition) {
  return defineLayer({
    type: def.type,
    category: 'Convolution',
    help: def.help,
    inputs: { ranks: [def.rank + 2] },
    params: {
      filters,
      kernel_size: kernelSize(def.rank),
      strides: strides(def.rank),
      padding: padding(),
      // TensorFlow.js adds the bias to the wrong axis in the other order.
      data_format: dataFormat(['channels_last']),
      dilation_rate: dilation(def.rank, true),
      depth_multiplier: depthMultiplier,
      activation,
      use_bias: useBias,
      ...initializers(
        { depthwise: 'GlorotUniform', pointwise: 'GlorotUniform', bias: 'Zeros' },
        NOT_FOR_KERNELS,
      ),
      ...regularizers(['depthwise', 'pointwise', 'bias']),
      ...activityRegularizer,
      ...constraints(['depthwise', 'pointwise', 'bias']),
    },
    tfjs: def.factory,
    example: def.example,
    cases: def.cases,
    checkConfig: checkDilation,
    outputShapes: (config, [input = []]) => convShape(def.type, config, input, () => config.filters),
    weights(config, [input]) {
      const channels = channelsOf(config, input);
      const depthwise = [...config.kernel_size, channels, config.depth_multiplier];
      const window = config.kernel_size.map(() => 1);
      const pointwise = [...window, (channels ?? 0) * config.depth_multiplier, config.filters];
      return [
        weight('depthwise_kernel', depthwise, config.depthwise_initializer),
        weight('pointwise_kernel', pointwise, config.pointwise_initializer),
        ...(config.use_bias ? [weight('bias', [config.filters], config.bias_initializer)] : []),
      ];
    },
  });
}
