/** The files that `scripts/keras/training.py` wrote, for tests: what real Keras computes. */
import { readFileSync } from 'node:fs';

export type Nested = number | readonly Nested[];

/** `cases` of that file; its form is the script's to say. */
export function readGolden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8')).cases;
}

export function flat(values: Nested): number[] {
  return typeof values === 'number' ? [values] : values.flatMap(flat);
}

/** The largest difference, relative to Keras' value where that is above `floor` and to `floor` where it is below. */
export function worstDifference(found: ArrayLike<number>, keras: Nested, floor: number): number {
  const wanted = flat(keras);
  if (found.length !== wanted.length) throw new Error(`${found.length} values, Keras has ${wanted.length}`);
  return Math.max(
    ...wanted.map((value, index) => {
      const difference = Math.abs((found[index] ?? Number.NaN) - value);
      // NaN must not pass for the smaller number.
      return Number.isNaN(difference)
        ? Number.POSITIVE_INFINITY
        : difference / Math.max(Math.abs(value), floor);
    }),
  );
}
