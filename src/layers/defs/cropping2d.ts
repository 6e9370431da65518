import { type Dim, formatShape } from '../../network/shape';
import { dataFormat, joinChannels, splitChannels } from '../data-format';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { problem, shapes } from '../shape-rules';

/** https://keras.io/api/layers/reshaping_layers/cropping2d/ */
export const cropping2d = defineLayer({
  type: 'Cropping2D',
  category: 'Reshape',
  help: 'Cuts rows and columns off the edges of a picture.',
  inputs: { ranks: [4] },
  params: {
    cropping: p.pairs(
      2,
      [
        [0, 0],
        [0, 0],
      ],
      { help: 'How many rows to cut at the top and the bottom, and how many columns left and right.' },
    ),
    data_format: dataFormat(),
  },
  tfjs: 'cropping2D',
  example: {
    config: {
      cropping: [
        [1, 2],
        [0, 1],
      ],
    },
    inputs: [[null, 6, 5, 2]],
    outputs: [[null, 3, 4, 2]],
  },
  outputShapes({ cropping, data_format }, [input = []]) {
    const { batch, spatial, channels } = splitChannels(input, data_format);
    const sizes = spatial.map((dim, i): Dim => {
      const [before = 0, after = 0] = cropping[i] ?? [];
      return dim === null ? null : dim - before - after;
    });
    if (sizes.some(size => size !== null && size < 1)) {
      return problem(
        `Cropping2D cuts everything off its input of ${formatShape([null, ...spatial])}: cut less.`,
      );
    }
    return shapes(joinChannels({ batch, spatial: sizes, channels }, data_format));
  },
});
