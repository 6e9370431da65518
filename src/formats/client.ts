/**
 * The page's side of reading and writing files. One worker does one call after the other; if it takes too long or dies, it
 * is ended, the call is answered all the same, and the next call gets a new worker.
 */
import { withoutValues } from './bare-model';
import type {
  FormatsMethod,
  FormatsMethods,
  FromFormats,
  ReadItem,
  ReadProgress,
  SourceFile,
  SourceModel,
  ToFormats,
  WriteParams,
  WrittenFiles,
} from './protocol';
import type { ZipContent } from './zip';

export interface FormatsClient {
  /** Never rejects because of a file: one that hangs or crashes the reader is refused like any other. */
  read(files: readonly SourceFile[], options?: ReadCallOptions): Promise<readonly ReadItem[]>;
  /** Never rejects because of the file, as above. */
  applyWeights(model: SourceModel, file: SourceFile, options?: TryCallOptions): Promise<ReadItem>;
  /** @throws FormatsError */
  write(params: WriteParams): Promise<WrittenFiles>;
  /** A zip. @throws FormatsError */
  bundle(files: readonly ZipContent[]): Promise<Uint8Array<ArrayBuffer>>;
  /** Ends the worker; pending calls are rejected. */
  dispose(): void;
}

export interface ReadCallOptions {
  /** Graft's own notes in the files are passed over: what is read is what anybody else would read. */
  readonly asStranger?: boolean;
  readonly onProgress?: (progress: ReadProgress) => void;
  /** Aborted: the worker is ended and the call rejected with `formats/cancelled`. */
  readonly signal?: AbortSignal;
}

export interface TryCallOptions extends Pick<ReadCallOptions, 'onProgress' | 'signal'> {
  /** The answer comes without values: only whether they fit is asked. */
  readonly onlyTry?: boolean;
}

export class FormatsError extends Error {
  constructor(
    readonly code: 'formats/timeout' | 'formats/cancelled' | 'formats/crashed' | 'formats/disposed' | 'bug',
    message: string,
  ) {
    super(message);
    this.name = 'FormatsError';
  }
}

/** A worker as far as it is used here, so that tests can do without one. */
export interface FormatsWorker {
  post(call: ToFormats): void;
  terminate(): void;
}
export interface WorkerListener {
  answered(answer: FromFormats): void;
  broke(message: string): void;
}

interface Job {
  readonly call: ToFormats;
  /** Of the files to be read; 0 where none is. */
  readonly bytes: number;
  readonly onProgress: ((progress: ReadProgress) => void) | undefined;
  readonly resolve: (result: FormatsMethods[FormatsMethod]['result']) => void;
  readonly reject: (error: FormatsError) => void;
}

/** In milliseconds, since it last told how far it is. A model of 100 MB takes one second. */
const TIME_LIMIT = 20_000;
/** In bytes a millisecond. Whoever tells for ever how far it is, and gets on more slowly than this, is ended as well. */
const SLOWEST = 1000;

type Timer = ReturnType<typeof setTimeout>;

