import { defineLayer } from '../layer-type';
import * as p from '../params';
import { problem, shapes } from '../shape-rules';

/** https://keras.io/api/layers/preprocessing_layers/categorical/category_encoding/ */
export const categoryEncoding = defineLayer({
  type: 'CategoryEncoding',
  category: 'Preprocessing',
  help: 'Turns whole numbers that stand for kinds into a row with one place for each kind.',
  inputs: { values: 'tokens', minRank: 2 },
  params: {
    num_tokens: p.int(10, {
      min: 1,
      required: true,
      help: 'How many kinds there are: the largest number plus 1.',
    }),
    output_mode: p.choice(['multi_hot', 'one_hot', 'count'], 'multi_hot', {
      help: 'One row for each number (one_hot), one row that marks all (multi_hot), or one that counts them (count).',
    }),
    sparse: p.fixed(false, {
      help: 'Keeps only what isn’t 0.',
      why: 'Graft has no sparse tensors',
      tfjs: null,
    }),
  },
  tfjs: null,
  example: { config: { num_tokens: 5 }, inputs: [[null, 3]], outputs: [[null, 5]] },
  cases: [
    { config: { num_tokens: 4, output_mode: 'count' }, inputs: [[null, 6]] },
    { config: { num_tokens: 4, output_mode: 'one_hot' }, inputs: [[null, 3]] },
    { config: { num_tokens: 4, output_mode: 'one_hot' }, inputs: [[null, 1]] },
    { config: { num_tokens: 4 }, inputs: [[null, 1]] },
  ],
  outputShapes({ num_tokens, output_mode }, [input = []]) {
    if (output_mode === 'one_hot') {
      const single = input[input.length - 1] === 1;
      return shapes([...(single ? input.slice(0, -1) : input), num_tokens]);
    }
    return input.length === 2
      ? shapes([input[0] ?? null, num_tokens])
      : problem(
          `CategoryEncoding makes one row of one list of numbers: put a Flatten before it, or choose one_hot.`,
        );
  },
});
