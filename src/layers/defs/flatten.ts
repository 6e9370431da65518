import { sizeOfRow } from '../../network/shape';
import { dataFormat } from '../data-format';
import { defineLayer } from '../layer-type';
import { shapes } from '../shape-rules';

/** https://keras.io/api/layers/reshaping_layers/flatten/ */
export const flatten = defineLayer({
  type: 'Flatten',
  category: 'Reshape',
  help: 'Puts all values of a row into one long list.',
  params: { data_format: dataFormat() },
  tfjs: 'flatten',
  example: { config: {}, inputs: [[null, 3, 4]], outputs: [[null, 12]] },
  cases: [
    { config: {}, inputs: [[null, 5]] },
    { config: {}, inputs: [[null]] },
    { config: {}, inputs: [[null, null, 2]] },
    { config: { data_format: 'channels_first' }, inputs: [[null, 2, 3, 4]] },
    { config: { data_format: 'channels_first' }, inputs: [[null, 3]] },
  ],
  // TensorFlow.js refuses what is flat already.
  isStock: (_, [input = []]) => input.length >= 3 && !input.slice(1).includes(null),
  outputShapes: (_, [input = []]) => shapes([input[0] ?? null, sizeOfRow(input)]),
});
