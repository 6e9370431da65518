/** What the convolutions share. A kernel is stored as `[...window, channels in, channels out]`, in Keras and in TensorFlow.js. */
import type { Dim, Shape } from '../network/shape';
import { type DataFormat, joinChannels, padding, splitChannels, windowed } from './data-format';
import { defineLayer, type Example, type ShapeResult } from './layer-type';
import * as p from './params';
import { problem, shapes } from './shape-rules';
import { constraints, initializers, regularizers, useBias, weight } from './weight-rules';

/** Keras allows Identity for matrices only, and a kernel has more axes. */
export const NOT_FOR_KERNELS = ['Identity'] as const;

export const filters = p.int(32, {
  min: 1,
  required: true,
  help: 'How many patterns it looks for: the number of channels that come out.',
});

export function windowParams(rank: number) {
  const ones = Array.from({ length: rank }, () => 1);
  return {
    kernel_size: p.size(
      rank,
      ones.map(() => 3),
      { required: true, help: 'The size of the window that moves over the input.' },
    ),
    strides: p.size(rank, ones, { help: 'How far the window moves at each step; 2 halves the size.' }),
    padding: padding(),
  };
}

/** TensorFlow.js can compute a dilated convolution, but has no gradient for it, or forgets the dilation. */
export function noDilation(rank: number, why = 'TensorFlow.js can’t train a dilated window') {
  const ones = Array.from({ length: rank }, () => 1);
  const help = 'Gaps between the values under the window.';
  const fixed = p.fixed<readonly number[]>(ones, { help, why, tfjs: null });
  const size = p.size(rank, ones, { help });
  return {
    ...fixed,
    parse(given) {
      const parsed = size.parse(given);
      return 'value' in parsed ? fixed.parse(parsed.value) : parsed;
    },
  } satisfies p.ParamSpec<readonly number[]>;
}

export const activation = p.activation('linear', { help: 'Applied to the result.' });

/** Everything after the window: from the activation to the constraints. */
export const kernelAndBiasParams = {
  activation,
  use_bias: useBias,
  ...initializers({ kernel: 'GlorotUniform', bias: 'Zeros' }, NOT_FOR_KERNELS),
  ...regularizers(['kernel', 'bias']),
  ...constraints(['kernel', 'bias']),
};

interface Window {
  readonly kernel_size: readonly number[];
  readonly strides: readonly number[];
  readonly padding: 'valid' | 'same';
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
  const moved = windowed(type, spatial, { ...config, size: config.kernel_size });
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
  readonly dataFormat: p.ParamSpec<DataFormat>;
  readonly example: Example;
}) {
  return defineLayer({
    type: def.type,
    category: 'Convolution',
    help: def.help,
    inputs: { ranks: [def.rank + 2] },
    params: {
      filters,
      ...windowParams(def.rank),
      data_format: def.dataFormat,
      dilation_rate: noDilation(def.rank),
      groups: p.fixed(1, {
        help: 'Splits the channels into groups that don’t see each other.',
        why: 'TensorFlow.js has no grouped convolution',
        tfjs: null,
      }),
      ...kernelAndBiasParams,
    },
    tfjs: def.factory,
    example: def.example,
    outputShapes: (config, [input = []]) => convShape(def.type, config, input, () => config.filters),
    weights(config, [input]) {
      const shape = [...config.kernel_size, channelsOf(config, input), config.filters];
      const kernel = weight('kernel', shape, config.kernel_initializer);
      return config.use_bias ? [kernel, weight('bias', [config.filters], config.bias_initializer)] : [kernel];
    },
  });
}
