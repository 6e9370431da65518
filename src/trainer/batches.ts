/** Rows of plain arrays as tensors of a batch. */
import * as tf from '@tensorflow/tfjs';
import type { ArrayData } from '../network/arrays';

/** `[rows.length, …]`, the caller disposes it. */
export function gatherRows(data: ArrayData, rows: Uint32Array): tf.Tensor {
  const rowShape = data.shape.slice(1);
  const size = rowShape.reduce((product, dim) => product * dim, 1);
  const values =
    data.dtype === 'float32' ? new Float32Array(rows.length * size) : new Int32Array(rows.length * size);
  for (const [index, row] of rows.entries()) {
    values.set(data.values.subarray(row * size, (row + 1) * size), index * size);
  }
  return tf.tensor(values, [rows.length, ...rowShape], data.dtype);
}

/** `[rows.length]`; null where all rows count alike. The caller disposes it. */
export function gatherWeights(weights: Float32Array | null, rows: Uint32Array): tf.Tensor1D | null {
  return weights === null ? null : tf.tensor1d(Float32Array.from(rows, row => weights[row] ?? 0));
}

/** The rows in batches; the last may be smaller, as in Keras. */
export function splitIntoBatches(rows: Uint32Array, batchSize: number): readonly Uint32Array[] {
  return Array.from({ length: Math.ceil(rows.length / batchSize) }, (_, index) =>
    rows.subarray(index * batchSize, (index + 1) * batchSize),
  );
}
