import { expect, test } from 'vitest';
import { createRandom } from '../base/random';
import { cutIntoPieces, formsOf, joinPieces, type LayerWeights } from './weight-pieces';

const random = createRandom(7);
const floats = (size: number) => Float32Array.from({ length: size }, () => random.uniform());

const WEIGHTS: LayerWeights = {
  dense: {
    kernel: { shape: [20, 50], dtype: 'float32', values: floats(1000) },
    // A view into a larger buffer, as a reader of shards gives them.
    bias: { shape: [50], dtype: 'float32', values: floats(300).subarray(100, 150) },
  },
  normalization: {
    count: { shape: [], dtype: 'int32', values: Int32Array.of(7) },
    mask: { shape: [3], dtype: 'bool', values: Uint8Array.of(1, 0, 1) },
    nothing: { shape: [0, 4], dtype: 'float32', values: new Float32Array() },
  },
};

test('weights come back from their pieces as they were, in whatever order', () => {
  const pieces = [...cutIntoPieces(WEIGHTS, 256)];
  const { weights, take, missing } = joinPieces(structuredClone(formsOf(WEIGHTS)));
  expect(missing()).toBe(1054);
  for (const piece of pieces.toReversed()) take(structuredClone(piece));
  expect(missing()).toBe(0);
  expect(weights).toEqual(WEIGHTS);
});

test('no piece is larger than it may be, and none brings along what its values are a part of', () => {
  const pieces = [...cutIntoPieces(WEIGHTS, 256)];
  expect(pieces.length).toBe(Math.ceil((1000 * 4 + 50 * 4 + 4 + 3) / 256));
  for (const piece of pieces) {
    const bytes = piece.reduce((sum, { values }) => sum + values.buffer.byteLength, 0);
    expect(bytes).toBeLessThanOrEqual(256);
  }
});
