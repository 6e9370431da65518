import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { applyLayer } from './table';

const table = [
  [1, 2],
  [3, 4],
  [5, 6],
];

function embed(tokens: tf.Tensor): tf.Tensor {
  const embeddings = tf.tensor2d(table);
  const weights = { get: () => embeddings, find: () => embeddings, assign: () => {}, inside: () => weights };
  const layer = { type: 'Embedding', config: { input_dim: 3, output_dim: 2 } };
  const call = { inputs: [tokens], masks: [null], training: false, weights, addPenalty: () => {} };
  return applyLayer(layer, call).outputs[0] as tf.Tensor;
}

/** As `keras.layers.Embedding(3, 2)` on JAX, Keras 3.15. */
it('cuts tokens to whole numbers, counts negative ones from the end, and has no vector for the others', () => {
  tf.tidy(() => {
    const nothing = [Number.NaN, Number.NaN];
    expect(embed(tf.tensor2d([[0, -1, 2, 3, 7, -4]], [1, 6], 'int32')).arraySync()).toEqual([
      [table[0], table[2], table[2], nothing, nothing, nothing],
    ]);
    expect(embed(tf.tensor2d([[1.9, -0.5]])).arraySync()).toEqual([[table[1], table[0]]]);
  });
});
