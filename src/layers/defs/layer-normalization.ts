import { axes, checkWeightAxes, listAxes, sizesOf } from '../axis-rules';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { problem, shapes } from '../shape-rules';
import { centerAndScale, constraints, initializers, regularizers, weight } from '../weight-rules';

/** https://keras.io/api/layers/normalization_layers/layer_normalization/ */
export const layerNormalization = defineLayer({
  type: 'LayerNormalization',
  category: 'Normalization',
  help: 'Brings the values of each row to average 0 and spread 1, independently of the other rows.',
  inputs: { minRank: 2 },
  params: {
    axis: axes('The axis, or axes, over which average and spread are taken; -1 is the last.'),
    epsilon: p.float(0.001, { min: 0, help: 'A small number against division by zero.', advanced: true }),
    ...centerAndScale,
    ...initializers({ beta: 'Zeros', gamma: 'Ones' }),
    ...regularizers(['beta', 'gamma']),
    ...constraints(['beta', 'gamma']),
    rms_scaling: p.bool(false, {
      help: 'Keeps the average and only divides by the spread, as an early form of RMSNormalization.',
      advanced: true,
      tfjs: null,
      tfjsValues: [false],
    }),
  },
  masking: 'passes',
  tfjs: 'layerNormalization',
  example: { config: {}, inputs: [[null, 3, 4]], outputs: [[null, 3, 4]] },
  cases: [
    { config: { epsilon: 0.01 }, inputs: [[null, 5]] },
    { config: { center: false }, inputs: [[null, 3, 4]] },
    { config: { scale: false }, inputs: [[null, 3, 4]] },
    { config: { center: false, scale: false }, inputs: [[null, 5]] },
    { config: { axis: [1, 2] }, inputs: [[null, 3, 2, 4]] },
    { config: { axis: [-1, -2] }, inputs: [[null, 3, 2, 4]] },
    { config: { axis: [1, -1] }, inputs: [[null, 3, 2, 4]] },
    { config: { axis: 1 }, inputs: [[null, 3, 2, 4]] },
    { config: { rms_scaling: true }, inputs: [[null, 3, 4]] },
    { config: { axis: [1, 2, 3] }, inputs: [[null, 2, 2, 3, 2]] },
  ],
  // The stock class lays out its weights by the axes as they come, and takes ranks 2 to 4.
  isStock({ axis, beta_constraint, gamma_constraint }, [input = []]) {
    const inOrder = listAxes(axis).every((item, i, all) => item > (all[i - 1] ?? Number.NEGATIVE_INFINITY));
    return inOrder && input.length <= 4 && beta_constraint === null && gamma_constraint === null;
  },
  outputShapes({ axis }, [input = []]) {
    const message = checkWeightAxes('LayerNormalization', axis, input);
    return message === null ? shapes(input) : problem(message);
  },
  weights(config, [input = []]) {
    const shape = sizesOf(config.axis, input);
    const { scale, center, rms_scaling } = config;
    return [
      ...(scale || rms_scaling ? [weight('gamma', shape, config.gamma_initializer)] : []),
      ...(center && !rms_scaling ? [weight('beta', shape, config.beta_initializer)] : []),
    ];
  },
});
