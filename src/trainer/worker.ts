/** The training worker: messages in, calls of the core, messages out. Nothing is decided here. */
/// <reference lib="webworker" />
import { evaluate, predict, predictStock, train } from './core';
import { toWorkerError } from './errors';
import type { FromTrainer, ToTrainer, TrainerMethod, TrainerMethods } from './protocol';

type Handlers = {
  readonly [M in TrainerMethod]: (
    params: TrainerMethods[M]['params'],
  ) => Promise<TrainerMethods[M]['result']>;
};

let stopping = false;

const handlers: Handlers = {
  train: params =>
    train(params, {
      onEvent: event => post({ kind: 'event', event }),
      shouldStop: () => stopping,
      now: () => performance.now(),
      // A message is only delivered when the worker has nothing to do.
      breathe: () => new Promise(resolve => setTimeout(resolve)),
    }),
  evaluate,
  predict,
  predictStock,
};

function post(message: FromTrainer): void {
  self.postMessage(message);
}

self.addEventListener('message', ({ data }: MessageEvent<ToTrainer>) => {
  if (data.kind === 'stop') {
    stopping = true;
    return;
  }
  run(data).then(
    result => post({ kind: 'result', id: data.id, result }),
    (error: unknown) => post({ kind: 'error', id: data.id, error: toWorkerError(error) }),
  );
});

function run(call: Extract<ToTrainer, { kind: 'call' }>): Promise<TrainerMethods[TrainerMethod]['result']> {
  switch (call.method) {
    case 'train':
      return handlers.train(call.params);
    case 'evaluate':
      return handlers.evaluate(call.params);
    case 'predict':
      return handlers.predict(call.params);
    case 'predictStock':
      return handlers.predictStock(call.params);
  }
}
