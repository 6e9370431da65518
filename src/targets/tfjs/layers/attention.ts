/** Attention and AdditiveAttention: https://keras.io/api/layers/attention_layers/ */
import * as tf from '@tensorflow/tfjs';
import * as additiveDef from '../../../layers/defs/additive-attention';
import * as attentionDef from '../../../layers/defs/attention';
import { both, causal, forbid, ofValues } from './attention-masks';
import { dropValues } from './dropout';
import { implement, type LayerCall, type Mask } from './implementation';

export const attention = implement(
  attentionDef.attention,
  call => {
    const { config, weights } = call;
    const scale = weights.find('scale');
    const scaled = (x: tf.Tensor) => (scale === null ? x : tf.mul(x, scale));
    return attend(call, (query, key) =>
      config.score_mode === 'dot'
        ? scaled(tf.matMul(query, key, false, true))
        : tf.mul(weights.get('concat_score_weight'), tf.sum(tf.tanh(scaled(sumPairs(query, key))), -1)),
    );
  },
  queryMask,
);

export const additiveAttention = implement(
  additiveDef.additiveAttention,
  call => {
    const scale = call.weights.find('scale');
    return attend(call, (query, key) => {
      const matches = tf.tanh(sumPairs(query, key));
      return tf.sum(scale === null ? matches : tf.mul(matches, scale), -1);
    });
  },
  queryMask,
);

/** `[batch, queries, size]` and `[batch, keys, size]` to `[batch, queries, keys, size]`. */
function sumPairs(query: tf.Tensor, key: tf.Tensor): tf.Tensor {
  return tf.add(tf.expandDims(query, 2), tf.expandDims(key, 1));
}

interface Options {
  readonly dropout: number;
  readonly use_causal_mask: boolean;
  readonly return_attention_scores: boolean;
}

/** What Keras takes off the scores that a mask forbids. */
const FORBIDDEN = 1e9;

function attend(
  { config, inputs, masks, training }: LayerCall<Options>,
  score: (query: tf.Tensor, key: tf.Tensor) => tf.Tensor,
): tf.Tensor[] {
  const [query, value, key = value] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor?];
  const [ofQuery = null, ofValue = null] = masks;
  const scores = score(query, key);
  const [, queries = 1, values = 1] = scores.shape;
  const allowed = both([ofValues(ofValue), config.use_causal_mask ? causal(queries, values) : null]);
  const shares = tf.softmax(allowed === null ? scores : forbid(scores, allowed, FORBIDDEN));
  const weighed = training ? dropValues(shares, config.dropout) : shares;
  const mean = tf.matMul(weighed, value);
  const output = ofQuery === null ? mean : tf.mul(mean, tf.expandDims(tf.cast(ofQuery, 'float32'), -1));
  return config.return_attention_scores ? [output, weighed] : [output];
}

function queryMask({ masks }: Pick<LayerCall, 'masks'>): readonly Mask[] {
  return [masks[0] ?? null];
}
