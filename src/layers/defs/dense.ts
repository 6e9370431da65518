import { defineLayer } from '../layer-type';
import * as p from '../params';
import { problem, shapes } from '../shape-rules';
import {
  activityRegularizer,
  constraints,
  initializers,
  regularizers,
  useBias,
  weight,
} from '../weight-rules';

/** https://keras.io/api/layers/core_layers/dense/ */
export const dense = defineLayer({
  type: 'Dense',
  category: 'Core',
  help: 'Mixes all values of the last axis into new ones: output = activation(input · kernel + bias).',
  inputs: { minRank: 2 },
  params: {
    units: p.int(32, { min: 1, required: true, help: 'How many values come out.' }),
    activation: p.activation('linear', { help: 'Applied to the result.' }),
    use_bias: useBias,
    ...initializers({ kernel: 'GlorotUniform', bias: 'Zeros' }),
    ...regularizers(['kernel', 'bias']),
    ...activityRegularizer,
    ...constraints(['kernel', 'bias']),
  },
  masking: 'passes',
  tfjs: 'dense',
  example: { config: { units: 3 }, inputs: [[null, 4]], outputs: [[null, 3]] },
  outputShapes(config, [input = []]) {
    if (input[input.length - 1] === null) return problem('Dense needs to know the size of the last axis.');
    return shapes([...input.slice(0, -1), config.units]);
  },
  weights(config, [input = []]) {
    const kernel = weight(
      'kernel',
      [input[input.length - 1] ?? null, config.units],
      config.kernel_initializer,
    );
    return config.use_bias ? [kernel, weight('bias', [config.units], config.bias_initializer)] : [kernel];
  },
});
