import * as a from '../attention-rules';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { seed } from '../recurrent-rules';
import { problem, shapes } from '../shape-rules';

/** https://keras.io/api/layers/attention_layers/group_query_attention/ */
export const groupQueryAttention = defineLayer({
  type: 'GroupQueryAttention',
  category: 'Attention',
  help: 'MultiHeadAttention in which several ways of comparing share their keys and values: fewer weights.',
  inputs: { min: 2, max: 3, ranks: [3] },
  params: {
    head_dim: p.int(32, {
      min: 1,
      required: true,
      help: 'How many values stand for a step in a comparison.',
    }),
    num_query_heads: p.int(4, { min: 1, required: true, help: 'In how many ways it compares.' }),
    num_key_value_heads: p.int(2, {
      min: 1,
      required: true,
      help: 'How many keys and values these share: a divisor of num_query_heads.',
    }),
    ...a.attentionDropout,
    use_bias: a.useBias,
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
    config: { head_dim: 2, num_query_heads: 4, num_key_value_heads: 2 },
    inputs: [
      [null, 3, 2],
      [null, 4, 2],
    ],
    outputs: [[null, 3, 2]],
  },
  cases: [
    {
      config: {
        head_dim: 2,
        num_query_heads: 2,
        num_key_value_heads: 1,
        use_gate: true,
        use_causal_mask: true,
        dropout: 0.3,
        sliding_window: 3,
      },
      inputs: [
        [null, null, 3],
        [null, null, 3],
        [null, null, 3],
      ],
    },
  ],
  checkConfig: config =>
    a.checkDropout(config) ??
    (config.num_query_heads % config.num_key_value_heads === 0
      ? null
      : `num_query_heads (${config.num_query_heads}) must be a multiple of num_key_value_heads (${config.num_key_value_heads}).`),
  outputShapes(config, [query = [], value = [], key = value]) {
    const odd = a.checkSteps('GroupQueryAttention', value, key);
    if (odd !== null) return odd;
    const sizes = [query, value, key].map(shape => shape.at(-1) ?? null);
    if (sizes.includes(null)) {
      return problem('GroupQueryAttention needs to know how many values each step has.');
    }
    if (sizes[0] !== sizes[1]) {
      const wanted = [...value.slice(0, -1), sizes[0] ?? null];
      const message = `GroupQueryAttention needs queries and values of equal size, and ${sizes[0]} is not ${sizes[1]}.`;
      return { problem: { kind: 'sizes-differ', input: 1, wanted, message } };
    }
    const scores = [query[0] ?? null, config.num_query_heads, query[1] ?? null, value[1] ?? null];
    return shapes(query, ...(config.return_attention_scores ? [scores] : []));
  },
  weights(config, [query = [], value = [], key = value]) {
    const { head_dim: size, num_query_heads: heads, num_key_value_heads: groups } = config;
    const last = (shape: readonly (number | null)[]) => [shape.at(-1) ?? null];
    return [
      ...a.projection('query', config, last(query), [heads, size]),
      ...a.projection('key', config, last(key), [groups, size]),
      ...(config.use_gate ? a.projection('gate', config, last(query), [heads, size]) : []),
      ...a.projection('value', config, last(value), [groups, size]),
      ...a.projection('attention_output', config, [heads, size], last(query)),
    ];
  },
});
