import { defineLayer } from '../layer-type';
import * as p from '../params';
import { shapes } from '../shape-rules';

/** https://keras.io/api/layers/preprocessing_layers/image_preprocessing/rescaling/ */
export const rescaling = defineLayer({
  type: 'Rescaling',
  category: 'Preprocessing',
  help: 'Multiplies each value with a number and adds another: 1/255 brings the bytes of a picture to 0 to 1.',
  inputs: { values: 'any' },
  params: {
    scale: p.float(1 / 255, { required: true, help: 'The number that each value is multiplied with.' }),
    offset: p.float(0, { help: 'The number that is added then.' }),
  },
  tfjs: 'rescaling',
  example: { config: { scale: 0.5, offset: -1 }, inputs: [[null, 4]], outputs: [[null, 4]] },
  outputShapes: (_, [input = []]) => shapes(input),
});
