/**
 * What the transposed convolutions share. Sizes are those of Keras' `compute_conv_transpose_output_shape`. The kernel is stored
 * as `[...window, channels out, channels in]`: the other way round than in the other convolutions.
 */
import type { Dim } from '../network/shape';
import {
  channelsOf,
  checkDilation,
  dilation,
  filters,
  kernelAndBiasParams,
  kernelSize,
  strides,
} from './conv-rules';
import { dataFormat, joinChannels, padding, splitChannels } from './data-format';
import { type Case, defineLayer, type Example } from './layer-type';
import * as p from './params';
import { problem, shapes } from './shape-rules';
import { weight } from './weight-rules';

/** Like `p.size`, but sizes of 0 are allowed. */
function outputPadding(rank: number): p.ParamSpec<readonly number[] | null> {
  const spec = p.ints([], {
    min: 0,
    help: 'How many values to add at the end of each axis; none: so many that the size is a multiple of the strides.',
    advanced: true,
    tfjs: null,
  });
  return {
    ...p.nullable({
      ...spec,
      form: { kind: 'ints', length: rank },
      parse(given) {
        const parsed = spec.parse(
          typeof given === 'number' ? Array.from({ length: rank }, () => given) : given,
        );
        return 'value' in parsed && parsed.value.length !== rank
          ? { problem: `must be ${rank} whole number${rank > 1 ? 's' : ''}, none negative` }
          : parsed;
      },
    }),
    tfjsValues: [null],
  };
}

export interface TransposedAxis {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padding: 'valid' | 'same';
  /** null: Keras' own choice. */
  readonly outputPadding: number | null;
}

/** The size of one axis after a transposed convolution. */
export function transposedSize(size: number, axis: TransposedAxis): number {
  const { stride, outputPadding } = axis;
  const reach = (axis.kernel - 1) * axis.dilation + 1;
  if (axis.padding === 'valid') {
    return (size - 1) * stride + reach + (outputPadding ?? Math.max(stride - reach, 0));
  }
  return outputPadding === null ? size * stride : (size - 1) * stride + (reach % 2) + outputPadding;
}

/** What the layers say of each axis of their window. */
export function transposedAxes(config: {
  readonly kernel_size: readonly number[];
  readonly strides: readonly number[];
  readonly padding: 'valid' | 'same';
  readonly output_padding: readonly number[] | null;
  readonly dilation_rate: readonly number[];
}): readonly TransposedAxis[] {
  return config.kernel_size.map((kernel, i) => ({
    kernel,
    stride: config.strides[i] ?? 1,
    dilation: config.dilation_rate[i] ?? 1,
    padding: config.padding,
    outputPadding: config.output_padding?.[i] ?? null,
  }));
}

/** Conv1DTranspose, Conv2DTranspose and Conv3DTranspose: they differ only in how many axes the window has. */
export function defineConvTranspose(def: {
  readonly type: string;
  readonly factory: string | null;
  readonly rank: 1 | 2 | 3;
  readonly help: string;
  readonly example: Example;
  readonly cases: readonly Case[];
}) {
  const format = { data_format: dataFormat() };
  const output = { output_padding: outputPadding(def.rank) };
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
      // Keras lists these two in another order in three dimensions.
      ...(def.rank === 3 ? { ...format, ...output } : { ...output, ...format }),
      dilation_rate: dilation(def.rank, false),
      ...kernelAndBiasParams,
    },
    tfjs: def.factory,
    example: def.example,
    cases: def.cases,
    checkConfig(config) {
      const wrong = config.output_padding?.findIndex((size, i) => size >= (config.strides[i] ?? 1)) ?? -1;
      if (wrong !== -1) return 'output_padding must be smaller than strides.';
      return checkDilation(config);
    },
    outputShapes(config, [input = []]) {
      const { batch, spatial, channels } = splitChannels(input, config.data_format);
      if (channels === null) {
        return problem(`${def.type} needs to know the number of channels of its input.`);
      }
      const axes = transposedAxes(config);
      const sizes = axes.map((axis, i): Dim => {
        const size = spatial[i] ?? null;
        return size === null ? null : transposedSize(size, axis);
      });
      if (sizes.some(size => size !== null && size < 1)) {
        return problem(`${def.type} would return nothing: choose a larger output_padding or other strides.`);
      }
      return shapes(joinChannels({ batch, spatial: sizes, channels: config.filters }, config.data_format));
    },
    weights(config, [input]) {
      const shape = [...config.kernel_size, config.filters, channelsOf(config, input)];
      const kernel = weight('kernel', shape, config.kernel_initializer);
      return config.use_bias ? [kernel, weight('bias', [config.filters], config.bias_initializer)] : [kernel];
    },
  });
}
