/** Where the channels stand, and how windows (kernels, pools) move over the axes between. */
import { type Dim, formatShape, type Shape } from '../network/shape';
import * as p from './params';
import { windowedSize } from './shape-rules';

export type DataFormat = 'channels_last' | 'channels_first';

const FORMATS = ['channels_last', 'channels_first'] as const;
const HELP = 'Where the channels stand: after the other axes (usual), or right after the batch.';

/** Older Keras versions write null for the usual order. `tfjsValues`: the orders that stock TensorFlow.js computes rightly. */
export function dataFormat(tfjsValues: readonly DataFormat[] = FORMATS): p.ParamSpec<DataFormat> {
  const spec = p.choice(FORMATS, 'channels_last', { help: HELP, advanced: true, tfjsValues });
  return { ...spec, parse: given => spec.parse(given ?? 'channels_last') };
}

export type Padding = 'valid' | 'same' | 'causal';

export function padding(): p.ParamSpec<'valid' | 'same'> {
  return p.choice(['valid', 'same'], 'valid', {
    help: "'same' fills the border with zeros, so that the size stays the same at stride 1; 'valid' doesn't.",
  });
}

/** Layers of sequences have one more: padding before the first step only, so that no step sees later ones. */
export function paddingOrCausal(): p.ParamSpec<Padding> {
  return p.choice(['valid', 'same', 'causal'], 'valid', {
    help: "'same' fills the border with zeros, so that the size stays the same at stride 1; 'causal' fills only before the start, so that nothing sees what comes later.",
    tfjsValues: ['valid', 'same'],
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

/**
 * Stock TensorFlow.js 4.22 pads wrongly in three dimensions where a window is smaller than its stride
 * (`targets/tfjs/mends/same-padding-3d.ts`).
 */
export function isPaddedByStock(
  window: readonly number[],
  strides: readonly number[],
  padding: Padding,
): boolean {
  return padding !== 'same' || window.length < 3 || window.every((size, i) => size >= (strides[i] ?? 1));
}

/** The sizes after a window has moved over them, or a sentence if the window doesn't fit. */
export function windowed(
  type: string,
  spatial: readonly Dim[],
  window: {
    readonly size: readonly number[];
    readonly strides: readonly number[];
    readonly padding: Padding;
    readonly dilation?: readonly number[];
  },
): { readonly sizes: readonly Dim[] } | { readonly message: string } {
  const reach = window.size.map((size, i) => (size - 1) * (window.dilation?.[i] ?? 1) + 1);
  const sizes = spatial.map((dim, i) =>
    windowedSize(dim, reach[i] ?? 1, window.strides[i] ?? 1, window.padding),
  );
  return sizes.every(size => size === null || size >= 1)
    ? { sizes }
    : {
        message: `The window of ${type} (${reach.join(' × ')}) is larger than its input (${formatShape([null, ...spatial])}): choose a smaller window or the padding 'same'.`,
      };
}
