/**
 * HDF5 files as h5py writes them for Keras: the same types, the same bytes whenever the same is written. What is written
 * where is the business of the formats that use it.
 */
import type { H5Module, H5NewMetadata } from '../../../node_modules/h5wasm/dist/esm/hdf5_util.js';
import type { Json } from '../../base/json';
import { sizeOf } from '../../network/shape';
import { FLOAT, INTEGER, STRING } from './element-type';
import { withLibrary } from './library';
import type { Hdf5Array, Hdf5ToWrite, Hdf5Value } from './tree';

/**
 * The file's bytes. Strings become ASCII of variable length (what Keras' `encode` makes of them; other characters stand in UTF-8),
 * whole numbers int64, others float64, an empty list no float64s, and `bool` uint8: h5wasm can't write h5py's own type for
 * it, and NumPy takes either. Throws if a name can't stand in HDF5 or values don't fit their shape: those are bugs.
 */
export async function writeHdf5(tree: Hdf5ToWrite): Promise<Uint8Array<ArrayBuffer>> {
  return withLibrary(async library => {
    const stopped = () => 0;
    const { now } = Date;
    // libhdf5 writes when each array was made, and h5wasm can't tell it not to. Nothing else runs before the clock goes on.
    Date.now = stopped;
    try {
      const id = library.createFile();
      writeGroup(call => library.call(module => call(module, id)), '', tree);
      library.call(module => module.close_file(id));
    } finally {
      Date.now = now;
    }
    return library.readBack();
  });
}

/** JSON with all but ASCII escaped, as Python's `json.dumps` writes it. */
export function asciiJson(json: Json): string {
  return JSON.stringify(json).replace(
    /[\u007f-\uffff]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

type Ask = <T>(call: (module: H5Module, id: bigint) => T) => T;

/** `path` is empty for the root, else it starts with a slash. */
function writeGroup(ask: Ask, path: string, tree: Hdf5ToWrite): void {
  for (const [name, value] of Object.entries(tree.attributes ?? {})) {
    writeAttribute(ask, path || '/', checkName(name), value);
  }
  for (const [name, group] of Object.entries(tree.groups ?? {})) {
    const child = `${path}/${checkName(name)}`;
    checkMade(
      child,
      ask((module, id) => {
        module.create_group(id, child, false);
        return module.get_type(id, child) === module.H5G_GROUP;
      }),
    );
    writeGroup(ask, child, group);
  }
  for (const [name, array] of Object.entries(tree.datasets ?? {})) {
    const child = `${path}/${checkName(name)}`;
    if (tree.groups !== undefined && Object.hasOwn(tree.groups, name)) {
      throw new Error(`${child} is both a group and a dataset`);
    }
    writeDataset(ask, child, array);
  }
}

function writeDataset(ask: Ask, path: string, { shape, dtype, values }: Hdf5Array): void {
  if (values.length !== sizeOf(shape)) {
    throw new Error(`${path} has ${values.length} values and the shape [${shape}]`);
  }
  const made = withBytes(ask, path, encode(dtype, values), (module, id, pointer) => {
    const metadata = dtype === 'float32' ? numbers(FLOAT, 4, shape) : numbers(INTEGER, WIDTHS[dtype], shape);
    module.create_dataset(id, path, pointer, { ...metadata, signed: dtype !== 'bool' });
    return module.get_type(id, path) === module.H5G_DATASET;
  });
  checkMade(path, made);
}

function writeAttribute(ask: Ask, path: string, name: string, value: Hdf5Value): void {
  const values = typeof value === 'string' || typeof value === 'number' ? [value] : value;
  const shape = values === value ? [values.length] : [];
  if (values.length > 0 && values.every(each => typeof each === 'string')) {
    // It would end there.
    if (values.some(text => text.includes('\0'))) throw new Error(`${path}: a null in the attribute ${name}`);
    ask((module, id) =>
      module.create_vlen_str_attribute(id, path, name, values, {
        type: STRING,
        // Of a pointer.
        size: 4,
        signed: false,
        vlen: true,
        cset: 0,
        shape: shape.map(BigInt),
      }),
    );
  } else {
    const plain = values.map(Number);
    const whole = plain.length > 0 && plain.every(Number.isSafeInteger);
    const bytes = whole ? BigInt64Array.from(plain, BigInt) : Float64Array.from(plain);
    withBytes(ask, path, bytes, (module, id, pointer) =>
      module.create_attribute(id, path, name, pointer, numbers(whole ? INTEGER : FLOAT, 8, shape)),
    );
  }
  checkMade(
    `${path} ${name}`,
    ask((module, id) => module.get_attribute_names(id, path).includes(name)),
  );
}

function numbers(type: number, size: number, shape: readonly number[]): H5NewMetadata {
  return { type, size, signed: true, vlen: false, shape: shape.map(BigInt) };
}

const WIDTHS = { int32: 4, int64: 8, bool: 1 } as const;

function encode(dtype: Hdf5Array['dtype'], values: Hdf5Array['values']): ArrayBufferView {
  if (dtype === 'int64') return BigInt64Array.from(values, BigInt);
  if (dtype === 'int32') return values instanceof Int32Array ? values : Int32Array.from(values);
  if (dtype === 'bool') return values instanceof Uint8Array ? values : Uint8Array.from(values);
  return values instanceof Float32Array ? values : Float32Array.from(values);
}

function withBytes<T>(
  ask: Ask,
  path: string,
  { buffer, byteOffset, byteLength }: ArrayBufferView,
  run: (module: H5Module, id: bigint, pointer: bigint) => T,
): T {
  return ask((module, id) => {
    const pointer = module._malloc(Math.max(1, byteLength));
    if (pointer === 0) throw new Error(`There is no memory for the ${byteLength} bytes of ${path}`);
    module.HEAPU8.set(new Uint8Array(buffer, byteOffset, byteLength), pointer);
    try {
      return run(module, id, BigInt(pointer));
    } finally {
      module._free(pointer);
    }
  });
}

function checkName(name: string): string {
  if (name === '' || name === '.' || /[/\0]/.test(name)) {
    throw new Error(`Nothing in an HDF5 file can be named ${JSON.stringify(name)}`);
  }
  return name;
}

/** h5wasm ignores the codes that libhdf5 returns. */
function checkMade(path: string, made: boolean): void {
  if (!made) throw new Error(`${path} was not written`);
}
