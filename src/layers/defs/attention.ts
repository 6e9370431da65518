import { attentionDropout, callOptions, checkDropout, checkSteps } from '../attention-rules';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { seed } from '../recurrent-rules';
import { shapes } from '../shape-rules';
import { weight } from '../weight-rules';

const ONES = { class_name: 'Ones', config: {} };

/** https://keras.io/api/layers/attention_layers/attention/ */
export const attention = defineLayer({
  type: 'Attention',
  category: 'Attention',
  help: 'For each step of a query, the mean of values, weighed by how well query and key match.',
  inputs: { min: 2, max: 3, ranks: [3] },
  params: {
    use_scale: p.bool(false, { help: 'Learns how sharply it tells good matches from others.' }),
    score_mode: p.choice(['dot', 'concat'], 'dot', {
      help: 'How a match is measured: by a product, or by what a sum is after tanh.',
    }),
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
      config: { use_scale: true, use_causal_mask: true, return_attention_scores: true },
      inputs: [
        [null, 4, 2],
        [null, 4, 3],
        [null, 4, 2],
      ],
    },
    {
      config: { use_scale: true, score_mode: 'concat', dropout: 0.3 },
      inputs: [
        [null, null, 2],
        [null, 4, 2],
      ],
    },
  ],
  checkConfig: checkDropout,
  outputShapes(config, [query = [], value = [], key = value]) {
    const problem = checkSteps('Attention', value, key);
    if (problem !== null) return problem;
    const [size = null, keySize = null] = [query.at(-1), key.at(-1)];
    if (size !== null && keySize !== null && size !== keySize) {
      const wanted = [...key.slice(0, -1), size];
      const message = `Attention compares queries of ${size} values with keys of ${keySize}: both must have equally many.`;
      const input = key === value ? 1 : 2;
      return { problem: { kind: 'sizes-differ', input, wanted, message } };
    }
    const steps = query.slice(0, -1);
    const scores = config.return_attention_scores ? [[...steps, key.at(-2) ?? null]] : [];
    return shapes([...steps, value.at(-1) ?? null], ...scores);
  },
  weights: config => [
    ...(config.use_scale ? [weight('scale', [], ONES)] : []),
    ...(config.score_mode === 'concat' ? [weight('concat_score_weight', [], ONES)] : []),
  ],
});
