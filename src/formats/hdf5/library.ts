/**
 * One instance of libhdf5, compiled to WebAssembly by h5wasm, made to report what it fails at and to see no file but the one
 * it is given. It knows nothing of groups and datasets: `read-hdf5.ts` and `write-hdf5.ts` do.
 *
 * The compiled module is imported past the package's wrapper (`h5wasm`), which has one instance for ever and lets it print:
 * an instance that has met a damaged file must be thrown away, and what libhdf5 prints is often all that tells of an error,
 * since h5wasm ignores most of the codes that it returns.
 */
import type { BlobFiles, H5Files, H5Module } from '../../../node_modules/h5wasm/dist/esm/hdf5_util.js';
import { Refusal } from '../refusal';
import { BEYOND, heapsAreSound, type ReadBytes } from './heap-check';
import { createPagedReader } from './paged-reader';

const FOLDER = '/graft';
const FILE = 'file.h5';
const PATH = `${FOLDER}/${FILE}`;
/** Where libhdf5 looks for more filters and formats, if it knows none that fits. There are none. */
const PLUGINS = '/lib/plugin';
/** Memory of WebAssembly never shrinks. An instance has 18 MB at first. */
const MAX_KEPT_BYTES = 64 * 2 ** 20;
/** The code of Emscripten for `no such file or directory`. */
const ENOENT = 44;

/** What libhdf5 reports, or what its code came to grief over. */
export class Hdf5Failure extends Error {
  constructor(
    message: string,
    /** The file that it wanted to open beside the given one, or null. */
    readonly otherFile: string | null,
  ) {
    super(message);
    this.name = 'Hdf5Failure';
  }
}

export interface Library {
  readonly module: H5Module;
  /**
   * What `run` returns. Throws an `Hdf5Failure` if libhdf5 reports anything meanwhile or its code breaks off. A `Refusal` that
   * `run` throws goes through.
   */
  call<T>(run: (module: H5Module) => T): T;
  /** Opens `source` for reading. */
  openBlob(source: Blob): Promise<bigint>;
  createFile(): bigint;
  /** The bytes of a file that was created and closed. */
  readBack(): Uint8Array<ArrayBuffer>;
}

/** With nothing in them. More than one only after several were in use at once. */
const idle: StartedLibrary[] = [];

interface StartedLibrary extends Library {
  /** Has anything failed? What libhdf5 keeps in memory may then be anything. */
  readonly isBroken: () => boolean;
  readonly clear: () => void;
}

/**
 * Lends a library to `use`, which has it to itself. Afterwards it is rid of its file and kept for the next one, unless it
 * failed or its memory grew: then it is left to the garbage collector, and the next file gets a new one.
 */
export async function withLibrary<T>(use: (library: Library) => Promise<T>): Promise<T> {
  const library = idle.pop() ?? (await startLibrary());
  try {
    return await use(library);
  } finally {
    if (!library.isBroken() && library.module.HEAPU8.byteLength <= MAX_KEPT_BYTES) {
      library.clear();
      idle.push(library);
    }
  }
}

async function startLibrary(): Promise<StartedLibrary> {
  const { default: instantiate } = await import('../../../node_modules/h5wasm/dist/esm/hdf5_util.js');
  let reports: string[] = [];
  let broken = false;
  const module = await instantiate({
    noInitialRun: true,
    print: () => {},
    printErr: line => reports.push(line),
  });
  const { FS } = module;
  const guard = guardFiles(FS);
  let clear = () => {};

  function call<T>(run: (module: H5Module) => T): T {
    reports = [];
    guard.refused = null;
    let result: T;
    try {
      result = run(module);
    } catch (error) {
      if (error instanceof Refusal) throw error;
      // Also what a WebAssembly trap throws, and a Blob whose file has changed on the disk.
      broken = true;
      throw new Hdf5Failure(error instanceof Error ? error.message : String(error), guard.refused);
    }
    if (reports.length > 0 || guard.refused !== null) {
      broken = true;
      throw new Hdf5Failure(reports.join('\n'), guard.refused);
    }
    return result;
  }

  return {
    module,
    call,
    isBroken: () => broken,
    clear: () => {
      clear();
      clear = () => {};
    },
    async openBlob(source) {
      const { WORKERFS } = FS.filesystems;
      const bytes =
        WORKERFS === undefined || !('FileReaderSync' in globalThis)
          ? new Uint8Array(await source.arrayBuffer())
          : null;
      FS.mkdir(FOLDER);
      if (WORKERFS !== undefined && bytes === null) {
        readInPages(WORKERFS, source);
        FS.mount(WORKERFS, { blobs: [{ name: FILE, data: source }] }, FOLDER);
        clear = () => {
          FS.unmount(FOLDER);
          FS.rmdir(FOLDER);
          // Lets go of the pages.
          WORKERFS.stream_ops.read = () => 0;
        };
      } else if (bytes !== null) {
        guard.allow(() => FS.writeFile(PATH, bytes, { canOwn: true }));
        clear = removeFile;
        call(() => checkHeaps(bytes, 0, bytes.length, (at, count) => bytes.subarray(at, at + count)));
      }
      return guard.allow(() => call(() => module.open(PATH, module.H5F_ACC_RDONLY, false, -1, -1)));
    },
    createFile() {
      FS.mkdir(FOLDER);
      clear = removeFile;
      return guard.allow(() => call(() => module.open(PATH, module.H5F_ACC_TRUNC, false, -1, -1)));
    },
    readBack: () => guard.allow(() => FS.readFile(PATH)),
  };

  function removeFile() {
    FS.unlink(PATH);
    FS.rmdir(FOLDER);
  }
}

/** The Blob stays where it is, often on the disk. */
function readInPages(files: BlobFiles, source: Blob): void {
  const reader = new FileReaderSync();
  const bytesAt: ReadBytes = (at, count) =>
    new Uint8Array(reader.readAsArrayBuffer(source.slice(at, at + count)));
  const read = createPagedReader(source.size, (from, to) => {
    const bytes = bytesAt(from, to - from + BEYOND);
    checkHeaps(bytes, from, to, bytesAt);
    return bytes.subarray(0, to - from);
  });
  files.stream_ops.read = (_stream, { buffer, byteOffset }, offset, length, position) =>
    read(new Uint8Array(buffer, byteOffset + offset, length), position);
}

/** An exception on the way through libhdf5 is a failure like any other. */
function checkHeaps(bytes: Uint8Array, from: number, to: number, read: ReadBytes): void {
  if (!heapsAreSound(bytes, from, to, read)) throw new Error('a heap of strings is damaged');
}

interface Guard {
  /** The file that was asked for and not opened. */
  refused: string | null;
  /** While `run` runs, the library's one file may be opened. */
  allow<T>(run: () => T): T;
}

/**
 * Links, virtual datasets and external storage name files to be opened. There are none to steal from, but devices such as
 * /dev/null would pass for data.
 */
function guardFiles(FS: H5Files): Guard {
  let allowed = false;
  const guard: Guard = {
    refused: null,
    allow(run) {
      allowed = true;
      try {
        return run();
      } finally {
        allowed = false;
      }
    },
  };
  const { open } = FS;
  FS.open = (path, ...rest) => {
    if (allowed && path === PATH) return open.call(FS, path, ...rest);
    if (!path.endsWith(PLUGINS)) guard.refused = path;
    throw new FS.ErrnoError(ENOENT);
  };
  return guard;
}
