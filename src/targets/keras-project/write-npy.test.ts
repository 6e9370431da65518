import { expect, test } from 'vitest';
import { writeNpy } from './write-npy';

/** https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html#format-version-1-0, read by the letter. */
function parseNpy(bytes: Uint8Array<ArrayBuffer>) {
  expect([...bytes.subarray(0, 8)]).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  const start = 10 + new DataView(bytes.buffer).getUint16(8, true);
  return {
    header: new TextDecoder().decode(bytes.subarray(10, start)),
    start,
    data: bytes.buffer.slice(start),
  };
}

test.each([
  [[2, 3], Float32Array.of(1, -2, 0.5, 4, 5, Number.NaN), "'<f4'", '(2, 3,)', Float32Array],
  [[3], Int32Array.of(1, -2, 3), "'<i4'", '(3,)', Int32Array],
  [[1], Uint32Array.of(2 ** 32 - 1), "'<u4'", '(1,)', Uint32Array],
] as const)(
  'an array of %j says what it is, and its values can be mapped into memory',
  (shape, values, type, tuple, kind) => {
    const { header, start, data } = parseNpy(writeNpy(shape, values));
    expect(header.trimEnd()).toBe(`{'descr': ${type}, 'fortran_order': False, 'shape': ${tuple}, }`);
    expect(header.endsWith('\n')).toBe(true);
    expect(start % 64).toBe(0);
    expect(new kind(data)).toEqual(values);
  },
);

test('a part of a larger buffer is written without the rest', () => {
  const { data } = parseNpy(writeNpy([2], Float32Array.of(1, 2, 3, 4).subarray(1, 3)));
  expect([...new Float32Array(data)]).toEqual([2, 3]);
});
