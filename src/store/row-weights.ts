/** How much each row counts: a column of sample weights times the weights of an output's classes. Pure. */
import type { Head } from '../compiler/result';
import type { ClassesColumn, Dataset, NumbersColumn } from '../data/dataset';
import type { RowWeights } from '../trainer/protocol';
import { columnNamed } from './training-check';

/** Keras multiplies both where both are given, and validates with the sample weights alone. */
export function weighRows(heads: readonly Head[], dataset: Dataset, sampleWeight: string | null): RowWeights {
  const column = columnNamed(dataset, sampleWeight);
  const samples = column?.kind === 'numbers' ? column.values : null;
  return {
    training: heads.map(head => multiply(samples, weighByClass(head, dataset))),
    validation: heads.map(() => samples),
  };
}

function weighByClass({ classWeights, column: name }: Head, dataset: Dataset): Float32Array | null {
  const column = columnNamed(dataset, name);
  if (classWeights === null || column?.kind !== 'classes') return null;
  const ofClass = column.classes.map(each => weightOf(classWeights, each));
  return Float32Array.from(column.values, value => ofClass[value] ?? 1);
}

/** A class that isn't named counts 1, as in Keras. */
export function weightOf(weights: Readonly<Record<string, number>>, name: string): number {
  return Object.hasOwn(weights, name) ? (weights[name] ?? 1) : 1;
}

function multiply(a: Float32Array | null, b: Float32Array | null): Float32Array | null {
  if (a === null || b === null) return a ?? b;
  return a.map((value, row) => value * (b[row] ?? 1));
}

/**
 * So that every class counts as much as every other: rows / (classes × rows of the class), over the rows outside the test
 * set. As scikit-learn's `balanced` (https://scikit-learn.org/stable/modules/generated/sklearn.utils.class_weight.compute_class_weight.html);
 * classes without rows are left out and count 1.
 */
export function balanceClasses(
  column: ClassesColumn,
  testRows: Uint32Array,
): Readonly<Record<string, number>> {
  const isTest = new Set(testRows);
  const counts = new Float64Array(column.classes.length);
  for (const [row, value] of column.values.entries()) {
    if (!isTest.has(row)) counts[value] = (counts[value] ?? 0) + 1;
  }
  const present = counts.filter(count => count > 0);
  const rows = present.reduce((sum, count) => sum + count, 0);
  return Object.fromEntries(
    column.classes.flatMap((name, index) => {
      const count = counts[index] ?? 0;
      return count === 0 ? [] : [[name, Number((rows / (present.length * count)).toPrecision(6))]];
    }),
  );
}

/** Why a column can't say how much rows count, in one sentence; null: it can. */
export function findSampleWeightProblem(column: NumbersColumn): string | null {
  if (column.rowShape.length > 0)
    return `'${column.name}' has several numbers in a row, and a row has one weight.`;
  const isBad = (value: number) => !Number.isFinite(value) || value < 0;
  const bad = column.values.findIndex(isBad);
  if (bad >= 0)
    return `'${column.name}' says ${column.values[bad]} in row ${bad + 1}. Weights are numbers of 0 or more.`;
  return column.values.some(value => value > 0)
    ? null
    : `'${column.name}' is 0 in every row, so none would count.`;
}
