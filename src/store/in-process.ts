/** The store with all its real parts in one process, without workers or a browser: for tests and benches in Node. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { applyWeights } from '../formats/apply-weights';
import { readFiles } from '../formats/read-files';
import { writeExport } from '../formats/write-export';
import { writeZip } from '../formats/zip';
import { DATASETS, EXAMPLES, loadDataset, loadExample } from '../storage/examples';
import { train } from '../trainer/core';
import { evaluate } from '../trainer/evaluate';
import type { Wish } from '../trainer/pace';
import { predict, predictStock } from '../trainer/predict';
import { probe } from '../trainer/probe';
import type { TrainerMethod, TrainerMethods } from '../trainer/protocol';
import type { TrainerService } from './services';
import { createGraftStore, type GraftStore } from './store';
import { createMemoryStorage } from './testing';

const PUBLIC = new URL('../../public/', import.meta.url);

/** Everything runs on the CPU backend. `onCall` hears what the trainer is asked for. */
export function createStoreInProcess(onCall: (method: TrainerMethod) => void = () => {}): GraftStore {
  const read = (files: Parameters<typeof readFiles>[0]) => readFiles(files);
  return createGraftStore({
    formats: {
      read,
      applyWeights: (model, file) => applyWeights(model, file),
      write: writeExport,
      bundle: files => writeZip(files),
    },
    trainer: createTrainerInProcess(onCall),
    projects: createMemoryStorage(),
    examples: {
      list: EXAMPLES,
      load: id => loadExample(id, { read, fetchBytes }),
      datasets: DATASETS,
      loadDataset: id => loadDataset(id, fetchBytes),
    },
  });
}

async function fetchBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(fileURLToPath(new URL(path, PUBLIC))));
}

function createTrainerInProcess(onCall: (method: TrainerMethod) => void): TrainerService {
  let wish: Wish = 'go';
  let wakeUp = () => {};
  const want = (wanted: Wish) => {
    wish = wanted;
    wakeUp();
  };
  return {
    async call(method, params, onEvent) {
      wish = 'go';
      onCall(method);
      const onCpu = { ...params, backend: 'cpu' as const };
      const handlers: {
        [M in keyof TrainerMethods]: (given: never) => Promise<TrainerMethods[M]['result']>;
      } = {
        train: given =>
          train(given, {
            onEvent: event => onEvent?.(event),
            wish: () => wish,
            untilWishChanges: () =>
              new Promise(resolve => {
                wakeUp = resolve;
              }),
            now: () => performance.now(),
            breathe: () => new Promise(resolve => setImmediate(resolve)),
          }),
        evaluate,
        predict,
        predictStock,
        probe,
      };
      // Each handler takes the parameters of its own method: `Handlers` in trainer/worker.ts says so.
      return handlers[method](onCpu as never);
    },
    pause: () => want('pause'),
    resume: () => want('go'),
    stop: () => want('stop'),
  };
}
