import { axis, checkWeightAxes, sizesOf } from '../axis-rules';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { problem, shapes } from '../shape-rules';
import { centerAndScale, constraints, initializers, regularizers, weight } from '../weight-rules';

/** https://keras.io/api/layers/normalization_layers/group_normalization/ */
export const groupNormalization = defineLayer({
  type: 'GroupNormalization',
  category: 'Normalization',
  help: 'Brings each group of channels of a row to average 0 and spread 1, whatever the batch size.',
  inputs: { minRank: 2 },
  params: {
    groups: p.int(32, { min: -1, help: 'How many groups the channels form; -1: each channel is one.' }),
    axis: axis('The axis of the channels; -1 is the last.'),
    epsilon: p.float(0.001, { min: 0, help: 'A small number against division by zero.', advanced: true }),
    ...centerAndScale,
    ...initializers({ beta: 'Zeros', gamma: 'Ones' }),
    ...regularizers(['beta', 'gamma']),
    ...constraints(['beta', 'gamma']),
  },
  masking: 'passes',
  tfjs: null,
  example: { config: { groups: 2 }, inputs: [[null, 3, 4]], outputs: [[null, 3, 4]] },
  cases: [
    { config: { groups: 3 }, inputs: [[null, 6]] },
    { config: { groups: 1, center: false }, inputs: [[null, 2, 3, 4]] },
    { config: { groups: -1, scale: false }, inputs: [[null, 2, 3, 4]] },
    { config: { groups: 2, axis: 1 }, inputs: [[null, 4, 2, 3]] },
    { config: { groups: 2, axis: 2 }, inputs: [[null, 3, 4, 2]] },
    { config: { groups: 2, axis: -2, epsilon: 0.1 }, inputs: [[null, 2, 2, 4, 2]] },
  ],
  checkConfig: ({ groups }) =>
    groups === 0 ? 'groups must be at least 1, or -1 for one of each channel.' : null,
  outputShapes({ axis, groups }, [input = []]) {
    const message = checkWeightAxes('GroupNormalization', axis, input);
    if (message !== null) return problem(message);
    const [channels] = sizesOf(axis, input);
    return groups === -1 || (channels ?? 0) % groups === 0
      ? shapes(input)
      : problem(
          `GroupNormalization can't split ${channels} channels into ${groups} equal groups: choose a number that divides ${channels}.`,
        );
  },
  weights(config, [input = []]) {
    const shape = sizesOf(config.axis, input);
    return [
      ...(config.scale ? [weight('gamma', shape, config.gamma_initializer)] : []),
      ...(config.center ? [weight('beta', shape, config.beta_initializer)] : []),
    ];
  },
});
