/** The types of HDF5 values by the names that NumPy gives them, and their bytes as numbers. It knows nothing of files. */
import type { H5Metadata } from '../../../node_modules/h5wasm/dist/esm/hdf5_util.js';
import { bfloatToFloat, halfToFloat } from '../half-floats';

/** H5T_class_t: https://support.hdfgroup.org/documentation/hdf5/latest/group___h5_t.html */
export const INTEGER = 0;
export const FLOAT = 1;
export const STRING = 3;
const OPAQUE = 5;
const ENUM = 8;
const OTHER_CLASSES: Readonly<Record<number, string>> = {
  2: 'time',
  4: 'bitfield',
  6: 'compound',
  7: 'reference',
  9: 'variable-length',
  10: 'array',
  11: 'complex',
};

/** Little-endian, as h5wasm gives all numbers. */
const VIEWS = {
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  float32: Float32Array,
  float64: Float64Array,
  bool: Uint8Array,
} as const;

export type NumberType = keyof typeof VIEWS;

export function isNumberType(type: string): type is NumberType {
  return Object.hasOwn(VIEWS, type);
}

/** Could it be a bfloat16? NumPy has no such type: h5py writes two bytes of nothing in particular, and Keras says it beside them. */
export function mayBeBfloat16({ type, size }: H5Metadata): boolean {
  return size === 2 && (type === OPAQUE || type === FLOAT);
}

export function nameType(metadata: H5Metadata): string {
  const { type, size, signed, enum_type } = metadata;
  if (type === INTEGER) return `${signed ? '' : 'u'}int${8 * size}`;
  if (type === FLOAT) return `float${8 * size}`;
  if (type === STRING) return 'string';
  if (type === OPAQUE) return 'opaque';
  if (type !== ENUM) return OTHER_CLASSES[type] ?? 'unknown';
  // How h5py writes a bool: https://docs.h5py.org/en/stable/faq.html#what-datatypes-are-supported
  const isBool =
    size === 1 && enum_type?.nmembers === 2 && enum_type.members.FALSE === 0 && enum_type.members.TRUE === 1;
  return isBool ? 'bool' : 'enum';
}

/** `at` must be a multiple of the type's width. The numbers are not copied; those of 16-bit floats are their bits. */
export function viewNumbers(type: NumberType, buffer: ArrayBuffer, at: number, count: number) {
  return new VIEWS[type](buffer, at, count);
}

/** What the bits of a 16-bit float stand for; null for all other types, whose views hold the numbers themselves. */
export function halfDecoder(type: NumberType): ((bits: number) => number) | null {
  if (type === 'float16') return halfToFloat;
  return type === 'bfloat16' ? bfloatToFloat : null;
}
