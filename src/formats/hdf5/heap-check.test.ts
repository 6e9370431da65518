import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { BEYOND, heapsAreSound } from './heap-check';

const bytes = new Uint8Array(readFileSync(new URL('../testing/hdf5/attributes.h5', import.meta.url)));
const heap = Buffer.from(bytes).indexOf('GCOL');

/** As the file is read in two parts, the first of which ends before `border`. */
function isSound(file: Uint8Array, border: number): boolean {
  const read = (at: number, count: number) => file.subarray(at, at + count);
  const parts = [
    [0, border],
    [border, file.length],
  ] as const;
  return parts.every(([from, to]) => heapsAreSound(read(from, to - from + BEYOND), from, to, read));
}

it('finds each heap in the part in which it begins, wherever the border falls', () => {
  const damaged = bytes.slice();
  damaged.fill(0, heap + 16, heap + 32);
  for (let border = heap - 20; border < heap + 50; border++) {
    expect([border, isSound(bytes, border)]).toEqual([border, true]);
    expect([border, isSound(damaged, border)]).toEqual([border, false]);
  }
});

it('takes numbers that look like the signature for numbers', () => {
  const numbers = new Uint8Array(64).fill(0x99);
  numbers.set([0x47, 0x43, 0x4f, 0x4c, 1], 10);
  expect(isSound(numbers, 32)).toBe(true);
});
