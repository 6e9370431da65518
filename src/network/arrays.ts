/** Tensors as plain arrays: what data sets are turned into and what workers are sent. Knows nothing of TensorFlow.js. */

/** A tensor on its way: rows first. */
export interface ArrayData {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  readonly values: Float32Array | Int32Array;
}
