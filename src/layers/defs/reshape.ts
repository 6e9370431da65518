import { isJsonArray } from '../../base/json';
import { formatShape, sizeOf, sizeOfRow } from '../../network/shape';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { problem, shapes } from '../shape-rules';

const sizes = p.ints([-1], {
  min: -1,
  required: true,
  help: 'The new sizes; -1 for one of them takes what is left.',
});

/** https://keras.io/api/layers/reshaping_layers/reshape/ */
export const reshape = defineLayer({
  type: 'Reshape',
  category: 'Reshape',
  help: 'Gives the values of a row new axes; their order stays.',
  params: {
    target_shape: {
      ...sizes,
      // TensorFlow.js writes null for the size that is left.
      parse: given => sizes.parse(isJsonArray(given) ? given.map(item => item ?? -1) : given),
    } satisfies p.ParamSpec<readonly number[]>,
  },
  tfjs: 'reshape',
  example: { config: { target_shape: [2, -1] }, inputs: [[null, 3, 4]], outputs: [[null, 2, 6]] },
  cases: [
    { config: { target_shape: [4, 3] }, inputs: [[null, 3, 4]] },
    { config: { target_shape: [-1] }, inputs: [[null, 3, 2, 2]] },
    { config: { target_shape: [3, 1, -1] }, inputs: [[null, null, 6]] },
    { config: { target_shape: [1, 1] }, inputs: [[null]] },
  ],
  // TensorFlow.js' models have no inputs of single values.
  isStock: (_, [input = []]) => input.length > 1,
  checkConfig({ target_shape }) {
    if (target_shape.includes(0)) return 'target_shape can’t have a size of 0.';
    const free = target_shape.filter(size => size === -1).length;
    return free > 1 ? 'target_shape can have -1 only once.' : null;
  },
  outputShapes({ target_shape }, [input = []]) {
    const batch = input[0] ?? null;
    const values = sizeOfRow(input);
    const known = sizeOf(target_shape.filter(size => size !== -1));
    const free = target_shape.includes(-1);
    if (values !== null && (free ? values % known !== 0 : values !== known)) {
      return problem(
        `Reshape can't lay out ${values} values as ${formatShape([null, ...target_shape])}: choose sizes that multiply to ${values}.`,
      );
    }
    return shapes([
      batch,
      ...target_shape.map(size => (size === -1 ? (values === null ? null : values / known) : size)),
    ]);
  },
});
