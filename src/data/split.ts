/** Which rows train, which validate and which are kept for the final test. The same seed gives the same split everywhere. */
import { createRandom, shuffledRange } from '../base/random';
import type { ClassesColumn, Dataset } from './dataset';

/** No row is in two of them; each is in ascending order. */
export interface Split {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

/**
 * The data set's test rows stay what they are, whatever the seed. Of the others the part `validationSplit` validates, from
 * each class of the column `stratifyBy` as nearly the same part as whole rows allow; at least one row is left to train on. A name that is no column of classes
 * (or null) means the first column of classes; without one the rows are drawn from all.
 */
export function splitRows(
  dataset: Dataset,
  validationSplit: number,
  seed: number,
  stratifyBy: string | null = null,
): Split {
  const test = Uint32Array.from(dataset.testRows).sort();
  const held = new Set(test);
  const free = shuffledRange(dataset.rows, createRandom(seed)).filter(row => !held.has(row));
  const train: number[] = [];
  const validation: number[] = [];
  let seen = 0;
  for (const rows of groupByClass(free, findClasses(dataset, stratifyBy))) {
    seen += rows.length;
    // Rounding the running total, not each class, keeps the whole at its part however many small classes there are.
    const due = Math.min(Math.round(seen * validationSplit), free.length - 1) - validation.length;
    validation.push(...rows.slice(0, due));
    train.push(...rows.slice(due));
  }
  return { train: Uint32Array.from(train).sort(), validation: Uint32Array.from(validation).sort(), test };
}

function findClasses(dataset: Dataset, name: string | null): ClassesColumn | null {
  const columns = dataset.columns.filter(column => column.kind === 'classes');
  return columns.find(column => column.name === name) ?? columns[0] ?? null;
}

function groupByClass(rows: Uint32Array, column: ClassesColumn | null): readonly (readonly number[])[] {
  if (column === null) return [[...rows]];
  const groups = column.classes.map((): number[] => []);
  const unknown: number[] = [];
  for (const row of rows) (groups[column.values[row] ?? -1] ?? unknown).push(row);
  return [...groups, unknown];
}
