/**
 * The page's side of training. Each call gets a worker of its own, ended afterwards: nothing of a run stays on the GPU, and a
 * lost device costs one call. A call that can't be answered any more is rejected.
 */
import { TrainerError } from './errors';
import type { FromTrainer, ToTrainer, TrainerEvent, TrainerMethod, TrainerMethods } from './protocol';

export interface Trainer {
  /** @throws TrainerError with the worker's code, layer and stack. */
  call<M extends TrainerMethod>(
    method: M,
    params: TrainerMethods[M]['params'],
    onEvent?: (event: TrainerEvent) => void,
    /** Aborted: the worker is ended at once and the call rejected. */
    signal?: AbortSignal,
  ): Promise<TrainerMethods[M]['result']>;
  /** Lets running training stand still after its current step; its worker keeps everything. */
  pause(): void;
  /** Lets paused training go on. */
  resume(): void;
  /** Ends running or paused training after its current step; its call still returns. After ten seconds it is ended by force. */
  stop(): void;
  /** Ends everything; pending calls are rejected. */
  dispose(): void;
}

const STOP_DEADLINE = 10_000;

interface Running {
  readonly worker: Worker;
  readonly method: TrainerMethod;
  readonly end: (error: TrainerError) => void;
}

export function createTrainer(): Trainer {
  const running = new Set<Running>();
  const ended = (message: string) => new TrainerError('worker/ended', message);
  const tellTraining = (message: ToTrainer) => {
    const training = [...running].filter(({ method }) => method === 'train');
    for (const { worker } of training) worker.postMessage(message);
    return training;
  };
  return {
    call: (method, params, onEvent, signal) =>
      new Promise((resolve, reject) => {
        const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
        const finish = () => {
          running.delete(entry);
          worker.terminate();
          signal?.removeEventListener('abort', abort);
        };
        const entry: Running = {
          worker,
          method,
          end: error => {
            finish();
            reject(error);
          },
        };
        running.add(entry);
        const abort = () => entry.end(ended('It was cancelled.'));
        signal?.addEventListener('abort', abort);
        if (signal?.aborted) return abort();
        worker.addEventListener('message', ({ data }: MessageEvent<FromTrainer>) => {
          if (data.kind === 'event') return onEvent?.(data.event);
          finish();
          if (data.kind === 'error') {
            const error = new TrainerError(data.error.code, data.error.message, data.error.layer);
            if (data.error.stack !== null) error.stack = data.error.stack;
            reject(error);
          } else {
            // The worker answers each method with its own result: see its handlers.
            resolve(data.result as TrainerMethods[typeof method]['result']);
          }
        });
        worker.addEventListener('error', event =>
          entry.end(ended(event.message || 'The training worker failed to start.')),
        );
        worker.postMessage({ kind: 'call', id: 0, method, params } as ToTrainer);
      }),
    pause() {
      tellTraining({ kind: 'pause' });
    },
    resume() {
      tellTraining({ kind: 'resume' });
    },
    stop() {
      for (const entry of tellTraining({ kind: 'stop' })) {
        setTimeout(() => {
          if (running.has(entry)) entry.end(ended('Training did not stop in time and was ended.'));
        }, STOP_DEADLINE);
      }
    },
    dispose() {
      for (const entry of running) entry.end(ended('Training was ended.'));
    },
  };
}
