import { dataFormat, joinChannels, splitChannels } from '../data-format';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { INTERPOLATIONS } from '../resize-rules';
import { shapes } from '../shape-rules';

/** https://keras.io/api/layers/reshaping_layers/up_sampling2d/ */
export const upSampling2d = defineLayer({
  type: 'UpSampling2D',
  category: 'Reshape',
  help: 'Enlarges a picture by repeating its rows and columns, or by blending them.',
  inputs: { ranks: [4] },
  params: {
    size: p.size(2, [2, 2], { help: 'How many times as high and as wide the result is.' }),
    data_format: dataFormat(),
    interpolation: p.choice(INTERPOLATIONS, 'nearest', {
      help: "How the new pixels get their values: 'nearest' repeats old ones, the others blend them.",
      // Keras takes the centres of pixels as their places, TensorFlow.js their corners.
      tfjsValues: ['nearest'],
    }),
  },
  tfjs: 'upSampling2d',
  example: { config: { size: [2, 3] }, inputs: [[null, 3, 2, 2]], outputs: [[null, 6, 6, 2]] },
  cases: [
    { config: { data_format: 'channels_first' }, inputs: [[null, 2, null, 4]] },
    { config: { interpolation: 'bilinear' }, inputs: [[null, 3, 4, 2]] },
    {
      config: { size: [3, 2], interpolation: 'bilinear', data_format: 'channels_first' },
      inputs: [[null, 2, 3, 4]],
    },
    { config: { interpolation: 'bicubic' }, inputs: [[null, 3, 4, 2]] },
    { config: { interpolation: 'lanczos3' }, inputs: [[null, 3, 4, 2]] },
    { config: { interpolation: 'lanczos5' }, inputs: [[null, 3, 4, 2]] },
  ],
  outputShapes({ size, data_format }, [input = []]) {
    const { batch, spatial, channels } = splitChannels(input, data_format);
    const sizes = spatial.map((dim, i) => (dim === null ? null : dim * (size[i] ?? 1)));
    return shapes(joinChannels({ batch, spatial: sizes, channels }, data_format));
  },
});
