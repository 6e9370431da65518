import { defineLayer } from '../layer-type';
import * as p from '../params';
import { problem, shapes } from '../shape-rules';

/** https://keras.io/api/layers/core_layers/dense/ */
export const dense = defineLayer({
  type: 'Dense',
  category: 'Core',
  help: 'Mixes all values of the last axis into new ones: output = activation(input · kernel + bias).',
  inputs: { minRank: 2 },
  params: {
    units: p.int(32, { min: 1, help: 'How many values come out.' }),
    activation: p.activation('linear', { help: 'Applied to the result.' }),
    use_bias: p.bool(true, { help: 'Adds a trainable value to each unit.', advanced: true }),
    kernel_initializer: p.initializer('GlorotUniform', { help: 'How the kernel starts.' }),
    bias_initializer: p.initializer('Zeros', { help: 'How the bias starts.' }),
    kernel_regularizer: p.regularizer({ help: 'A penalty on the kernel, added to the loss.' }),
    bias_regularizer: p.regularizer({ help: 'A penalty on the bias, added to the loss.' }),
    kernel_constraint: p.constraint({ help: 'Applied to the kernel after each step.' }),
    bias_constraint: p.constraint({ help: 'Applied to the bias after each step.' }),
  },
  tfjs: 'dense',
  example: { config: { units: 3 }, inputs: [[null, 4]], outputs: [[null, 3]] },
  outputShapes(config, [input = []]) {
    if (input[input.length - 1] === null) return problem('Dense needs to know the size of the last axis.');
    return shapes([...input.slice(0, -1), config.units]);
  },
  weights(config, [input = []]) {
    const kernel = {
      role: 'kernel',
      shape: [input[input.length - 1] ?? 0, config.units],
      trainable: true,
      initializer: config.kernel_initializer,
    };
    const bias = {
      role: 'bias',
      shape: [config.units],
      trainable: true,
      initializer: config.bias_initializer,
    };
    return config.use_bias ? [kernel, bias] : [kernel];
  },
});
