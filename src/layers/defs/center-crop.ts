import { dataFormat } from '../data-format';
import { defineLayer } from '../layer-type';
import { pictureSize, resizedShape } from '../resize-rules';

/** https://keras.io/api/layers/preprocessing_layers/image_preprocessing/center_crop/ */
export const centerCrop = defineLayer({
  type: 'CenterCrop',
  category: 'Preprocessing',
  help: 'Keeps the middle of pictures; smaller pictures are enlarged first.',
  inputs: { ranks: [4] },
  params: { ...pictureSize, data_format: dataFormat() },
  tfjs: null,
  example: { config: { height: 3, width: 2 }, inputs: [[null, 6, 5, 2]], outputs: [[null, 3, 2, 2]] },
  cases: [
    { config: { height: 2, width: 3, data_format: 'channels_first' }, inputs: [[null, 2, 5, null]] },
    { config: { height: 6, width: 3 }, inputs: [[null, 4, 7, 2]] },
    { config: { height: 5, width: 6, data_format: 'channels_first' }, inputs: [[null, 2, 4, 3]] },
  ],
  outputShapes: (config, [input = []]) => resizedShape(config, input),
});
