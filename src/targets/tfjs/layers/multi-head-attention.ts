/**
 * MultiHeadAttention and GroupQueryAttention, from matrix products: TensorFlow.js' einsum has no gradient. Inside, tensors are
 * `[batch, …steps, heads, size]`, as in Keras.
 */
import * as tf from '@tensorflow/tfjs';
import { attentionAxes } from '../../../layers/attention-rules';
import * as groupDef from '../../../layers/defs/group-query-attention';
import * as multiDef from '../../../layers/defs/multi-head-attention';
import { sizeOf } from '../../../network/shape';
import { repeatAlong } from './along-axis';
import { both, causal, forbid, nearby, ofQueries, ofValues } from './attention-masks';
import { dropValues } from './dropout';
import { implement, type LayerCall, type LayerWeights, type Mask } from './implementation';

export const multiHeadAttention = implement(
  multiDef.multiHeadAttention,
  call => {
    const axes = attentionAxes(call.config.attention_axes, call.x.rank) ?? [1];
    return attend(call, axes, heads => heads);
  },
  call => maskResults(call, attentionAxes(call.config.attention_axes, call.x.rank) ?? [1]),
);

export const groupQueryAttention = implement(
  groupDef.groupQueryAttention,
  call => {
    const repeats = call.config.num_query_heads / call.config.num_key_value_heads;
    return attend(call, [1], heads => repeatAlong(heads, heads.rank - 2, repeats));
  },
  call => maskResults(call, [1]),
);

interface Options {
  readonly dropout: number;
  readonly sliding_window: number | null;
  readonly use_gate: boolean;
  readonly use_causal_mask: boolean;
  readonly return_attention_scores: boolean;
}

/** `share`: from the heads of keys and values to as many as the query has. */
function attend(
  call: LayerCall<Options>,
  axes: readonly number[],
  share: (heads: tf.Tensor) => tf.Tensor,
): tf.Tensor[] {
  const { config, inputs, weights } = call;
  const [query, value, key = value] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor?];
  const queries = project(query, weights.inside('query'), 1);
  const keys = share(project(key, weights.inside('key'), 1));
  const values = share(project(value, weights.inside('value'), 1));
  const { gathered, scores } = gather(call, axes, queries, keys, values);
  const gated = config.use_gate
    ? tf.mul(gathered, tf.sigmoid(project(query, weights.inside('gate'), 1)))
    : gathered;
  const output = project(gated, weights.inside('attention_output'), 2);
  return config.return_attention_scores ? [output, scores] : [output];
}

/** A Dense layer from the last `from` axes to those that its kernel has behind them. */
function project(x: tf.Tensor, weights: LayerWeights, from: number): tf.Tensor {
  const kernel = weights.get('kernel');
  const to = kernel.shape.slice(from);
  const size = sizeOf(kernel.shape.slice(0, from));
  const product = tf.matMul(tf.reshape(x, [-1, size]), tf.reshape(kernel, [size, -1]));
  const bias = weights.find('bias');
  const sum = bias === null ? product : tf.add(product, tf.reshape(bias, [-1]));
  return tf.reshape(sum, [...x.shape.slice(0, -from), ...to]);
}

/**
 * Low enough for any score; where all is forbidden, all is equal, as in Keras. Not lower: on WebGL the largest of numbers that
 * are all below -1e20 is -1e20 (reduce_gpu.ts of tfjs 4.22), and softmax of them is 0 everywhere.
 */
const FORBIDDEN = 1e9;

function gather(
  call: LayerCall<Options>,
  axes: readonly number[],
  query: tf.Tensor,
  key: tf.Tensor,
  value: tf.Tensor,
): { readonly gathered: tf.Tensor; readonly scores: tf.Tensor } {
  const { config, training } = call;
  const heads = query.rank - 2;
  const beside = query.shape.flatMap((_, axis) => (axis < heads && !axes.includes(axis) ? [axis] : []));
  // The axes along which nothing is compared first, then the compared ones, then the size.
  const order = [...beside, heads, ...axes, heads + 1];
  const sizes = (x: tf.Tensor, some: readonly number[]) => some.map(axis => x.shape[axis] ?? 1);
  const outer = sizes(query, [...beside, heads]);
  const asMatrices = (x: tf.Tensor) =>
    tf.reshape(tf.transpose(x, order), [sizeOf(outer), sizeOf(sizes(x, axes)), x.shape[heads + 1] ?? 1]);
  const scale = 1 / Math.sqrt(query.shape[heads + 1] ?? 1);
  const matches = tf.mul(tf.matMul(asMatrices(query), asMatrices(key), false, true), scale);
  const full = [...outer, ...sizes(query, axes), ...sizes(key, axes)];
  const allowed = allowedFor(call, axes);
  // What is forbidden has no part in the gradient either, even where everything is.
  const masked =
    allowed === null ? matches : forbid(tf.mul(tf.reshape(matches, full), allowed), allowed, FORBIDDEN);
  const shares = tf.softmax(tf.reshape(masked, matches.shape));
  // Keras' two ways to compute it differ where a step may look at nothing: at all alike in one, at nothing in the other.
  const atNothing = config.dropout > 0 || config.return_attention_scores || query.rank !== 4;
  const scores =
    allowed !== null && atNothing ? tf.mul(tf.reshape(shares, full), allowed) : tf.reshape(shares, full);
  const dropped = training ? dropValues(scores, config.dropout) : scores;
  const means = tf.matMul(tf.reshape(dropped, matches.shape), asMatrices(value));
  const inOrder = tf.reshape(means, [...outer, ...sizes(query, axes), value.shape[heads + 1] ?? 1]);
  const back = order.map((_, axis) => order.indexOf(axis));
  return { gathered: tf.transpose(inOrder, back), scores };
}

/** 1 where a step of the query may look at a step of the values, stretched to the scores; null: everywhere. */
function allowedFor(
  { config, inputs, masks, x }: LayerCall<Options>,
  axes: readonly number[],
): tf.Tensor | null {
  const [ofQuery = null, ofValue = null, ofKey = null] = masks;
  const [queries = 1, values = 1] = [x.shape[1], inputs[1]?.shape[1]];
  const allowed = both([
    ofQueries(ofQuery),
    ofValues(ofValue),
    inputs.length > 2 ? ofValues(ofKey) : null,
    config.use_causal_mask ? causal(queries, values) : null,
    config.sliding_window === null ? null : nearby(queries, values, config.sliding_window),
  ]);
  if (allowed === null) return null;
  // The scores have axes for the heads and for what isn't compared before those of the steps, twice each.
  const at = allowed.rank - 2 * axes.length;
  const ones = Array.from({ length: x.rank + axes.length - allowed.rank }, () => 1);
  return tf.reshape(allowed, [...allowed.shape.slice(0, at), ...ones, ...allowed.shape.slice(at)]);
}

/** Keras' Softmax leaves on the scores the mask that it was given. */
function maskResults(call: LayerCall<Options>, axes: readonly number[]): readonly Mask[] {
  const allowed = call.config.return_attention_scores ? allowedFor(call, axes) : null;
  return [call.masks[0] ?? null, allowed === null ? null : tf.cast(allowed, 'bool')];
}
