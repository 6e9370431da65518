/**
 * The data of a training project as files: each array by itself, rows first, and the numbers of the rows that train, validate and
 * test. Whatever data Graft takes has to become this, and `train.py` knows nothing else. It knows no data sets and no columns.
 */
import type { ArrayData } from '../../network/arrays';
import { writeNpy } from './write-npy';

export interface RecordedData {
  /** What it is and whose, in one sentence; '' where nobody knows. */
  readonly credit: string;
  /** For each input of the network, all rows. */
  readonly inputs: readonly ArrayData[];
  /** For each output of the network, all rows, in the form that its loss takes. */
  readonly targets: readonly RecordedTarget[];
  /** For all rows; null: they count alike. */
  readonly sampleWeights: Float32Array | null;
  readonly rows: Readonly<Record<RowsKind, Uint32Array>>;
}

export interface RecordedTarget {
  readonly array: ArrayData;
  /** What the numbers, or the places of the ones, mean; null: they aren't classes. */
  readonly classes: readonly string[] | null;
}

const ROWS_KINDS = ['train', 'validation', 'test'] as const;
export type RowsKind = (typeof ROWS_KINDS)[number];

export interface DataFile {
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Where each part of the data is. */
export interface DataPlaces {
  readonly inputs: readonly string[];
  readonly targets: readonly string[];
  readonly sampleWeights: string | null;
  /** null: there are no such rows. */
  readonly rows: Readonly<Record<RowsKind, string | null>>;
}

export function writeData(data: RecordedData): {
  readonly files: readonly DataFile[];
  readonly places: DataPlaces;
} {
  const files: DataFile[] = [];
  const add = (name: string, array: Pick<ArrayData, 'shape'> & { readonly values: Values }) => {
    const path = `data/${name}.npy`;
    files.push({ path, bytes: writeNpy(array.shape, array.values) });
    return path;
  };
  const inputs: string[] = [];
  for (const [index, array] of data.inputs.entries()) {
    // Two inputs are often fed from the same column.
    const same = data.inputs.slice(0, index).findIndex(earlier => areEqual(earlier, array));
    inputs.push(inputs[same] ?? add(`input-${index + 1}`, array));
  }
  const targets = data.targets.map(({ array }, index) => add(`target-${index + 1}`, array));
  const { sampleWeights: weights } = data;
  const sampleWeights =
    weights === null ? null : add('sample-weights', { shape: [weights.length], values: weights });
  const [train, validation, test] = ROWS_KINDS.map(kind => {
    const values = data.rows[kind];
    return values.length === 0 ? null : add(`rows-${kind}`, { shape: [values.length], values });
  });
  const rows = { train: train ?? null, validation: validation ?? null, test: test ?? null };
  return { files, places: { inputs, targets, sampleWeights, rows } };
}

type Values = Float32Array | Int32Array | Uint32Array;

function areEqual(a: ArrayData, b: ArrayData): boolean {
  return (
    a.dtype === b.dtype &&
    a.shape.join() === b.shape.join() &&
    a.values.every((value, index) => value === b.values[index])
  );
}
