import { describe, expect, it } from 'vitest';
import type { Dataset } from './dataset';
import { splitRows } from './split';

/** Row i is of class i % 10, except for the column 'half', where the first half is 'a'. Every fifth row is a test row. */
function makeDataset(rows: number): Dataset {
  const values = (of: (row: number) => number) => Int32Array.from({ length: rows }, (_, row) => of(row));
  return {
    id: 'made',
    name: 'Made',
    credit: '',
    rows,
    columns: [
      { kind: 'numbers', name: 'x', help: '', rowShape: [], values: new Float32Array(rows) },
      {
        kind: 'classes',
        name: 'digit',
        help: '',
        classes: [...'0123456789'],
        values: values(row => row % 10),
      },
      {
        kind: 'classes',
        name: 'half',
        help: '',
        classes: ['a', 'b'],
        values: values(row => Number(row >= rows / 2)),
      },
    ],
    testRows: Uint32Array.from(values(row => row * 5).filter(row => row < rows)),
  };
}

function countClasses(rows: Uint32Array, of: (row: number) => number): number[] {
  const counts: number[] = [];
  for (const row of rows) counts[of(row)] = (counts[of(row)] ?? 0) + 1;
  return counts.filter(count => count !== undefined);
}

describe('splitRows', () => {
  const dataset = makeDataset(1000);

  it('puts every row in exactly one part and leaves the test rows alone', () => {
    const { train, validation, test } = splitRows(dataset, 0.2, 1);
    expect(test).toEqual(dataset.testRows);
    expect([train.length, validation.length, test.length]).toEqual([640, 160, 200]);
    expect([...train, ...validation, ...test].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 1000 }, (_, row) => row),
    );
  });

  it('gives the same split for the same seed and another for another', () => {
    expect(splitRows(dataset, 0.2, 7)).toEqual(splitRows(dataset, 0.2, 7));
    expect(splitRows(dataset, 0.2, 7).validation).not.toEqual(splitRows(dataset, 0.2, 8).validation);
    expect(splitRows(dataset, 0.2, 8).test).toEqual(dataset.testRows);
  });

  it('takes the same part of each class, of the column asked for', () => {
    // Multiples of five are test rows, so eight classes of 100 rows are left.
    expect(countClasses(splitRows(dataset, 0.2, 3).validation, row => row % 10)).toEqual(Array(8).fill(20));
    expect(countClasses(splitRows(dataset, 0.2, 3, 'half').validation, row => Number(row >= 500))).toEqual([
      80, 80,
    ]);
    expect(splitRows(dataset, 0.2, 3, 'x')).toEqual(splitRows(dataset, 0.2, 3, 'digit'));
  });

  it('leaves a row to train on, however few there are', () => {
    const one = { ...makeDataset(2), testRows: Uint32Array.of(0) };
    expect(splitRows(one, 0.9, 1)).toMatchObject({ train: Uint32Array.of(1), validation: new Uint32Array() });
    expect(splitRows(dataset, 1, 1).train).toHaveLength(1);
  });

  it('keeps the whole at its part where classes are too small for theirs', () => {
    const names = Array.from({ length: 50 }, (_, i) => String(i));
    const values = Int32Array.from({ length: 100 }, (_, row) => row % 50);
    const rare: Dataset = {
      ...dataset,
      rows: 100,
      columns: [{ kind: 'classes', name: 'rare', help: '', classes: names, values }],
      testRows: new Uint32Array(),
    };
    expect(splitRows(rare, 0.2, 1).validation).toHaveLength(20);
  });

  it('works without validation rows and without classes', () => {
    expect(splitRows(dataset, 0, 1).validation).toHaveLength(0);
    expect(splitRows(dataset, 0, 1).train).toHaveLength(800);
    const plain = { ...dataset, columns: dataset.columns.filter(column => column.kind === 'numbers') };
    expect(splitRows(plain, 0.25, 1).validation).toHaveLength(200);
  });
});
