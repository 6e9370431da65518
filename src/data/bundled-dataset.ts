/** Reads a data set that comes with Graft: `dataset.json` says what its columns are, a file beside it holds each column's bytes. */
import { sizeOf } from '../network/shape';
import type { Column, Dataset } from './dataset';

/** `path` is relative to the page: `examples/digits/dataset.json`. */
export type FetchBytes = (path: string) => Promise<Uint8Array<ArrayBuffer>>;

/** `dataset.json`, as `scripts/examples/make-examples.py` writes it. */
interface Description {
  readonly id: string;
  readonly name: string;
  readonly credit: string;
  readonly rows: number;
  readonly columns: readonly ColumnDescription[];
  readonly testRows: readonly number[];
}

type ColumnDescription = {
  readonly name: string;
  readonly help: string;
  /** One byte a value, row after row. */
  readonly file: string;
} & (
  | { readonly kind: 'numbers'; readonly rowShape: readonly number[]; readonly divideBy: number }
  | { readonly kind: 'classes'; readonly classes: readonly string[] }
);

export async function readBundledDataset(folder: string, fetchBytes: FetchBytes): Promise<Dataset> {
  const text = new TextDecoder().decode(await fetchBytes(`${folder}/dataset.json`));
  const { id, name, credit, rows, columns, testRows }: Description = JSON.parse(text);
  return {
    id,
    name,
    credit,
    rows,
    columns: await Promise.all(
      columns.map(async column => {
        const path = `${folder}/${column.file}`;
        const bytes = await fetchBytes(path);
        const wanted = rows * (column.kind === 'numbers' ? sizeOf(column.rowShape) : 1);
        if (bytes.length !== wanted)
          throw new Error(`${path} has ${bytes.length} bytes instead of ${wanted}: reload the page.`);
        return toColumn(column, bytes);
      }),
    ),
    testRows: Uint32Array.from(testRows),
  };
}

function toColumn(column: ColumnDescription, bytes: Uint8Array): Column {
  const { name, help } = column;
  if (column.kind === 'classes') {
    const { classes } = column;
    return { kind: 'classes', name, help, classes, values: Int32Array.from(bytes) };
  }
  const { rowShape, divideBy } = column;
  const values = Float32Array.from(bytes, byte => byte / divideBy);
  return { kind: 'numbers', name, help, rowShape, values };
}
