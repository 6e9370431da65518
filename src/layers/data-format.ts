/** Where the channels stand, and how windows (kernels, pools) move over the axes between. */
import { type Dim, formatShape, type Shape } from '../network/shape';
import * as p from './params';
import { windowedSize } from './shape-rules';

export type DataFormat = 'channels_last' | 'channels_first';

const HELP = 'Where the channels stand: after the other axes (usual), or right after the batch.';

/** Older Keras versions write null for the usual order. */
export function dataFormat(): p.ParamSpec<DataFormat> {
  return nullIsLast(
    p.choice(['channels_last', 'channels_first'], 'channels_last', { help: HELP, advanced: true }),
  );
}

/** For layers of which TensorFlow.js has no other order, or gets it wrong. */
export function channelsLastOnly(why: string): p.ParamSpec<DataFormat> {
  return nullIsLast(p.fixed<DataFormat>('channels_last', { help: HELP, why, tfjs: null }));
}

function nullIsLast(spec: p.ParamSpec<DataFormat>): p.ParamSpec<DataFormat> {
  return { ...spec, parse: given => spec.parse(given ?? 'channels_last') };
}

export function padding(): p.ParamSpec<'valid' | 'same'> {
  return p.choice(['valid', 'same'], 'valid', {
    help: "'same' fills the border with zeros, so that the size stays the same at stride 1; 'valid' doesn't.",
  });
}

export interface Channels {
  readonly batch: Dim;
  readonly spatial: readonly Dim[];
  readonly channels: Dim;
}

export function splitChannels(input: Shape, format: DataFormat): Channels {
  const batch = input[0] ?? null;
  return format === 'channels_last'
    ? { batch, spatial: input.slice(1, -1), channels: input[input.length - 1] ?? null }
    : { batch, spatial: input.slice(2), channels: input[1] ?? null };
}

export function joinChannels({ batch, spatial, channels }: Channels, format: DataFormat): Shape {
  return format === 'channels_last' ? [batch, ...spatial, channels] : [batch, channels, ...spatial];
}

/** The sizes after a window has moved over them, or a sentence if the window doesn't fit. */
export function windowed(
  type: string,
  spatial: readonly Dim[],
  window: {
    readonly size: readonly number[];
    readonly strides: readonly number[];
    readonly padding: 'valid' | 'same';
  },
): { readonly sizes: readonly Dim[] } | { readonly message: string } {
  const sizes = spatial.map((dim, i) =>
    windowedSize(dim, window.size[i] ?? 1, window.strides[i] ?? 1, window.padding),
  );
  return sizes.every(size => size === null || size >= 1)
    ? { sizes }
    : {
        message: `The window of ${type} (${window.size.join(' × ')}) is larger than its input (${formatShape([null, ...spatial])}): choose a smaller window or the padding 'same'.`,
      };
}
