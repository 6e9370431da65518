import type { Dim, Shape } from '../../network/shape';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { problem, shapes } from '../shape-rules';
import { constraints, initializers, regularizers, weight } from '../weight-rules';

/** https://keras.io/api/layers/activation_layers/prelu/ */
export const prelu = defineLayer({
  type: 'PReLU',
  category: 'Activation',
  help: 'Keeps positive values and learns how much of negative ones to keep.',
  inputs: { minRank: 2 },
  params: {
    ...initializers({ alpha: 'Zeros' }),
    ...regularizers(['alpha']),
    ...constraints(['alpha']),
    shared_axes: p.nullable(
      p.ints([1], {
        min: 1,
        help: 'Axes along which one slope is shared: 1, 2 for the places of a picture.',
      }),
    ),
  },
  masking: 'passes',
  tfjs: 'prelu',
  example: { config: { shared_axes: [1, 2] }, inputs: [[null, 3, 4, 2]], outputs: [[null, 3, 4, 2]] },
  cases: [
    { config: {}, inputs: [[null, 5]] },
    { config: {}, inputs: [[null, 3, 2]] },
    { config: { shared_axes: [2] }, inputs: [[null, 3, 2]] },
    { config: { shared_axes: [1, 2, 3] }, inputs: [[null, 2, 2, 2, 3]] },
  ],
  outputShapes(config, [input = []]) {
    const absent = config.shared_axes?.find(axis => axis >= input.length);
    if (absent !== undefined) {
      return problem(`PReLU can't share axis ${absent}: its input has axes 1 to ${input.length - 1}.`);
    }
    if (slopes(config.shared_axes, input).includes(null)) {
      return problem('PReLU needs to know the size of each axis that isn’t among shared_axes.');
    }
    return shapes(input);
  },
  weights: (config, [input = []]) => [
    weight('alpha', slopes(config.shared_axes, input), config.alpha_initializer),
  ],
});

function slopes(shared: readonly number[] | null, input: Shape): readonly Dim[] {
  return input.slice(1).map((dim, i) => (shared?.includes(i + 1) === true ? 1 : dim));
}
