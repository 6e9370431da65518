import { dataFormat, joinChannels, splitChannels } from '../data-format';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { shapes } from '../shape-rules';

/** https://keras.io/api/layers/reshaping_layers/up_sampling3d/ */
export const upSampling3d = defineLayer({
  type: 'UpSampling3D',
  category: 'Reshape',
  help: 'Enlarges a volume or a film by repeating its values along each axis.',
  inputs: { ranks: [5] },
  params: {
    size: p.size(3, [2, 2, 2], { help: 'How many times values are repeated along each axis.' }),
    data_format: dataFormat(),
  },
  tfjs: null,
  example: { config: { size: [2, 1, 3] }, inputs: [[null, 2, 3, 2, 2]], outputs: [[null, 4, 3, 6, 2]] },
  cases: [
    { config: {}, inputs: [[null, null, 2, 3, 2]] },
    { config: { size: [1, 3, 2], data_format: 'channels_first' }, inputs: [[null, 2, 2, 2, 3]] },
  ],
  outputShapes({ size, data_format }, [input = []]) {
    const { batch, spatial, channels } = splitChannels(input, data_format);
    const sizes = spatial.map((dim, i) => (dim === null ? null : dim * (size[i] ?? 1)));
    return shapes(joinChannels({ batch, spatial: sizes, channels }, data_format));
  },
});
