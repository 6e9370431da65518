/** A live model applied to tensors, and what its layers' activity adds to the loss. */
import * as tf from '@tensorflow/tfjs';
import type { LiveModel } from '../targets/tfjs/live-model';

/** Rows per step where nothing is trained. */
export const INFERENCE_BATCH = 256;

/** `activity`: a scalar, the sum of the activity regularizers' penalties. */
export function applyModel(
  live: LiveModel,
  inputs: readonly tf.Tensor[],
  training: boolean,
): { readonly predictions: tf.Tensor[]; readonly activity: tf.Scalar } {
  let activity = tf.scalar(0);
  const addPenalty = (penalty: tf.Scalar) => {
    activity = tf.add(activity, penalty) as tf.Scalar;
  };
  const predictions = live.run(inputs, { training, addPenalty });
  return { predictions, activity };
}
