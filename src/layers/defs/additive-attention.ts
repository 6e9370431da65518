import { attentionDropout, callOptions, checkDropout, checkSteps } from '../attention-rules';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { seed } from '../recurrent-rules';
import { problem, shapes } from '../shape-rules';
import { weight } from '../weight-rules';

/** https://keras.io/api/layers/attention_layers/additive_attention/ */
export const additiveAttention = defineLayer({
  type: 'AdditiveAttention',
  category: 'Attention',
  help: 'For each step of a query, the mean of values, weighed by a match that it learns to measure.',
  inputs: { min: 2, max: 3, ranks: [3] },
  params: {
    use_scale: p.bool(true, { help: 'Learns how much each of the values counts for a match.' }),
    ...attentionDropout,
    ...seed,
    ...callOptions,
  },
  tfjs: null,
  masking: 'own',
  example: {
    config: {},
    inputs: [
      [null, 3, 2],
      [null, 4, 2],
    ],
    outputs: [[null, 3, 2]],
  },
  cases: [
    {
      config: { use_scale: false, use_causal_mask: true, return_attention_scores: true, dropout: 0.3 },
      inputs: [
        [null, 4, 2],
        [null, 4, 3],
        [null, 4, 2],
      ],
    },
  ],
  checkConfig: checkDropout,
  outputShapes(config, [query = [], value = [], key = value]) {
    const odd = checkSteps('AdditiveAttention', value, key);
    if (odd !== null) return odd;
    const [size = null, keySize = null] = [query.at(-1), key.at(-1)];
    if (size === null) return problem('AdditiveAttention needs to know how many values each step has.');
    if (keySize !== null && size !== keySize) {
      const wanted = [...key.slice(0, -1), size];
      const message = `AdditiveAttention adds queries of ${size} values to keys of ${keySize}: both must have equally many.`;
      return { problem: { kind: 'sizes-differ', input: key === value ? 1 : 2, wanted, message } };
    }
    const steps = query.slice(0, -1);
    const scores = config.return_attention_scores ? [[...steps, key.at(-2) ?? null]] : [];
    return shapes([...steps, value.at(-1) ?? null], ...scores);
  },
  weights: (config, [query = []]) =>
    config.use_scale
      ? [weight('scale', [query.at(-1) ?? null], { class_name: 'GlorotUniform', config: {} })]
      : [],
});
