/**
 * What of an HDF5 file Graft reads and writes: groups, attributes and arrays. Only `read-hdf5.ts` and `write-hdf5.ts` know the
 * library behind it; what the groups mean is the business of the formats that use them.
 */
import type { Weight } from '../../network/network';

/** Strings without padding; numbers of any width as numbers; an empty list is `[]`, whatever type the file gives it. */
export type Hdf5Value = string | number | readonly string[] | readonly number[];

export interface Hdf5Group {
  /** From the root, without a slash at the start; empty for the root. */
  readonly path: string;
  /** null: there is none. */
  attribute(name: string): Hdf5Value | null;
  /** In the order of the file. */
  readonly groups: ReadonlyMap<string, Hdf5Group>;
  readonly datasets: ReadonlyMap<string, Hdf5Dataset>;
}

export interface Hdf5Dataset {
  readonly path: string;
  readonly shape: readonly number[];
  /** As NumPy calls it: `float32`, `float16`, `bfloat16`, `int64`, `bool`, `string`, … */
  readonly dtype: string;
  attribute(name: string): Hdf5Value | null;
  /** Floats of any width become float32, whole numbers int32. Throws a `Refusal`. */
  read(): Weight;
}

export interface Hdf5ToWrite {
  readonly attributes?: Readonly<Record<string, Hdf5Value>>;
  readonly groups?: Readonly<Record<string, Hdf5ToWrite>>;
  readonly datasets?: Readonly<Record<string, Hdf5Array>>;
}

export interface Hdf5Array {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'int64' | 'bool';
  readonly values: Weight['values'];
}
