/** A data set in memory: named columns of equal length, and which rows are held out for the final test. */

export interface Dataset {
  readonly id: string;
  readonly name: string;
  /** Where it comes from and under which licence, in one sentence with a link. */
  readonly credit: string;
  readonly rows: number;
  readonly columns: readonly Column[];
  /** Rows that are never trained on, the same for everything that is compared. */
  readonly testRows: Uint32Array;
}

export type Column = NumbersColumn | ClassesColumn;

export interface NumbersColumn {
  readonly kind: 'numbers';
  readonly name: string;
  readonly help: string;
  /** One row: `[8, 8, 1]`; `[]` for one number. */
  readonly rowShape: readonly number[];
  /** Row after row, each in C order. */
  readonly values: Float32Array;
}

export interface ClassesColumn {
  readonly kind: 'classes';
  readonly name: string;
  readonly help: string;
  readonly classes: readonly string[];
  /** The index of each row's class. */
  readonly values: Int32Array;
}
