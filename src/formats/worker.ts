/** The formats worker: messages in, calls of the readers and writers, messages out. Nothing is decided here. */
/// <reference lib="webworker" />
import type { FormatsMethod, FormatsMethods, FromFormats, ToFormats } from './protocol';
import { readFiles } from './read-files';
import { collectBuffers } from './transfer';
import { writeProject } from './write-project';

const handlers: {
  readonly [M in FormatsMethod]: (
    params: FormatsMethods[M]['params'],
  ) => FormatsMethods[M]['result'] | Promise<FormatsMethods[M]['result']>;
} = {
  read: ({ files }) => readFiles(files),
  write: writeProject,
};

async function run(call: ToFormats): Promise<FormatsMethods[FormatsMethod]['result']> {
  switch (call.method) {
    case 'read':
      return handlers.read(call.params);
    case 'write':
      return handlers.write(call.params);
  }
}

self.addEventListener('message', async ({ data }: MessageEvent<ToFormats>) => {
  let answer: FromFormats;
  try {
    answer = { id: data.id, result: await run(data) };
  } catch (error) {
    const { message, stack = null } = error instanceof Error ? error : new Error(String(error));
    answer = { id: data.id, error: { message, stack } };
  }
  self.postMessage(answer, collectBuffers(answer));
});
