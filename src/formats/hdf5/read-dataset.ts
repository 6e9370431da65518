/** Arrays of an HDF5 file as weights. What libhdf5 would read wrongly, or from somewhere else, is refused before it is read. */
import type { H5Metadata } from '../../../node_modules/h5wasm/dist/esm/hdf5_util.js';
import type { Weight } from '../../network/network';
import { sizeOf } from '../../network/shape';
import { listNames, shorten } from '../notes';
import { Refusal } from '../refusal';
import {
  halfDecoder,
  isNumberType,
  mayBeBfloat16,
  type NumberType,
  nameType,
  viewNumbers,
} from './element-type';
import type { OpenFile } from './open-file';
import { readAttributes } from './read-attributes';
import type { Hdf5Dataset } from './tree';

/** Deflate, shuffle, Fletcher32: https://support.hdfgroup.org/documentation/hdf5/latest/group___h5_z.html */
const KNOWN_FILTERS: ReadonlySet<number> = new Set([1, 2, 3]);
const FILTER_NAMES: Readonly<Record<number, string>> = { 4: 'szip', 5: 'nbit', 6: 'scaleoffset' };

/** Nothing is read of it before it is asked for. `path` starts with a slash. */
export function readDataset(file: OpenFile, path: string, slabBytes: number): Hdf5Dataset {
  const what = `the array ‘${shorten(path)}’`;
  const attribute = readAttributes(file, path);
  let known: H5Metadata | null = null;
  let claimed = false;

  function metadata(): H5Metadata {
    known ??= file.ask(what, (module, id) => module.get_dataset_metadata(id, path));
    return known;
  }

  function typeName(): string {
    return mayBeBfloat16(metadata()) && attribute('dtype') === 'bfloat16' ? 'bfloat16' : nameType(metadata());
  }

  return {
    path: path.slice(1),
    attribute,
    get shape() {
      return metadata().shape ?? [0];
    },
    get dtype() {
      return typeName();
    },
    read() {
      const type = typeName();
      if (type === 'opaque' && metadata().size === 2) {
        throw new Refusal(
          `${file.name} holds ${what} as two bytes for each value without saying of which type: so Keras writes bfloat16 into .h5 files, and into all files before Keras 3, and can’t read it again itself.`,
          'Save the model again in float32, or with Keras 3 as model.keras.',
        );
      }
      if (!isNumberType(type)) {
        throw new Refusal(
          `${file.name} holds ${what} of the type ${type}, which weights never have.`,
          'Save the model again with Keras.',
        );
      }
      const { shape, size, chunks, virtual_sources } = metadata();
      if (virtual_sources !== undefined) {
        throw new Refusal(
          `${file.name} puts ${what} together from other arrays (a virtual dataset).`,
          'Save the model again with Keras, which writes the values themselves.',
        );
      }
      refuseFilters(file, path, what);
      if (!claimed) {
        // A whole chunk is unpacked even if the array is smaller.
        file.claim(what, size * Math.max(sizeOf(shape ?? [0]), sizeOf(chunks ?? [0])));
        claimed = true;
      }
      return readValues(file, path, what, type, metadata(), slabBytes);
    },
  };
}

function refuseFilters(file: OpenFile, path: string, what: string): void {
  const filters = file.ask(what, (module, id) => module.get_dataset_filters(id, path));
  // Each packs a thousand times at most; one upon the other, two kilobytes became 2 GB in the middle of libhdf5.
  if (new Set(filters.map(({ id }) => id)).size < filters.length) {
    throw new Refusal(
      `${file.name} has ${what} packed more than once, as only files do that are made to fill up a computer.`,
      'Check where it comes from.',
    );
  }
  const unknown = filters.filter(({ id }) => !KNOWN_FILTERS.has(id));
  if (unknown.length === 0) return;
  // libhdf5 hands over the bytes of some as they are, without a word.
  const names = unknown.map(({ id, name }) => name || FILTER_NAMES[id] || `number ${id}`);
  throw new Refusal(
    `${file.name} has ${what} compressed with ${listNames(names)}, which can’t be read; gzip can.`,
    'Save the model again with Keras, or copy the file with “h5repack -f GZIP=4”.',
  );
}

function readValues(
  file: OpenFile,
  path: string,
  what: string,
  type: NumberType,
  metadata: H5Metadata,
  slabBytes: number,
): Weight {
  const shape = metadata.shape ?? [0];
  const weight = emptyWeight(file, what, type, shape);
  if (weight.values.length === 0) return weight;
  const rowLength = sizeOf(shape.slice(1));
  for (const { from, to } of slabs(metadata, shape, slabBytes)) {
    const count = (to - from) * rowLength;
    file.askInto(what, count * metadata.size, (module, id, pointer) => {
      if (shape.length === 0) module.get_dataset_data(id, path, null, null, null, BigInt(pointer));
      else {
        module.get_dataset_data(
          id,
          path,
          [to - from, ...shape.slice(1)].map(BigInt),
          shape.map((_, axis) => (axis === 0 ? BigInt(from) : 0n)),
          shape.map(() => 1n),
          BigInt(pointer),
        );
      }
      copyNumbers(file, what, type, module.HEAPU8.buffer, pointer, count, weight.values, from * rowLength);
    });
  }
  return weight;
}

/** Rows of the first axis that are read at once: whole chunks, lest one be unpacked again for the next slab. */
function* slabs(
  { size, chunks }: H5Metadata,
  shape: readonly number[],
  slabBytes: number,
): Generator<{ from: number; to: number }> {
  const [rows = 1, ...row] = shape;
  const chunkRows = chunks?.[0] ?? 1;
  const step = Math.max(1, Math.floor(slabBytes / (size * sizeOf(row)) / chunkRows)) * chunkRows;
  for (let from = 0; from < rows; from += step) yield { from, to: Math.min(rows, from + step) };
}

function emptyWeight(file: OpenFile, what: string, type: NumberType, shape: readonly number[]): Weight {
  const count = sizeOf(shape);
  try {
    if (type === 'bool') return { shape, dtype: 'bool', values: new Uint8Array(count) };
    if (type.startsWith('int') || type.startsWith('uint')) {
      return { shape, dtype: 'int32', values: new Int32Array(count) };
    }
    return { shape, dtype: 'float32', values: new Float32Array(count) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Refusal(
      `There isn’t enough memory for ${what} of ${file.name}.`,
      'Close other pages, or use a smaller model.',
    );
  }
}

function copyNumbers(
  file: OpenFile,
  what: string,
  type: NumberType,
  heap: ArrayBuffer,
  pointer: number,
  count: number,
  target: Weight['values'],
  at: number,
): void {
  const source = viewNumbers(type, heap, pointer, count);
  const decode = halfDecoder(type);
  if (decode !== null) {
    for (let i = 0; i < count; i++) target[at + i] = decode(Number(source[i]));
  } else if (type === 'bool') {
    for (let i = 0; i < count; i++) target[at + i] = source[i] === 0 ? 0 : 1;
  } else if (
    source instanceof BigInt64Array ||
    source instanceof BigUint64Array ||
    source instanceof Uint32Array
  ) {
    for (let i = 0; i < count; i++) {
      const value = Number(source[i]);
      if (value !== (value | 0)) {
        throw new Refusal(
          `${file.name} has ${value} in ${what}, and whole numbers are read from -2,147,483,648 to 2,147,483,647.`,
          'Save the model with smaller numbers there.',
        );
      }
      target[at + i] = value;
    }
  } else {
    target.set(source, at);
  }
}
