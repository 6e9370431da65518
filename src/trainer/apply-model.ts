/** A live model applied to tensors. */
import type * as tf from '@tensorflow/tfjs';

/** Rows per step where nothing is trained. */
export const INFERENCE_BATCH = 256;

/** One tensor for each output of the model, always as a list. */
export function applyModel(
  model: tf.LayersModel,
  inputs: readonly tf.Tensor[],
  training: boolean,
): tf.Tensor[] {
  // Applied to tensors it returns tensors; the type also covers symbolic ones.
  return asList(model.apply([...inputs], { training }) as tf.Tensor | tf.Tensor[]);
}

export function asList(result: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
  return Array.isArray(result) ? result : [result];
}
