/** Masking, Embedding and Identity: where sequences and their masks begin. */
import * as tf from '@tensorflow/tfjs';
import * as embeddingDef from '../../../layers/defs/embedding';
import * as identityDef from '../../../layers/defs/identity';
import * as maskingDef from '../../../layers/defs/masking';
import { implement } from './implementation';
import { withoutGradient } from './without-gradient';

export const identity = implement(identityDef.identity, ({ x }) => x);

/** Steps of the filler alone become zeros (Keras' `Masking.call`). */
export const masking = implement(
  maskingDef.masking,
  ({ config, x }) => tf.mul(x, tf.expandDims(holdsMore(x, config.mask_value), -1)),
  ({ config, x }) => [tf.cast(holdsMore(x, config.mask_value), 'bool')],
);

/** 1 where a step has a value other than the filler, else 0. Comparisons have no gradient, and here none is wanted. */
function holdsMore(x: tf.Tensor, filler: number): tf.Tensor {
  return withoutGradient(x, given => tf.max(tf.cast(tf.notEqual(given, filler), 'float32'), -1));
}

/**
 * Tokens are cut to whole numbers, and negative ones count from the end of the table, as in Keras on JAX. A token that isn't in the
 * table has no vector: it gives NaN, which no loss survives, where TensorFlow.js gives zeros or another token's vector,
 * depending on the backend.
 */
export const embedding = implement(
  embeddingDef.embedding,
  ({ config, x, weights }) => {
    const size = config.input_dim;
    const tokens = tf.cast(x, 'int32');
    const places = tf.where(tf.less(tokens, 0), tf.add(tokens, size), tokens);
    const inside = tf.logicalAnd(tf.greaterEqual(places, 0), tf.less(places, size));
    const flat = tf.reshape(tf.clipByValue(tf.cast(places, 'float32'), 0, size - 1), [-1]);
    const rows = tf.gather(weights.get('embeddings'), tf.cast(flat, 'int32'));
    const known = tf.where(tf.reshape(inside, [-1, 1]), rows, tf.fill(rows.shape, Number.NaN));
    return tf.reshape(known, [...x.shape, config.output_dim]);
  },
  ({ config, x }) => [config.mask_zero ? tf.notEqual(x, 0) : null],
);
