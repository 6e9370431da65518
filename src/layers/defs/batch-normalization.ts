import { axis, checkWeightAxes, isLast, sizesOf } from '../axis-rules';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { problem, shapes } from '../shape-rules';
import { centerAndScale, constraints, initializers, regularizers, weight } from '../weight-rules';

/** https://keras.io/api/layers/normalization_layers/batch_normalization/ */
export const batchNormalization = defineLayer({
  type: 'BatchNormalization',
  category: 'Normalization',
  help: 'Brings each channel to average 0 and spread 1 over the batch, which makes deep networks easier to train.',
  inputs: { minRank: 2 },
  params: {
    axis: axis('The axis of the channels; -1 is the last.'),
    momentum: p.float(0.99, {
      min: 0,
      max: 1,
      help: 'How slowly the running mean and variance follow the batches.',
    }),
    epsilon: p.float(0.001, { min: 0, help: 'A small number against division by zero.', advanced: true }),
    ...centerAndScale,
    ...initializers({ beta: 'Zeros', gamma: 'Ones', moving_mean: 'Zeros', moving_variance: 'Ones' }),
    ...regularizers(['beta', 'gamma']),
    ...constraints(['beta', 'gamma']),
    renorm: p.fixed(false, {
      help: 'A form for very small batches.',
      why: 'Graft doesn’t have it',
      tfjs: null,
    }),
    renorm_clipping: p.fixed(null, { help: 'Limits of renorm.', why: 'renorm doesn’t work', tfjs: null }),
    renorm_momentum: p.float(0.99, { help: 'The momentum of renorm.', advanced: true, tfjs: null }),
    synchronized: p.bool(false, {
      help: 'In Keras: takes the batch over all devices together.',
      advanced: true,
      tfjs: null,
    }),
  },
  masking: 'passes',
  tfjs: 'batchNormalization',
  example: { config: {}, inputs: [[null, 3, 4]], outputs: [[null, 3, 4]] },
  cases: [
    { config: { momentum: 0.8, epsilon: 0.01 }, inputs: [[5, 4]] },
    { config: { center: false }, inputs: [[null, 3, 2, 4]] },
    { config: { scale: false }, inputs: [[null, 3, 2, 4]] },
    { config: { center: false, scale: false }, inputs: [[5, 4]] },
    { config: { axis: 1 }, inputs: [[null, 3, 2, 4]] },
    { config: { axis: 2, scale: false }, inputs: [[null, 3, 4]] },
    { config: { axis: -2 }, inputs: [[null, 2, 2, 3, 2]] },
    { config: {}, inputs: [[null, 2, 2, 1, 3]] },
  ],
  isStock: ({ axis }, [input = []]) => input.length <= 4 && isLast(axis, input.length),
  outputShapes({ axis }, [input = []]) {
    const message = checkWeightAxes('BatchNormalization', axis, input);
    return message === null ? shapes(input) : problem(message);
  },
  weights(config, [input = []]) {
    const shape = sizesOf(config.axis, input);
    return [
      ...(config.scale ? [weight('gamma', shape, config.gamma_initializer)] : []),
      ...(config.center ? [weight('beta', shape, config.beta_initializer)] : []),
      weight('moving_mean', shape, config.moving_mean_initializer, false),
      weight('moving_variance', shape, config.moving_variance_initializer, false),
    ];
  },
});
