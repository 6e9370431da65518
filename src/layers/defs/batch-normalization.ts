import { axis, isLast } from '../axis-rules';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { problem, shapes } from '../shape-rules';
import { constraints, initializers, regularizers, weight } from '../weight-rules';

const crashes = 'TensorFlow.js can’t train the layer otherwise';

/** https://keras.io/api/layers/normalization_layers/batch_normalization/ */
export const batchNormalization = defineLayer({
  type: 'BatchNormalization',
  category: 'Normalization',
  help: 'Brings each channel to average 0 and spread 1 over the batch, which makes deep networks easier to train.',
  inputs: { ranks: [2, 3, 4] },
  params: {
    axis: axis('The axis of the channels; -1 is the last.'),
    momentum: p.float(0.99, {
      min: 0,
      max: 1,
      help: 'How slowly the running mean and variance follow the batches.',
    }),
    epsilon: p.float(0.001, { min: 0, help: 'A small number against division by zero.', advanced: true }),
    center: p.fixed(true, { help: 'Adds a trainable offset.', why: crashes }),
    scale: p.fixed(true, { help: 'Multiplies with a trainable scale.', why: crashes }),
    ...initializers({ beta: 'Zeros', gamma: 'Ones', moving_mean: 'Zeros', moving_variance: 'Ones' }),
    ...regularizers(['beta', 'gamma']),
    ...constraints(['beta', 'gamma']),
    renorm: p.fixed(false, {
      help: 'A form for very small batches.',
      why: 'TensorFlow.js doesn’t have it',
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
  tfjs: 'batchNormalization',
  example: { config: {}, inputs: [[null, 3, 4]], outputs: [[null, 3, 4]] },
  outputShapes(config, [input = []]) {
    if (!isLast(config.axis, input.length)) {
      return problem(
        'BatchNormalization works along the last axis only so far: set axis to -1, or move the channels with Permute.',
      );
    }
    if (input[input.length - 1] === null) {
      return problem('BatchNormalization needs to know the size of the last axis.');
    }
    return shapes(input);
  },
  weights(config, [input = []]) {
    const shape = [input[input.length - 1] ?? null];
    return [
      weight('gamma', shape, config.gamma_initializer),
      weight('beta', shape, config.beta_initializer),
      weight('moving_mean', shape, config.moving_mean_initializer, false),
      weight('moving_variance', shape, config.moving_variance_initializer, false),
    ];
  },
});
