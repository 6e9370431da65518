import { describe, expect, it } from 'vitest';
import type { ClassesColumn, NumbersColumn } from './dataset';
import { inputArray, targetArray, toInput, toTarget } from './to-arrays';

const numbers = (name: string, rowShape: readonly number[], values: number[]): NumbersColumn => ({
  kind: 'numbers',
  name,
  help: '',
  rowShape,
  values: Float32Array.from(values),
});
const pair = numbers('pair', [2], [1, 2, 3, 4, 5, 6]);
const single = numbers('single', [], [7, 8, 9]);
const colour: ClassesColumn = {
  kind: 'classes',
  name: 'colour',
  help: '',
  classes: ['red', 'green', 'blue'],
  values: Int32Array.from([2, 0, 1]),
};
const even: ClassesColumn = {
  kind: 'classes',
  name: 'even',
  help: '',
  classes: ['odd', 'even'],
  values: Int32Array.from([1, 0, 1]),
};

describe('inputArray', () => {
  it('gives the rows of a column, as floats or whole numbers', () => {
    const values = Float32Array.from([1, 2, 3, 4, 5, 6]);
    expect(inputArray(pair, [null, 2], 'float32')).toEqual({ shape: [3, 2], dtype: 'float32', values });
    expect(inputArray(pair, [null, null], 'int32')).toEqual({
      shape: [3, 2],
      dtype: 'int32',
      values: Int32Array.from(values),
    });
  });

  it('makes one number a row a row of one value', () => {
    expect(inputArray(single, [null, 1], 'float32').shape).toEqual([3, 1]);
    expect(inputArray(single, [null], 'float32').shape).toEqual([3]);
  });

  it('copies: a transfer must not empty the data set', () => {
    expect(inputArray(pair, [null, 2], 'float32').values).not.toBe(pair.values);
    expect(targetArray(colour, 'sparse_categorical_crossentropy', [null, 3]).values).not.toBe(colour.values);
  });

  it('says what does not fit', () => {
    expect(toInput(pair, [null, 8, 8, 1], 'float32')).toEqual({
      problem: "'pair' has 2 in each row, and the input takes 8 × 8 × 1.",
    });
    expect(toInput(colour, [null, 3], 'float32')).toEqual({
      problem: "'colour' holds classes; an input takes a column of numbers.",
    });
    expect(toInput(pair, [null, 2], 'string')).toHaveProperty('problem');
    expect(() => inputArray(pair, [null, 3], 'float32')).toThrow("'pair' has 2 in each row");
  });
});

describe('targetArray', () => {
  it('gives class indices for sparse categorical crossentropy', () => {
    expect(targetArray(colour, 'sparse_categorical_crossentropy', [null, 3])).toEqual({
      shape: [3],
      dtype: 'int32',
      values: Int32Array.from([2, 0, 1]),
    });
  });

  it('gives one-hot rows for categorical crossentropy', () => {
    expect(targetArray(colour, 'categorical_crossentropy', [null, 3])).toEqual({
      shape: [3, 3],
      dtype: 'float32',
      values: Float32Array.from([0, 0, 1, 1, 0, 0, 0, 1, 0]),
    });
  });

  it('gives 0 and 1 for binary crossentropy', () => {
    expect(targetArray(even, 'binary_crossentropy', [null, 1])).toEqual({
      shape: [3, 1],
      dtype: 'float32',
      values: Float32Array.from([1, 0, 1]),
    });
  });

  it('gives what the other losses of classes take, and numbers where they take those too', () => {
    expect(targetArray(colour, 'categorical_hinge', [null, 3]).shape).toEqual([3, 3]);
    expect(targetArray(colour, 'kl_divergence', [null, 3]).shape).toEqual([3, 3]);
    expect(targetArray(even, 'hinge', [null, 1]).values).toEqual(Float32Array.from([1, 0, 1]));
    for (const loss of ['binary_crossentropy', 'kl_divergence', 'squared_hinge', 'poisson'] as const)
      expect(targetArray(pair, loss, [null, 2]).values).toEqual(pair.values);
  });

  it('gives numbers as they are', () => {
    expect(targetArray(pair, 'mean_squared_error', [null, 2]).values).toEqual(pair.values);
    expect(targetArray(single, 'huber', [null, 1]).shape).toEqual([3, 1]);
  });

  it.each([
    [colour, 'mean_squared_error', [null, 3], 'mean_squared_error needs a column of numbers'],
    [colour, 'binary_crossentropy', [null, 1], "binary_crossentropy needs two classes, and 'colour' has 3."],
    [colour, 'sparse_categorical_crossentropy', [null, 10], "'colour' has 3 classes"],
    [even, 'binary_crossentropy', [null, 2], 'needs 1, and the network predicts 2.'],
    [pair, 'categorical_crossentropy', [null, 2], 'categorical_crossentropy needs a column of classes'],
    [pair, 'mean_absolute_error', [null, 3], "'pair' has 2 in each row, and the network predicts 3."],
  ] as const)('says what does not fit: %o with %s', (column, loss, shape, part) => {
    const result = toTarget(column, loss, shape);
    expect('problem' in result && result.problem).toContain(part);
    expect(() => targetArray(column, loss, shape)).toThrow(part);
  });
});
