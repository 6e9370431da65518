/** What the layers share that give pictures another size. */
import type { Shape } from '../network/shape';
import { type DataFormat, joinChannels, splitChannels } from './data-format';
import type { ShapeResult } from './layer-type';
import * as p from './params';
import { shapes } from './shape-rules';

export const INTERPOLATIONS = ['nearest', 'bilinear', 'bicubic', 'lanczos3', 'lanczos5'] as const;
export type Interpolation = (typeof INTERPOLATIONS)[number];

export const pictureSize = {
  height: p.int(32, { min: 1, required: true, help: 'How many rows come out.' }),
  width: p.int(32, { min: 1, required: true, help: 'How many columns come out.' }),
};

export function resizedShape(
  config: { readonly height: number; readonly width: number; readonly data_format: DataFormat },
  input: Shape,
): ShapeResult {
  const { batch, channels } = splitChannels(input, config.data_format);
  return shapes(
    joinChannels({ batch, spatial: [config.height, config.width], channels }, config.data_format),
  );
}