export function createFormatsClient(
  spawn: (listener: WorkerListener) => FormatsWorker = spawnWorker,
  timeLimit: number = TIME_LIMIT,
): FormatsClient {
  const queue: Job[] = [];
  let worker: FormatsWorker | null = null;
  let running: { readonly job: Job; timer: Timer; readonly overall: Timer } | null = null;
  let lastId = 0;
  let isDisposed = false;

  const end = () => {
    worker?.terminate();
    worker = null;
  };
  const finish = (settle: (job: Job) => void) => {
    if (running === null) return;
    const { job, timer, overall } = running;
    clearTimeout(timer);
    clearTimeout(overall);
    running = null;
    settle(job);
    next();
  };
  const fail = (code: FormatsError['code'], message: string) => {
    end();
    finish(job => job.reject(new FormatsError(code, message)));
  };
  const startTimer = (limit = timeLimit): Timer => {
    const seconds = Math.round(limit / 1000);
    return setTimeout(
      () => fail('formats/timeout', `It took more than ${seconds} seconds and was stopped.`),
      limit,
    );
  };
  let workers = 0;
  const listen = (nth: number): WorkerListener => ({
    answered(answer) {
      // Ids go on over the workers: what an ended one may still have sent answers nothing.
      if (answer.id !== running?.job.call.id) return;
      if ('progress' in answer) {
        clearTimeout(running.timer);
        running.timer = startTimer();
        running.job.onProgress?.(answer.progress);
        return;
      }
      finish(job => {
        if ('result' in answer) return job.resolve(answer.result);
        const error = new FormatsError('bug', answer.error.message);
        if (answer.error.stack !== null) error.stack = answer.error.stack;
        job.reject(error);
      });
    },
    broke(message) {
      if (nth !== workers) return;
      const why = message === '' ? '' : `: ${message}`;
      fail('formats/crashed', `The worker that reads and writes files broke down${why}.`);
    },
  });
  const next = () => {
    const job = running === null ? queue.shift() : undefined;
    if (job === undefined) return;
    running = { job, timer: startTimer(), overall: startTimer(timeLimit + job.bytes / SLOWEST) };
    try {
      worker ??= spawn(listen(++workers));
      // Copied, not transferred: the page may need its bytes and its networks again.
      worker.post(job.call);
    } catch (error) {
      fail('formats/crashed', error instanceof Error ? error.message : String(error));
    }
  };
  const call = <M extends FormatsMethod>(
    method: M,
    params: FormatsMethods[M]['params'],
    files: readonly SourceFile[] = [],
    { onProgress, signal }: Pick<ReadCallOptions, 'onProgress' | 'signal'> = {},
  ): Promise<FormatsMethods[M]['result']> =>
    new Promise((resolve, reject) => {
      if (isDisposed)
        return reject(new FormatsError('formats/disposed', 'The reader of files has been closed.'));
      const job: Job = {
        // The map of methods ties params to method; a union of calls can't express that for a generic one.
        call: { id: ++lastId, method, params } as ToFormats,
        bytes: files.reduce((sum, { blob }) => sum + blob.size, 0),
        onProgress,
        resolve: result => resolve(result as FormatsMethods[M]['result']),
        reject,
      };
      if (signal?.aborted === true) return reject(cancelled());
      signal?.addEventListener('abort', () => cancel(job), { once: true });
      queue.push(job);
      next();
    });
  const cancel = (job: Job) => {
    const place = queue.indexOf(job);
    if (place >= 0) queue.splice(place, 1)[0]?.reject(cancelled());
    else if (running?.job === job) {
      end();
      finish(({ reject }) => reject(cancelled()));
    }
  };

  return {
    async read(files, { asStranger = false, ...options } = {}) {
      try {
        return await call('read', { files, asStranger }, files, options);
      } catch (error) {
        if (isReadersFault(error)) return [refuseAll(files, error)];
        throw error;
      }
    },
    async applyWeights(model, file, { onlyTry = false, ...options } = {}) {
      try {
        // Without its values, which would be copied on the page.
        const params = { model: withoutValues(model), file, onlyTry };
        return await call('applyWeights', params, [file], options);
      } catch (error) {
        if (isReadersFault(error)) return refuseAll([file], error);
        throw error;
      }
    },
    write: params => call('write', params),
    bundle: files => call('bundle', { files }),
    dispose() {
      isDisposed = true;
      const error = new FormatsError('formats/disposed', 'The reader of files has been closed.');
      for (const job of queue.splice(0)) job.reject(error);
      end();
      finish(job => job.reject(error));
    },
  };
}

function cancelled(): FormatsError {
  return new FormatsError('formats/cancelled', 'Reading was cancelled.');
}

function isReadersFault(error: unknown): error is FormatsError {
  return (
    error instanceof FormatsError && error.code !== 'formats/disposed' && error.code !== 'formats/cancelled'
  );
}

function spawnWorker(listener: WorkerListener): FormatsWorker {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', ({ data }: MessageEvent<FromFormats>) => listener.answered(data));
  worker.addEventListener('error', event => listener.broke(event.message ?? ''));
  worker.addEventListener('messageerror', () => listener.broke('its answer could not be received'));
  return { post: call => worker.postMessage(call), terminate: () => worker.terminate() };
}

function refuseAll(files: readonly SourceFile[], error: FormatsError): ReadItem {
  const [only] = files;
  const file = files.length === 1 && only !== undefined ? only.path : `${files.length} files`;
  const wayOut =
    error.code === 'formats/timeout'
      ? 'Drop fewer files at once, or a smaller model. If it is small, please report the file: it must not hang the reader.'
      : 'Try it again with fewer files at once. If it goes on, please report it, with the file if you may.';
  const refusal = { reason: error.message, wayOut };
  return {
    kind: 'refused',
    report: {
      file,
      format: 'Unknown',
      writtenBy: null,
      found: [],
      warnings: [],
      repairs: [],
      leftOut: [],
      refusal,
    },
  };
}
