import type { Dim } from '../../network/shape';
import { dataFormat, joinChannels, splitChannels } from '../data-format';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { shapes } from '../shape-rules';

/** https://keras.io/api/layers/reshaping_layers/zero_padding2d/ */
export const zeroPadding2d = defineLayer({
  type: 'ZeroPadding2D',
  category: 'Reshape',
  help: 'Adds rows and columns of zeros around a picture.',
  inputs: { ranks: [4] },
  params: {
    padding: p.pairs(
      2,
      [
        [1, 1],
        [1, 1],
      ],
      { help: 'How many rows to add at the top and the bottom, and how many columns left and right.' },
    ),
    data_format: dataFormat(),
  },
  tfjs: 'zeroPadding2d',
  example: {
    config: {
      padding: [
        [1, 2],
        [0, 1],
      ],
    },
    inputs: [[null, 3, 4, 2]],
    outputs: [[null, 6, 5, 2]],
  },
  outputShapes({ padding, data_format }, [input = []]) {
    const { batch, spatial, channels } = splitChannels(input, data_format);
    const sizes = spatial.map((dim, i): Dim => {
      const [before = 0, after = 0] = padding[i] ?? [];
      return dim === null ? null : dim + before + after;
    });
    return shapes(joinChannels({ batch, spatial: sizes, channels }, data_format));
  },
});
