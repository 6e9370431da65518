/**
 * An HDF5 file while it is open for reading: whatever goes wrong inside becomes a `Refusal`, and what is read is counted before
 * memory is taken for it. It knows nothing of groups and datasets.
 */
import type { H5Module } from '../../../node_modules/h5wasm/dist/esm/hdf5_util.js';
import { shorten } from '../notes';
import { Refusal } from '../refusal';
import { Hdf5Failure, type Library } from './library';

/** Also what the memory of WebAssembly can be at most. */
const MAX_BYTES = 2 ** 31;
/** As in `zip.ts`: weights shrink little, a bomb shrinks a thousand times. Values that were never written take no room at all. */
const MAX_RATIO = 200;
const SMALL = 4 * 2 ** 20;

export interface OpenFile {
  /** As the person knows it. */
  readonly name: string;
  /** `what` stands in the refusal: `the group ‘layers’`. An exception if the file has been closed. */
  ask<T>(what: string, run: (module: H5Module, id: bigint) => T): T;
  /** The same with `bytes` bytes of the library's memory, at `pointer`. A multiple of 8, as all that malloc gives. */
  askInto<T>(what: string, bytes: number, run: (module: H5Module, id: bigint, pointer: number) => T): T;
  /** To be called before memory is taken for values: throws a `Refusal` if all that was read comes to too much. */
  claim(what: string, bytes: number): void;
  close(): void;
}

export async function openFile(library: Library, source: Blob, name: string): Promise<OpenFile> {
  const id = await library.openBlob(source).catch(error => {
    if (error instanceof Hdf5Failure) throw refuse(name, null, error);
    throw new Refusal(
      `${name} can’t be read from the disk (${error instanceof Error ? error.message : String(error)}).`,
      'If it has been moved or changed since, drop it again.',
    );
  });
  let open = true;
  let claimed = 0;

  function ask<T>(what: string, run: (module: H5Module, id: bigint) => T): T {
    if (!open) throw new Error(`${what} was asked for after ${name} had been closed`);
    try {
      return library.call(module => run(module, id));
    } catch (error) {
      throw error instanceof Hdf5Failure ? refuse(name, what, error) : error;
    }
  }

  return {
    name,
    ask,
    askInto(what, bytes, run) {
      const pointer = ask(what, module => module._malloc(Math.max(1, bytes)));
      if (pointer === 0) throw refuseSize(name, what, bytes);
      return ask(what, (module, id) => {
        try {
          return run(module, id, pointer);
        } finally {
          module._free(pointer);
        }
      });
    },
    claim(what, bytes) {
      claimed += bytes;
      // Not `claimed > MAX_BYTES`: sizes in a file can multiply to NaN.
      if (!(claimed <= MAX_BYTES)) throw refuseSize(name, what, claimed);
      if (claimed <= SMALL || claimed <= source.size * MAX_RATIO) return;
      throw new Refusal(
        `${name} would fill ${MAX_RATIO} times its size of memory or more with ${what}, as only files do that are empty or made to fill up a computer.`,
        'Check where it comes from, or save the model again.',
      );
    },
    close() {
      open = false;
      try {
        library.call(module => module.close_file(id));
      } catch (error) {
        // Nothing is lost by a file that was read and can't be closed; its library isn't used again.
        if (!(error instanceof Hdf5Failure)) throw error;
      }
    },
  };
}

function refuseSize(name: string, what: string, bytes: number): Refusal {
  const size = Number.isFinite(bytes)
    ? `${Math.ceil(bytes / 2 ** 20).toLocaleString('en')} MB`
    : 'no end of memory';
  return new Refusal(
    `${name} needs ${size} for ${what}, and 2,048 MB is the most that is read of one file.`,
    'Save the model without the state of its optimizer, or use a smaller one.',
  );
}

function refuse(name: string, what: string | null, { message, otherFile }: Hdf5Failure): Refusal {
  if (otherFile !== null) {
    return new Refusal(
      `${name} keeps ${what ?? 'its values'} in another file, '${shorten(otherFile)}'.`,
      'Save the model again with Keras, which writes everything into one file.',
    );
  }
  const why = message.includes('truncated file') ? 'was cut off' : 'is damaged';
  return new Refusal(
    what === null ? `${name} ${why}, or isn’t an HDF5 file.` : `${name} ${why}: ${what} can’t be read.`,
    'Download it again, or save the model again.',
  );
}
