import { defineLayer } from '../layer-type';
import * as p from '../params';
import { shapes } from '../shape-rules';
import { constraints, initializers, regularizers, weight } from '../weight-rules';

/** https://keras.io/api/layers/core_layers/embedding/ */
export const embedding = defineLayer({
  type: 'Embedding',
  category: 'Core',
  help: 'Turns whole numbers that stand for things, such as words, into vectors that it learns.',
  inputs: { values: 'tokens' },
  params: {
    input_dim: p.int(1000, {
      min: 1,
      required: true,
      help: 'How many different things there are: the largest number plus 1.',
    }),
    output_dim: p.int(32, { min: 1, required: true, help: 'How many values stand for one thing.' }),
    ...initializers({ embeddings: 'RandomUniform' }),
    ...regularizers(['embeddings']),
    ...constraints(['embeddings']),
    mask_zero: p.bool(false, { help: 'Treats 0 as "nothing here": recurrent layers skip it.' }),
  },
  tfjs: 'embedding',
  masking: 'own',
  example: { config: { input_dim: 6, output_dim: 3 }, inputs: [[null, 4]], outputs: [[null, 4, 3]] },
  cases: [
    { config: { input_dim: 5, output_dim: 2, mask_zero: true }, inputs: [[null, null]] },
    { config: { input_dim: 5, output_dim: 2 }, inputs: [[null, 3, 2]] },
    {
      config: {
        input_dim: 5,
        output_dim: 2,
        embeddings_regularizer: { class_name: 'L2', config: { l2: 0.1 } },
      },
      inputs: [[null, 3]],
    },
  ],
  outputShapes: (config, [input = []]) => shapes([...input, config.output_dim]),
  weights: config => [
    weight('embeddings', [config.input_dim, config.output_dim], config.embeddings_initializer),
  ],
});
