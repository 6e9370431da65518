/** Attributes of groups and datasets as strings and numbers, of whatever kind they were written. It knows nothing of models. */
import type { H5Metadata, H5Module } from '../../../node_modules/h5wasm/dist/esm/hdf5_util.js';
import { shorten } from '../notes';
import { Refusal } from '../refusal';
import { halfDecoder, isNumberType, nameType, viewNumbers } from './element-type';
import type { OpenFile } from './open-file';
import type { Hdf5Value } from './tree';

/** The largest configuration of a known model has 2 MB. */
const MAX_BYTES = 64 * 2 ** 20;
/** H5T_STR_SPACEPAD. Of the others, NULLTERM and NULLPAD, both end at the first null. */
const SPACE_PADDED = 2;

/** The attributes of the object at `path`, which starts with a slash. Arrays of several dimensions become one list. */
export function readAttributes(file: OpenFile, path: string): (name: string) => Hdf5Value | null {
  let names: ReadonlySet<string> | null = null;
  return name => {
    names ??= new Set(
      file.ask(`the list of the attributes of ‘${shorten(path)}’`, (module, id) =>
        module.get_attribute_names(id, path),
      ),
    );
    return names.has(name) ? readAttribute(file, path, name) : null;
  };
}

function readAttribute(file: OpenFile, path: string, name: string): Hdf5Value {
  const what = `the attribute ‘${shorten(name)}’ of ‘${shorten(path)}’`;
  const metadata = file.ask(what, (module, id) => module.get_attribute_metadata(id, path, name));
  const { shape, total_size: count, size } = metadata;
  if (shape === null || count === 0) return [];
  if (!(count * size <= MAX_BYTES)) throw refuseSize(file, what);
  const type = nameType(metadata);
  if (type !== 'string' && !isNumberType(type)) {
    throw new Refusal(
      `${file.name} has values of the type ${type} in ${what}, where Keras writes strings or numbers.`,
      'Save the model again with Keras.',
    );
  }
  const values: readonly string[] | readonly number[] = file.askInto(
    what,
    count * size,
    (module, id, pointer) => {
      module.get_attribute_data(id, path, name, BigInt(pointer));
      if (isNumberType(type)) {
        const numbers = viewNumbers(type, module.HEAPU8.buffer, pointer, count);
        const decode = halfDecoder(type) ?? Number;
        return Array.from<number | bigint, number>(numbers, value => decode(Number(value)));
      }
      if (!metadata.vlen) return fixedStrings(module, metadata, pointer);
      const strings = variableStrings(module, count, pointer);
      module.reclaim_vlen_memory(id, path, name, BigInt(pointer));
      if (strings === null) throw refuseSize(file, what);
      return strings;
    },
  );
  return shape.length === 0 ? (values[0] ?? []) : values;
}

/** null: together they are too long. Each may be the same string, which stands in the file once. */
function variableStrings(
  { HEAPU8, UTF8ToString }: H5Module,
  count: number,
  pointer: number,
): string[] | null {
  const strings: string[] = [];
  let length = 0;
  for (const start of new Uint32Array(HEAPU8.buffer, pointer, count)) {
    // Also for those that say they are ASCII: Python's `encode` gives h5py bytes of UTF-8.
    const text = UTF8ToString(start);
    length += text.length;
    if (length > MAX_BYTES) return null;
    strings.push(text);
  }
  return strings;
}

function fixedStrings(
  { HEAPU8 }: H5Module,
  { size, total_size: count, strpad }: H5Metadata,
  pointer: number,
): string[] {
  const decoder = new TextDecoder();
  return Array.from({ length: count }, (_, i) => {
    const bytes = HEAPU8.subarray(pointer + i * size, pointer + (i + 1) * size);
    if (strpad === SPACE_PADDED) return decoder.decode(bytes).replace(/ +$/, '');
    const end = bytes.indexOf(0);
    return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
  });
}

function refuseSize(file: OpenFile, what: string): Refusal {
  return new Refusal(
    `${file.name} has more than 64 MB in ${what}.`,
    'Check where it comes from, or save the model again.',
  );
}
