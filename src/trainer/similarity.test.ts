import { describe, expect, test } from 'vitest';
import { createRandom, type Random } from '../base/random';
import { type Features, linearCka, type Similarity } from './similarity';
import numpyCases from './testing/similarity.json';

function features(rows: number, size: number, value: (row: number, column: number) => number): Features {
  const values = Float32Array.from({ length: rows * size }, (_, i) => value(Math.floor(i / size), i % size));
  return { rows, size, values };
}

function normal(rows: number, size: number, random: Random): Features {
  return features(rows, size, () => random.normal());
}

/** `x` times a matrix of `[size, columns]`. */
function times(x: Features, matrix: readonly (readonly number[])[]): Features {
  return features(x.rows, matrix[0]?.length ?? 0, (row, column) =>
    matrix.reduce((sum, line, i) => sum + (x.values[row * x.size + i] ?? 0) * (line[column] ?? 0), 0),
  );
}

/** A random orthogonal matrix: Gram and Schmidt's columns of normal numbers. */
function rotation(size: number, random: Random): number[][] {
  const columns: number[][] = [];
  while (columns.length < size) {
    let column = Array.from({ length: size }, () => random.normal());
    for (const other of columns) {
      const along = column.reduce((sum, value, i) => sum + value * (other[i] ?? 0), 0);
      column = column.map((value, i) => value - along * (other[i] ?? 0));
    }
    const norm = Math.hypot(...column);
    columns.push(column.map(value => value / norm));
  }
  return columns[0]?.map((_, row) => columns.map(column => column[row] ?? 0)) ?? [];
}

function known(similarity: Similarity | null): Similarity {
  if (similarity === null) throw new Error('No similarity');
  return similarity;
}

describe('against plain numpy with whole kernel matrices', () => {
  for (const { name, rows, a, b, cka, debiased, error } of numpyCases) {
    for (const form of ['features', 'rows'] as const) {
      test(`${name}, by ${form}`, () => {
        const x = { rows, size: a.length / rows, values: Float32Array.from(a) };
        const y = { rows, size: b.length / rows, values: Float32Array.from(b) };
        const found = known(linearCka(x, y, form));
        // numpy centres only in the kernels: far from 0 that costs it digits.
        expect(found.cka).toBeCloseTo(cka, 7);
        expect(found.debiased).toBeCloseTo(debiased, 7);
        expect(found.error).toBeCloseTo(error, 7);
      });
    }
  }
});

describe('planted cases', () => {
  const random = createRandom(11);
  const x = normal(400, 24, random);

  test('features with themselves: 1', () => {
    expect(known(linearCka(x, x)).cka).toBeCloseTo(1, 9);
    expect(known(linearCka(x, x)).debiased).toBeCloseTo(1, 9);
  });

  test('rotated: 1, within what rounding to 32 bits leaves', () => {
    const rotated = times(x, rotation(24, random));
    expect(Math.abs(known(linearCka(x, rotated)).cka - 1)).toBeLessThanOrEqual(1e-6);
    expect(Math.abs(known(linearCka(x, rotated)).debiased - 1)).toBeLessThanOrEqual(1e-6);
  });

  test('scaled and moved, by a lot: 1', () => {
    const moved = { ...x, values: x.values.map(value => value * 512 + 2048) };
    expect(Math.abs(known(linearCka(x, moved)).cka - 1)).toBeLessThanOrEqual(1e-6);
    const tiny = { ...x, values: x.values.map(value => value * 2 ** -100) };
    expect(known(linearCka(x, tiny)).cka).toBeCloseTo(1, 9);
  });

  test('stretched along one axis alone: less than 1, since CKA is no matter of any linear map', () => {
    const stretched = features(
      x.rows,
      x.size,
      (row, column) => (x.values[row * x.size + column] ?? 0) * (column === 0 ? 20 : 1),
    );
    expect(known(linearCka(x, stretched)).cka).toBeLessThan(0.5);
  });

  test('independent: the plain one as biased as is expected, the debiased one about 0', () => {
    for (const [rows, p, q] of [
      [100, 32, 48],
      [4000, 32, 48],
    ] as const) {
      const found = known(linearCka(normal(rows, p, random), normal(rows, q, random)));
      const bias = Math.sqrt((p * q) / ((rows + p) * (rows + q)));
      expect(Math.abs(found.cka / bias - 1)).toBeLessThan(0.1);
      // Within three of its own standard errors.
      expect(Math.abs(found.debiased)).toBeLessThan(3 * found.error);
      expect(found.error).toBeLessThan(0.05);
    }
  });

  test('the standard error is that of drawing other rows', () => {
    const mix = Array.from({ length: 6 }, () => Array.from({ length: 6 }, () => random.normal()));
    const draws = Array.from({ length: 60 }, () => {
      const a = normal(120, 6, random);
      const b = times(a, mix);
      const noisy = { ...b, values: b.values.map(value => value + 4 * random.normal()) };
      return known(linearCka(a, noisy));
    });
    const middle = draws.reduce((sum, { debiased }) => sum + debiased, 0) / draws.length;
    const spread = Math.sqrt(
      draws.reduce((sum, { debiased }) => sum + (debiased - middle) ** 2, 0) / (draws.length - 1),
    );
    const said = draws.reduce((sum, { error }) => sum + error, 0) / draws.length;
    expect(said / spread).toBeGreaterThan(0.7);
    expect(said / spread).toBeLessThan(1.5);
  });
});

test('nothing is said of features that never change, nor over too few rows', () => {
  const random = createRandom(5);
  const x = normal(50, 3, random);
  expect(
    linearCka(
      x,
      features(50, 2, () => 0.1),
    ),
  ).toBeNull();
  expect(linearCka(normal(10, 3, random), normal(10, 3, random))).toBeNull();
});
