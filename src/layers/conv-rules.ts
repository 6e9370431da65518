/** What the convolutions share. A kernel is stored as `[...window, channels in, channels out]`, in Keras and in TensorFlow.js. */
import type { Dim, Shape } from '../network/shape';
import {
  type DataFormat,
  dataFormat,
  isPaddedByStock,
  joinChannels,
  type Padding,
  padding,
  paddingOrCausal,
  splitChannels,
  windowed,
} from './data-format';
import { type Case, defineLayer, type Example, type ShapeResult } from './layer-type';
import * as p from './params';
import { problem, shapes } from './shape-rules';
import {
  activityRegularizer,
  constraints,
  initializers,
  regularizers,
  useBias,
  weight,
} from './weight-rules';

/** Keras allows Identity for matrices only, and a kernel has more axes. */
export const NOT_FOR_KERNELS = ['Identity'] as const;

export const filters = p.int(32, {
  min: 1,
  required: true,
  help: 'How many patterns it looks for: the number of channels that come out.',
});

function ones(rank: number): readonly number[] {
  return Array.from({ length: rank }, () => 1);
}

export function kernelSize(rank: number) {
  const threes = Array.from({ length: rank }, () => 3);
  return p.size(rank, threes, { required: true, help: 'The size of the window that moves over the input.' });
}

export function strides(rank: number) {
  return p.size(rank, ones(rank), { help: 'How far the window moves at each step; 2 halves the size.' });
}

/** `stock`: whether stock TensorFlow.js 4.22 computes a dilated window rightly where this stands. */
export function dilation(rank: number, stock: boolean) {
  const spec = {
    help: 'Gaps between the values under the window: 2 looks at every second one.',
    advanced: true,
  };
  return p.size(rank, ones(rank), stock ? spec : { ...spec, tfjs: null, tfjsValues: [ones(rank)] });
}

/** Keras has no convolution that jumps and looks at every n-th value at the same time. */
export function checkDilation(config: {
  readonly strides: readonly number[];
  readonly dilation_rate: readonly number[];
}): string | null {
  return Math.max(...config.strides) > 1 && Math.max(...config.dilation_rate) > 1
    ? 'strides and dilation_rate can’t both be larger than 1: choose one of them.'
    : null;
}

export const activation = p.activation('linear', { help: 'Applied to the result.' });

export const depthMultiplier = p.int(1, {
  min: 1,
  help: 'How many patterns it looks for in each channel.',
  advanced: true,
});

/** Everything after the window: from the activation to the constraints. */
export const kernelAndBiasParams = {
  activation,
  use_bias: useBias,
  ...initializers({ kernel: 'GlorotUniform', bias: 'Zeros' }, NOT_FOR_KERNELS),
  ...regularizers(['kernel', 'bias']),
  ...activityRegularizer,
  ...constraints(['kernel', 'bias']),
};

interface Window {
  readonly kernel_size: readonly number[];
  readonly strides: readonly number[];
  readonly padding: Padding;
  readonly dilation_rate: readonly number[];
  readonly data_format: DataFormat;
}

/** The shape after a convolution that returns `channels(of the input)` channels. */
export function convShape(
  type: string,
  config: Window,
  input: Shape,
  channelsOut: (channelsIn: number) => number,
): ShapeResult {
  const { batch, spatial, channels } = splitChannels(input, config.data_format);
  if (channels === null) return problem(`${type} needs to know the number of channels of its input.`);
  const moved = windowed(type, spatial, {
    ...config,
    size: config.kernel_size,
    dilation: config.dilation_rate,
  });
  if ('message' in moved) return problem(moved.message);
  return shapes(
    joinChannels({ batch, spatial: moved.sizes, channels: channelsOut(channels) }, config.data_format),
  );
}

export function channelsOf(config: { readonly data_format: DataFormat }, input: Shape | undefined): Dim {
  return splitChannels(input ?? [], config.data_format).channels;
}

/** Conv1D, Conv2D and Conv3D: they differ only in how many axes the window has. */
export function defineConv(def: {
  readonly type: string;
  readonly factory: string;
  readonly rank: 1 | 2 | 3;
  readonly help: string;
  readonly example: Example;
  readonly cases: readonly Case[];
}) {
  return defineLayer({
    type: def.type,
    category: 'Convolution',
    help: def.help,
    inputs: { ranks: [def.rank + 2] },
    params: {
      filters,
      kernel_size: kernelSize(def.rank),
      strides: strides(def.rank),
      // One type for all three, of which the first alone offers 'causal'.
      padding: (def.rank === 1 ? paddingOrCausal() : padding()) as p.ParamSpec<Padding>,
      // TensorFlow.js returns the axes of a sequence in the wrong order.
      data_format: dataFormat(def.rank === 1 ? ['channels_last'] : undefined),
      dilation_rate: dilation(def.rank, def.rank < 3),
      groups: p.int(1, {
        min: 1,
        help: 'Splits the channels into groups that don’t see each other.',
        advanced: true,
        tfjs: null,
        tfjsValues: [1],
      }),
      ...kernelAndBiasParams,
    },
    tfjs: def.factory,
    example: def.example,
    cases: def.cases,
    isStock: ({ kernel_size, strides, padding }) => isPaddedByStock(kernel_size, strides, padding),
    checkConfig(config) {
      if (config.filters % config.groups !== 0) {
        return `filters (${config.filters}) must be a multiple of groups (${config.groups}).`;
      }
      return checkDilation(config);
    },
    outputShapes(config, [input = []]) {
      const channels = channelsOf(config, input);
      if (channels !== null && channels % config.groups !== 0) {
        return problem(
          `${def.type} can't split ${channels} channels into ${config.groups} equal groups: choose groups that divide ${channels}.`,
        );
      }
      return convShape(def.type, config, input, () => config.filters);
    },
    weights(config, [input]) {
      const channels = (channelsOf(config, input) ?? 0) / config.groups;
      const shape = [...config.kernel_size, channels, config.filters];
      const kernel = weight('kernel', shape, config.kernel_initializer);
      return config.use_bias ? [kernel, weight('bias', [config.filters], config.bias_initializer)] : [kernel];
    },
  });
}
