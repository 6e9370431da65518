/**
 * The page's side of reading and writing files. One worker does one call after the other; if it takes too long or dies, it
 * is ended, the call is answered all the same, and the next call gets a new worker.
 */
import type {
  FileBytes,
  FormatsMethod,
  FormatsMethods,
  FromFormats,
  ReadItem,
  ToFormats,
  WriteParams,
  WrittenFiles,
} from './protocol';

export interface FormatsClient {
  /** Never rejects because of a file: one that hangs or crashes the reader is refused like any other. */
  read(files: readonly FileBytes[]): Promise<readonly ReadItem[]>;
  /** @throws FormatsError */
  write(params: WriteParams): Promise<WrittenFiles>;
  /** Ends the worker; pending calls are rejected. */
  dispose(): void;
}

export class FormatsError extends Error {
  constructor(
    readonly code: 'formats/timeout' | 'formats/crashed' | 'formats/disposed' | 'bug',
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
  readonly resolve: (result: FormatsMethods[FormatsMethod]['result']) => void;
  readonly reject: (error: FormatsError) => void;
}

/** In milliseconds. A model of 100 MB takes one second. */
const TIME_LIMIT = 20_000;

export function createFormatsClient(
  spawn: (listener: WorkerListener) => FormatsWorker = spawnWorker,
  timeLimit: number = TIME_LIMIT,
): FormatsClient {
  const queue: Job[] = [];
  let worker: FormatsWorker | null = null;
  let running: { readonly job: Job; readonly timer: ReturnType<typeof setTimeout> } | null = null;
  let lastId = 0;
  let isDisposed = false;

  const end = () => {
    worker?.terminate();
    worker = null;
  };
  const finish = (settle: (job: Job) => void) => {
    if (running === null) return;
    const { job, timer } = running;
    clearTimeout(timer);
    running = null;
    settle(job);
    next();
  };
  const fail = (code: FormatsError['code'], message: string) => {
    end();
    finish(job => job.reject(new FormatsError(code, message)));
  };
  let workers = 0;
  const listen = (nth: number): WorkerListener => ({
    answered(answer) {
      // Ids go on over the workers: what an ended one may still have sent answers nothing.
      if (answer.id !== running?.job.call.id) return;
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
    const timer = setTimeout(
      () => fail('formats/timeout', `It took more than ${timeLimit / 1000} seconds and was stopped.`),
      timeLimit,
    );
    running = { job, timer };
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
  ): Promise<FormatsMethods[M]['result']> =>
    new Promise((resolve, reject) => {
      if (isDisposed)
        return reject(new FormatsError('formats/disposed', 'The reader of files has been closed.'));
      queue.push({
        // The map of methods ties params to method; a union of calls can't express that for a generic one.
        call: { id: ++lastId, method, params } as ToFormats,
        resolve: result => resolve(result as FormatsMethods[M]['result']),
        reject,
      });
      next();
    });

  return {
    async read(files) {
      try {
        return await call('read', { files });
      } catch (error) {
        if (error instanceof FormatsError && error.code !== 'formats/disposed')
          return [refuseAll(files, error)];
        throw error;
      }
    },
    write: params => call('write', params),
    dispose() {
      isDisposed = true;
      const error = new FormatsError('formats/disposed', 'The reader of files has been closed.');
      for (const job of queue.splice(0)) job.reject(error);
      end();
      finish(job => job.reject(error));
    },
  };
}

function spawnWorker(listener: WorkerListener): FormatsWorker {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', ({ data }: MessageEvent<FromFormats>) => listener.answered(data));
  worker.addEventListener('error', event => listener.broke(event.message ?? ''));
  worker.addEventListener('messageerror', () => listener.broke('its answer could not be received'));
  return { post: call => worker.postMessage(call), terminate: () => worker.terminate() };
}

function refuseAll(files: readonly FileBytes[], error: FormatsError): ReadItem {
  const [only] = files;
  const file = files.length === 1 && only !== undefined ? only.path : `${files.length} files`;
  const wayOut =
    error.code === 'formats/timeout'
      ? 'Drop fewer files at once, or a smaller model. If it is small, please report the file: it must not hang the reader.'
      : 'Try it again with fewer files at once. If it goes on, please report it, with the file if you may.';
  const refusal = { reason: error.message, wayOut };
  return {
    kind: 'refused',
    report: { file, format: 'Unknown', writtenBy: null, repairs: [], leftOut: [], refusal },
  };
}
