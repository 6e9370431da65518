/** The formats worker: messages in, calls of the readers and writers, messages out. Nothing is decided here. */
/// <reference lib="webworker" />
import { applyWeights } from './apply-weights';
import { withoutValues } from './bare-model';
import type { FormatsMethod, FormatsMethods, FromFormats, ReadProgress, ToFormats } from './protocol';
import { readFiles } from './read-files';
import { Refusal } from './refusal';
import { collectBuffers } from './transfer';
import { writeExport } from './write-export';
import { writeZip } from './zip';

const handlers: {
  readonly [M in FormatsMethod]: (
    params: FormatsMethods[M]['params'],
    tell: (progress: ReadProgress) => void,
  ) => FormatsMethods[M]['result'] | Promise<FormatsMethods[M]['result']>;
} = {
  read: ({ files, asStranger }, tell) => readFiles(files, { asStranger, tell }),
  async applyWeights({ model, file, onlyTry }, tell) {
    const item = await applyWeights(model, file, tell);
    return onlyTry && item.kind === 'model' ? { ...item, model: withoutValues(item.model) } : item;
  },
  write: writeExport,
  bundle: ({ files }) => writeZip(files),
};

async function run(call: ToFormats): Promise<FormatsMethods[FormatsMethod]['result']> {
  const tell = throttle(progress => self.postMessage({ id: call.id, progress } satisfies FromFormats));
  switch (call.method) {
    case 'read':
      return handlers.read(call.params, tell);
    case 'applyWeights':
      return handlers.applyWeights(call.params, tell);
    case 'write':
      return handlers.write(call.params, tell);
    case 'bundle':
      return handlers.bundle(call.params, tell);
  }
}

/** Ten times a second is enough to be seen. */
function throttle(send: (progress: ReadProgress) => void): (progress: ReadProgress) => void {
  let last = Number.NEGATIVE_INFINITY;
  return progress => {
    if (performance.now() - last < 100) return;
    last = performance.now();
    send(progress);
  };
}

self.addEventListener('message', async ({ data }: MessageEvent<ToFormats>) => {
  let answer: FromFormats;
  try {
    answer = { id: data.id, result: await run(data) };
  } catch (error) {
    const { message, stack = null } = toError(error);
    answer = { id: data.id, error: { message, stack } };
  }
  self.postMessage(answer, collectBuffers(answer));
});

function toError(error: unknown): Error {
  if (error instanceof Refusal) return new Error(`${error.reason} ${error.wayOut}`);
  return error instanceof Error ? error : new Error(String(error));
}
