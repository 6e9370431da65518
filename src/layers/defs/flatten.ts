import { sizeOfRow } from '../../network/shape';
import { dataFormat } from '../data-format';
import { defineLayer } from '../layer-type';
import { problem, shapes } from '../shape-rules';

/** https://keras.io/api/layers/reshaping_layers/flatten/ */
export const flatten = defineLayer({
  type: 'Flatten',
  category: 'Reshape',
  help: 'Puts all values of a row into one long list.',
  // TensorFlow.js refuses what is flat already.
  inputs: { minRank: 3 },
  params: { data_format: dataFormat() },
  tfjs: 'flatten',
  example: { config: {}, inputs: [[null, 3, 4]], outputs: [[null, 12]] },
  outputShapes(_, [input = []]) {
    const size = sizeOfRow(input);
    return size === null
      ? problem('Flatten needs to know all sizes of its input.')
      : shapes([input[0] ?? null, size]);
  },
});
