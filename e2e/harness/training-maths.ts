/** Losses, metrics and optimisers against real Keras on a backend of the browser: the very comparisons that Node makes. */
import * as tf from '@tensorflow/tfjs';
import { startBackend } from '../../src/targets/tfjs/backend';
import type { BackendName } from '../../src/targets/tfjs/webgpu-support';
import {
  LOSS_CASES,
  METRIC_CASES,
  OPTIMIZER_CASES,
  runLossCase,
  runMetricCase,
  runOptimizerCase,
  worstDifference,
} from '../../src/trainer/goldens/golden-cases';

export interface Comparison {
  readonly what: string;
  /** Relative to Keras' value, or to the floor that Node's tests have. */
  readonly difference: number;
}

export interface TrainingMaths {
  readonly backend: string;
  /** What the GPU said went wrong; null: nothing. */
  readonly failure: string | null;
  readonly losses: readonly Comparison[];
  readonly metrics: readonly Comparison[];
  readonly optimizers: readonly Comparison[];
}

export async function compareTrainingMaths(name: BackendName): Promise<TrainingMaths> {
  const backend = await startBackend(name);
  // Small tensors would be reckoned on the CPU, where Node has compared them already.
  if (name === 'webgpu') tf.env().set('WEBGPU_CPU_FORWARD', false);
  const losses: Comparison[] = [];
  for (const item of LOSS_CASES) {
    const found = await runLossCase(item);
    const differences = [
      worstDifference(found.values, item.values, 0.01),
      ...(['plain', 'weighted'] as const).flatMap(key => [
        worstDifference(found[key].value, item[key].value, 0.01),
        worstDifference(found[key].gradient, item[key].gradient, 0.01),
      ]),
    ];
    losses.push({ what: JSON.stringify(item.loss), difference: Math.max(...differences) });
  }
  const metrics: Comparison[] = [];
  for (const item of METRIC_CASES) {
    const difference = Math.max(
      worstDifference(await runMetricCase(item, false), item.plain, 0.1),
      worstDifference(await runMetricCase(item, true), item.weighted, 0.1),
    );
    metrics.push({ what: JSON.stringify([item.metric, item.loss.kind, item.data]), difference });
  }
  const optimizers: Comparison[] = [];
  for (const item of OPTIMIZER_CASES) {
    const difference = worstDifference(await runOptimizerCase(item), item.path, 0.1);
    optimizers.push({ what: JSON.stringify([item.optimizer, item.clipping]), difference });
  }
  return {
    backend: tf.getBackend(),
    failure: backend.failure()?.message ?? null,
    losses,
    metrics,
    optimizers,
  };
}
