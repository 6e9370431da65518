import * as a from '../attention-rules';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { seed } from '../recurrent-rules';
import { problem, shapes } from '../shape-rules';

/** https://keras.io/api/layers/attention_layers/multi_head_attention/ */
export const multiHeadAttention = defineLayer({
  type: 'MultiHeadAttention',
  category: 'Attention',
  help: 'Compares each step of a query with each step of a sequence, in several ways at once, and gathers what matches.',
  inputs: { min: 2, max: 3, minRank: 3 },
  params: {
    num_heads: p.int(4, { min: 1, required: true, help: 'In how many ways it compares.' }),
    key_dim: p.int(32, { min: 1, required: true, help: 'How many values stand for a step in a comparison.' }),
    value_dim: p.nullable(
      p.int(32, { min: 1, advanced: true, help: 'How many values each way gathers; none: as key_dim.' }),
    ),
    ...a.attentionDropout,
    use_bias: a.useBias,
    output_shape: p.nullable(
      p.ints([32], { min: 1, advanced: true, help: 'How many values come out; none: as the query has.' }),
    ),
    attention_axes: p.nullable(
      p.ints([1], {
        advanced: true,
        help: 'The axes along which steps are compared; none: all but the last.',
      }),
    ),
    ...a.slidingWindow,
    ...a.flashAttention,
    ...a.projectionParams,
    ...a.useGate,
    ...seed,
    ...a.callOptions,
  },
  tfjs: null,
  masking: 'own',
  example: {
    config: { num_heads: 2, key_dim: 3 },
    inputs: [
      [null, 4, 3],
      [null, 5, 2],
    ],
    outputs: [[null, 4, 3]],
  },
  cases: [
    {
      config: {
        num_heads: 2,
        key_dim: 2,
        use_causal_mask: true,
        use_bias: false,
        use_gate: true,
      },
      inputs: [
        [null, 4, 3],
        [null, 4, 2],
        [null, 4, 3],
      ],
    },
    {
      config: {
        num_heads: 2,
        key_dim: 2,
        value_dim: 3,
        output_shape: [2, 3],
        return_attention_scores: true,
        sliding_window: 2,
        kernel_regularizer: { class_name: 'L2', config: { l2: 0.1 } },
      },
      inputs: [
        [null, null, 3],
        [null, null, 3],
      ],
    },
    {
      config: { num_heads: 2, key_dim: 2, dropout: 0.3, use_causal_mask: true },
      inputs: [
        [null, 3, 2],
        [null, 3, 2],
      ],
    },
  ],
  checkConfig: a.checkDropout,
  outputShapes(config, [query = [], value = [], key = value]) {
    const odd = a.checkSteps('MultiHeadAttention', value, key);
    if (odd !== null) return odd;
    if ([query, value, key].some(shape => (shape.at(-1) ?? null) === null)) {
      return problem('MultiHeadAttention needs to know how many values each step has.');
    }
    if (query.length !== value.length) {
      return problem('The query and the values of MultiHeadAttention must have equally many axes.');
    }
    const axes = a.attentionAxes(config.attention_axes, query.length);
    if (axes === null) return problem(`attention_axes must be from 1 to ${query.length - 2}, each once.`);
    if (config.use_causal_mask && axes.length > 1) {
      return problem(
        'use_causal_mask works along one axis only, as in Keras: set attention_axes to that axis.',
      );
    }
    const beside = query.findIndex(
      (size, axis) =>
        axis > 0 && axis < query.length - 1 && !axes.includes(axis) && !fits(size, value[axis] ?? null),
    );
    if (beside > 0) {
      return problem(
        'Query and values of MultiHeadAttention must have equal sizes along the axes beside the attention_axes.',
      );
    }
    const out = config.output_shape ?? query.slice(-1);
    const scores = [
      ...query.slice(0, -1).filter((_, axis) => !axes.includes(axis)),
      config.num_heads,
      ...axes.map(axis => query[axis] ?? null),
      ...axes.map(axis => value[axis] ?? null),
    ];
    return shapes([...query.slice(0, -1), ...out], ...(config.return_attention_scores ? [scores] : []));
  },
  weights(config, [query = [], value = [], key = value]) {
    const { num_heads: heads, key_dim } = config;
    const valueDim = config.value_dim ?? key_dim;
    const size = (shape: readonly (number | null)[]) => [shape.at(-1) ?? null];
    return [
      ...a.projection('query', config, size(query), [heads, key_dim]),
      ...a.projection('key', config, size(key), [heads, key_dim]),
      ...(config.use_gate ? a.projection('gate', config, size(query), [heads, valueDim]) : []),
      ...a.projection('value', config, size(value), [heads, valueDim]),
      ...a.projection('attention_output', config, [heads, valueDim], config.output_shape ?? size(query)),
    ];
  },
});

function fits(a: number | null, b: number | null): boolean {
  return a === null || b === null || a === b;
}
