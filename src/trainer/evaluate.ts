/** Losses and metrics of a network over rows, in inference mode. */
import * as tf from '@tensorflow/tfjs';
import { type StartedBackend, startBackend } from '../targets/tfjs/backend';
import { buildLiveModel, type LiveModel } from '../targets/tfjs/live-model';
import { applyModel, INFERENCE_BATCH } from './apply-model';
import { gatherRows, gatherWeights, splitIntoBatches } from './batches';
import { failOnGpuError, publicBackend } from './failures';
import type { Backend, EvaluateParams, Scores } from './protocol';
import { lossesOf, packScores, ScoreSum, weighLosses } from './scoring';

/** @throws TrainerError as `train` does for the GPU. */
export async function evaluate(params: EvaluateParams): Promise<{ backend: Backend; scores: Scores }> {
  const backend = await startBackend(params.backend);
  const live = buildLiveModel(params.network);
  const scores = await scoreLive(params, params.rows, live, backend, () => tf.scalar(0));
  live.dispose();
  return { backend: publicBackend(backend), scores };
}

/** `penalty`: what regularisation adds to the total, a scalar. */
export async function scoreLive(
  { heads, inputs, targets, rowWeights }: Pick<EvaluateParams, 'heads' | 'inputs' | 'targets' | 'rowWeights'>,
  rows: Uint32Array,
  live: LiveModel,
  backend: StartedBackend,
  penalty: () => tf.Scalar,
): Promise<Scores> {
  const sum = new ScoreSum(heads, null);
  for (const batch of splitIntoBatches(rows, INFERENCE_BATCH)) {
    const packed = tf.tidy(() => {
      const y = targets.map(target => gatherRows(target, batch));
      const weights = rowWeights.map(own => gatherWeights(own, batch));
      const x = inputs.map(input => gatherRows(input, batch));
      const { predictions, activity } = applyModel(live, x, false);
      const losses = lossesOf(heads, y, predictions, weights);
      const total = tf.addN([weighLosses(heads, losses), penalty(), activity]) as tf.Scalar;
      return packScores(heads, total, losses, y, predictions);
    });
    sum.add(packed);
  }
  const scores = await sum.read();
  sum.dispose();
  failOnGpuError(backend);
  if (scores === null) throw new Error('There are no rows to score.');
  return scores;
}
