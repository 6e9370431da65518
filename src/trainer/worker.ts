/** The training worker: messages in, calls of the core, messages out. Nothing is decided here. */
/// <reference lib="webworker" />
import { train } from './core';
import { toWorkerError } from './errors';
import { evaluate } from './evaluate';
import type { Wish } from './pace';
import { predict, predictStock } from './predict';
import { probe } from './probe';
import type { FromTrainer, ToTrainer, TrainerMethod, TrainerMethods } from './protocol';

type Handlers = {
  readonly [M in TrainerMethod]: (
    params: TrainerMethods[M]['params'],
  ) => Promise<TrainerMethods[M]['result']>;
};

const WISHES = { stop: 'stop', pause: 'pause', resume: 'go' } as const satisfies Record<string, Wish>;
let wish: Wish = 'go';
/** What a run that stands still waits for. */
let wakeUp = () => {};

const handlers: Handlers = {
  train: params =>
    train(params, {
      onEvent: event => post({ kind: 'event', event }),
      wish: () => wish,
      untilWishChanges: () =>
        new Promise(resolve => {
          wakeUp = resolve;
        }),
      now: () => performance.now(),
      // A message is only delivered when the worker has nothing to do.
      breathe: () => new Promise(resolve => setTimeout(resolve)),
    }),
  evaluate,
  predict,
  predictStock,
  probe,
};

function post(message: FromTrainer): void {
  self.postMessage(message);
}

self.addEventListener('message', ({ data }: MessageEvent<ToTrainer>) => {
  if (data.kind !== 'call') {
    wish = WISHES[data.kind];
    wakeUp();
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
    case 'probe':
      return handlers.probe(call.params);
  }
}
