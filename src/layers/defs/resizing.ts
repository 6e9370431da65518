import { dataFormat } from '../data-format';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { INTERPOLATIONS, pictureSize, resizedShape } from '../resize-rules';

/** https://keras.io/api/layers/preprocessing_layers/image_preprocessing/resizing/ */
export const resizing = defineLayer({
  type: 'Resizing',
  category: 'Preprocessing',
  help: 'Gives pictures another height and width by blending their pixels.',
  inputs: { ranks: [4] },
  params: {
    ...pictureSize,
    interpolation: p.choice(INTERPOLATIONS, 'bilinear', {
      help: "How the new pixels get their values: 'nearest' repeats old ones, the others blend them.",
    }),
    crop_to_aspect_ratio: p.bool(false, {
      help: 'Cuts off two edges first, so that nothing is stretched.',
      advanced: true,
    }),
    pad_to_aspect_ratio: p.bool(false, {
      help: 'Adds two edges first, so that nothing is stretched.',
      advanced: true,
    }),
    fill_mode: p.choice(['constant'], 'constant', { help: 'What is in the added edges.', advanced: true }),
    fill_value: p.float(0, { help: 'The value in the added edges.', advanced: true }),
    antialias: p.bool(false, { help: 'Blends more pixels where pictures get smaller.', advanced: true }),
    data_format: dataFormat(),
  },
  tfjs: null,
  example: { config: { height: 3, width: 5 }, inputs: [[null, 4, 4, 2]], outputs: [[null, 3, 5, 2]] },
  cases: [
    { config: { height: 7, width: 3, interpolation: 'nearest' }, inputs: [[null, 4, 5, 2]] },
    { config: { height: 6, width: 9, data_format: 'channels_first' }, inputs: [[null, 2, null, 5]] },
    { config: { height: 2, width: 3, antialias: true }, inputs: [[null, 7, 6, 2]] },
    { config: { height: 5, width: 3, interpolation: 'bicubic', antialias: true }, inputs: [[null, 4, 6, 2]] },
    { config: { height: 5, width: 3, interpolation: 'lanczos3' }, inputs: [[null, 4, 6, 2]] },
    { config: { height: 3, width: 2, crop_to_aspect_ratio: true }, inputs: [[null, 5, 6, 2]] },
    {
      config: { height: 3, width: 4, crop_to_aspect_ratio: true, data_format: 'channels_first' },
      inputs: [[null, 2, 7, 4]],
    },
    {
      config: { height: 3, width: 2, pad_to_aspect_ratio: true, fill_value: 0.5 },
      inputs: [[null, 4, 6, 2]],
    },
    {
      config: { height: 3, width: 5, pad_to_aspect_ratio: true, data_format: 'channels_first' },
      inputs: [[null, 2, 6, 4]],
    },
  ],
  checkConfig: config =>
    config.crop_to_aspect_ratio && config.pad_to_aspect_ratio
      ? 'crop_to_aspect_ratio and pad_to_aspect_ratio can’t both be on: choose one of them.'
      : null,
  outputShapes: (config, [input = []]) => resizedShape(config, input),
});
