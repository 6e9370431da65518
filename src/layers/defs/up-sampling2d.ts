import { dataFormat, joinChannels, splitChannels } from '../data-format';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { shapes } from '../shape-rules';

/** https://keras.io/api/layers/reshaping_layers/up_sampling2d/ */
export const upSampling2d = defineLayer({
  type: 'UpSampling2D',
  category: 'Reshape',
  help: 'Enlarges a picture by repeating its rows and columns.',
  inputs: { ranks: [4] },
  params: {
    size: p.size(2, [2, 2], { help: 'How many times each row and each column is repeated.' }),
    data_format: dataFormat(),
    interpolation: p.fixed('nearest', {
      help: 'How the new pixels get their values.',
      // Keras takes the centres of pixels as their places, TensorFlow.js their corners.
      why: 'TensorFlow.js blends pixels in another way than Keras',
    }),
  },
  tfjs: 'upSampling2d',
  example: { config: { size: [2, 3] }, inputs: [[null, 3, 2, 2]], outputs: [[null, 6, 6, 2]] },
  outputShapes({ size, data_format }, [input = []]) {
    const { batch, spatial, channels } = splitChannels(input, data_format);
    const sizes = spatial.map((dim, i) => (dim === null ? null : dim * (size[i] ?? 1)));
    return shapes(joinChannels({ batch, spatial: sizes, channels }, data_format));
  },
});
