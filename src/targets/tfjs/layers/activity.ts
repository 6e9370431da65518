/**
 * The penalty on what a layer returns, `activity_regularizer`, for every layer type that has the parameter, and the layer that
 * does nothing else. As in Keras' `Layer.__call__`: the regularizer's sum over each output, divided by the batch size.
 */
import * as tf from '@tensorflow/tfjs';
import type { Json } from '../../../base/json';
import * as defs from '../../../layers/defs/activity-regularization';
import { regularizerFactors } from '../../../layers/regularizers';
import { implement, type LayerCall } from './implementation';

export const activityRegularization = implement(defs.activityRegularization, call => {
  const { l1, l2 } = call.config;
  addActivityPenalty(call, call.x, l1, l2);
  return call.x;
});

/** Adds what the layer's `activity_regularizer`, if it has one, takes of what it returned. */
export function penalizeActivity(call: LayerCall, outputs: readonly tf.Tensor[]): void {
  const regularizer: Json = call.config.activity_regularizer ?? null;
  if (regularizer === null) return;
  const { l1, l2 } = regularizerFactors(regularizer);
  for (const output of outputs) addActivityPenalty(call, output, l1, l2);
}

function addActivityPenalty(
  { addPenalty }: Pick<LayerCall, 'addPenalty'>,
  output: tf.Tensor,
  l1: number,
  l2: number,
): void {
  const [batch = 1] = output.shape;
  const terms: tf.Tensor[] = [];
  if (l1 !== 0) terms.push(tf.mul(l1 / batch, tf.sum(tf.abs(output))));
  if (l2 !== 0) terms.push(tf.mul(l2 / batch, tf.sum(tf.square(output))));
  for (const term of terms) addPenalty(term.asScalar());
}
