/** Failures of training that have a name; everything else is a bug. */
import type { WorkerError } from './protocol';

export class TrainerError extends Error {
  override readonly name = 'TrainerError';
  constructor(
    /** `training/nan`, `training/device-lost`, `training/out-of-memory`, `training/gpu-error`, `training/nothing-trainable`, `worker/ended`. */
    readonly code: string,
    message: string,
    /** The layer at fault, where that is known. */
    readonly layer: string | null = null,
  ) {
    super(message);
  }
}

export function toWorkerError(error: unknown): WorkerError {
  if (error instanceof TrainerError) {
    return { code: error.code, message: error.message, stack: error.stack ?? null, layer: error.layer };
  }
  const known = error instanceof Error ? error : new Error(String(error));
  return { code: 'bug', message: known.message, stack: known.stack ?? null, layer: null };
}
