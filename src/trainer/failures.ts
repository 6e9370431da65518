/** How a run on a device fails: the backend's own failures by their names, and the layer at which numbers go wrong. */
import * as tf from '@tensorflow/tfjs';
import type { Network } from '../network/network';
import type { StartedBackend } from '../targets/tfjs/backend';
import { buildLiveModel } from '../targets/tfjs/live-model';
import { gatherRows } from './batches';
import { TrainerError } from './errors';
import { findNonFiniteLayer } from './non-finite';
import type { Backend, TrainParams, TrainResult } from './protocol';

/** @throws TrainerError `training/device-lost`, `training/out-of-memory`, `training/gpu-error`. */
export function failOnGpuError(backend: StartedBackend): void {
  const failure = backend.failure();
  if (failure === null) return;
  const code = {
    lost: 'training/device-lost',
    'out-of-memory': 'training/out-of-memory',
    error: 'training/gpu-error',
  };
  throw new TrainerError(code[failure.kind], failure.message);
}

/**
 * The layer that gave NaN or infinity from the start, before any step; null if all was well then and the steps led there. By
 * now every weight that trains may be NaN, which would say nothing. `network`: with its first weights.
 */
export async function blame(
  network: Network,
  inputs: TrainParams['inputs'],
  rows: Uint32Array,
): Promise<string | null> {
  const fresh = buildLiveModel(network);
  const x = inputs.map(input => gatherRows(input, rows));
  const layer = await findNonFiniteLayer(fresh, network, x);
  tf.dispose(x);
  fresh.dispose();
  return layer;
}

export function areFinite(weights: TrainResult['weights']): boolean {
  return Object.values(weights)
    .flatMap(own => Object.values(own))
    .every(({ values }) => values.every(value => Number.isFinite(value)));
}

export const publicBackend = ({ name, why }: StartedBackend): Backend => ({ name, why });
