/** One step of training: a batch forward, back, and the weights moved. */
import * as tf from '@tensorflow/tfjs';
import type { Network } from '../network/network';
import type { LiveModel } from '../targets/tfjs/live-model';
import { findPenalties, sumPenalties } from '../targets/tfjs/regularizers';
import { applyModel } from './apply-model';
import { gatherRows, gatherWeights } from './batches';
import { clipGradients } from './clipping';
import { createOptimizer, type NamedVariable, type Optimizer } from './optimizers';
import type { PhasePlan, TrainParams } from './protocol';
import { type BatchScores, lossesOf, packScores, weighLosses } from './scoring';

export interface Step {
  readonly optimizer: Optimizer;
  /** Leaves no tensor behind but the scores of its rows, which the caller takes over, and the optimiser's own. */
  run(rows: Uint32Array, learningRate: number): BatchScores;
  /** What regularisation adds to the total loss, a scalar. */
  penalty(): tf.Scalar;
  dispose(): void;
}

/** `network`: as the phase runs it, with frozen layers marked. */
export function createStep(params: TrainParams, plan: PhasePlan, network: Network, live: LiveModel): Step {
  const { heads, inputs, targets, rowWeights, settings } = params;
  const moving = new Set(network.layers.filter(layer => layer.trainable).map(layer => layer.name));
  const variables = trainableVariables(live, moving);
  const optimizer = createOptimizer(plan.optimizer);
  const penalties = findPenalties(network, live, moving);
  const penalty = () => sumPenalties(penalties);
  const run = (rows: Uint32Array, learningRate: number): BatchScores =>
    tf.tidy(() => {
      const x = inputs.map(input => gatherRows(input, rows));
      const y = targets.map(target => gatherRows(target, rows));
      const weights = rowWeights.training.map(own => gatherWeights(own, rows));
      let losses: tf.Scalar[] = [];
      let predictions: tf.Tensor[] = [];
      const { value, grads } = tf.variableGrads(
        () => {
          const applied = applyModel(live, x, true);
          predictions = applied.predictions.map(prediction => tf.keep(prediction));
          losses = lossesOf(heads, y, predictions, weights).map(loss => tf.keep(loss));
          return tf.addN([weighLosses(heads, losses), penalty(), applied.activity]) as tf.Scalar;
        },
        variables.map(({ variable }) => variable),
      );
      const gradients = variables.map(({ variable }) => grads[variable.name] ?? tf.zerosLike(variable));
      optimizer.applyGradients(variables, clipGradients(settings.clipping, gradients), learningRate);
      live.applyConstraints();
      const packed = packScores(heads, value, losses, y, predictions);
      for (const kept of [...losses, ...predictions]) kept.dispose();
      return packed;
    });
  return { optimizer, run, penalty, dispose: () => optimizer.dispose() };
}

function trainableVariables(live: LiveModel, layers: ReadonlySet<string>): readonly NamedVariable[] {
  return [...live.variables]
    .filter(([layer]) => layers.has(layer))
    .flatMap(([layer, roles]) =>
      [...roles].map(([role, variable]) => ({ name: `${layer}/${role}`, variable })),
    )
    .filter(({ variable }) => variable.trainable);
}
