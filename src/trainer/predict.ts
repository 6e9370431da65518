/** What a network answers, as it runs here and as stock TensorFlow.js runs its exported files. Nothing is trained. */
import * as tf from '@tensorflow/tfjs';
import type { ArrayData } from '../network/arrays';
import { type StartedBackend, startBackend } from '../targets/tfjs/backend';
import { buildLiveModel } from '../targets/tfjs/live-model';
import { loadStock } from '../targets/tfjs/load-stock';
import { INFERENCE_BATCH } from './apply-model';
import { gatherRows, splitIntoBatches } from './batches';
import { failOnGpuError, publicBackend } from './failures';
import type { Backend, PredictParams, PredictStockParams } from './protocol';

/** What the network answers to all rows of `inputs`, output by output. */
export async function predict(
  params: PredictParams,
): Promise<{ backend: Backend; outputs: readonly ArrayData[] }> {
  const backend = await startBackend(params.backend);
  const live = buildLiveModel(params.network);
  const outputs = await predictAll(x => live.run(x, { training: false }), params.inputs, backend);
  live.dispose();
  return { backend: publicBackend(backend), outputs };
}

/** The same from exported files, loaded by stock TensorFlow.js and run with its `predict`, as their receiver will. */
export async function predictStock(
  params: PredictStockParams,
): Promise<{ backend: Backend; outputs: readonly ArrayData[] }> {
  const backend = await startBackend(params.backend);
  const { modelTopology, weightsManifest } = JSON.parse(params.modelJson);
  const weightSpecs = weightsManifest.flatMap((group: { weights: unknown }) => group.weights);
  const model = await loadStock({ modelTopology, weightSpecs, weightData: params.weightData });
  const outputs = await predictAll(x => [model.predict(x)].flat(), params.inputs, backend);
  model.dispose();
  return { backend: publicBackend(backend), outputs };
}

async function predictAll(
  apply: (batch: tf.Tensor[]) => tf.Tensor[],
  inputs: readonly ArrayData[],
  backend: StartedBackend,
): Promise<readonly ArrayData[]> {
  const rows = Uint32Array.from({ length: inputs[0]?.shape[0] ?? 0 }, (_, row) => row);
  const parts: tf.Tensor[][] = splitIntoBatches(rows, INFERENCE_BATCH).map(batch =>
    tf.tidy(() => apply(inputs.map(input => gatherRows(input, batch)))),
  );
  const outputs: ArrayData[] = [];
  for (const index of parts[0]?.keys() ?? []) {
    const whole = tf.concat(parts.flatMap(part => part[index] ?? []));
    // Whole numbers come out where an input is an output.
    outputs.push({ shape: whole.shape, dtype: 'float32', values: Float32Array.from(await whole.data()) });
    whole.dispose();
  }
  tf.dispose(parts);
  failOnGpuError(backend);
  return outputs;
}
