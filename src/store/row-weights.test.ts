import { describe, expect, test } from 'vitest';
import type { Head } from '../compiler/result';
import type { ClassesColumn, Dataset, NumbersColumn } from '../data/dataset';
import { makeLoss } from '../graph/objectives';
import { balanceClasses, findSampleWeightProblem, weighRows } from './row-weights';

const kind: ClassesColumn = {
  kind: 'classes',
  name: 'kind',
  help: '',
  classes: ['cat', 'dog', 'eel', 'none'],
  values: Int32Array.of(0, 1, 1, 2, 2, 2, 0, 0),
};
const importance: NumbersColumn = {
  kind: 'numbers',
  name: 'importance',
  help: '',
  rowShape: [],
  values: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8),
};
const dataset: Dataset = {
  id: 'd',
  name: 'd',
  credit: '',
  rows: 8,
  columns: [kind, importance],
  testRows: Uint32Array.of(6, 7),
};
const head = (classWeights: Head['classWeights']): Head => ({
  output: 'y',
  node: 'output-1',
  column: 'kind',
  loss: makeLoss('categorical_crossentropy'),
  lossWeight: 1,
  metrics: [],
  classWeights,
});

describe('balancing', () => {
  test('weighs by rows / (classes × rows of the class), over the rows outside the test set', () => {
    // Six rows: one cat, two dogs, three eels. scikit-learn: 6 / (3 × [1, 2, 3]).
    expect(balanceClasses(kind, dataset.testRows)).toEqual({ cat: 2, dog: 1, eel: 0.666667 });
  });
});

describe('rows', () => {
  test('all count alike where nothing is said', () => {
    expect(weighRows([head(null)], dataset, null)).toEqual({ training: [null], validation: [null] });
  });

  test('count by sample weight times class weight, and in validation by the former alone', () => {
    const { training, validation } = weighRows(
      [head({ dog: 10, eel: 0 }), head(null)],
      dataset,
      'importance',
    );
    expect([...(training[0] ?? [])]).toEqual([1, 20, 30, 0, 0, 0, 7, 8]);
    expect(training[1]).toBe(importance.values);
    expect(validation).toEqual([importance.values, importance.values]);
  });
});

describe('a column of sample weights', () => {
  const of = (...values: number[]) =>
    findSampleWeightProblem({ ...importance, values: Float32Array.from(values) });
  test('is fine with zeros among its numbers', () => expect(of(0, 1, 2)).toBeNull());
  test('says where it holds no number', () => expect(of(1, Number.NaN, 2)).toContain('NaN in row 2'));
  test('says where it is negative', () => expect(of(1, 2, -3)).toContain('-3 in row 3'));
  test('must not be 0 everywhere', () => expect(of(0, 0)).toContain('0 in every row'));
  test('has one number a row', () =>
    expect(findSampleWeightProblem({ ...importance, rowShape: [2] })).toContain('several numbers'));
});
