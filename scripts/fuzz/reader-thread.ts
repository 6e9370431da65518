/** The reader in a thread of its own, which can be ended as the page ends its worker. One mutation after the other; also its memory. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort } from 'node:worker_threads';
import type { SourceModel } from '../../src/formats/protocol';
import type { PlainFile } from '../../src/formats/testing/fuzz/mutate';
import { toSources } from '../../src/formats/testing/fuzz/sources';
import { judge, type Verdict } from '../../src/formats/testing/fuzz/verdict';

export type ToReader =
  | { readonly kind: 'read'; readonly files: readonly PlainFile[]; readonly onto: SourceModel | null }
  | { readonly kind: 'memory' };

export type FromReader =
  | { readonly kind: 'ready' }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  /** In bytes: of the thread's JavaScript with its buffers and WebAssembly, and of the whole process. */
  | { readonly kind: 'memory'; readonly held: number; readonly resident: number };

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const say = (answer: FromReader) => parentPort?.postMessage(answer);

parentPort?.on('message', async (asked: ToReader) => {
  if (asked.kind === 'read') {
    say({ kind: 'verdict', verdict: await judge(toSources(asked.files), asked.onto) });
    return;
  }
  // Twice, with a pause: buffers of WebAssembly go after their owners.
  for (let i = 0; i < 3; i++) {
    collectGarbage();
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  say({ kind: 'memory', held: heapUsed + external, resident: rss });
});
say({ kind: 'ready' });
