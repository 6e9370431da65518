import { expect, it } from 'vitest';
import { createRandom } from '../../base/random';
import { createPagedReader } from './paged-reader';

const random = createRandom(3);
/** Some twenty pages, more than are kept, the last of them not full. */
const FILE = Uint8Array.from({ length: 20 * 2 ** 20 + 777 }, (_, i) => (i * 2654435761) >>> 24);

it('gives the bytes that stand there, wherever and however many are asked for', () => {
  const read = createPagedReader(FILE.length, (from, to) => FILE.subarray(from, to));
  for (let round = 0; round < 200; round++) {
    const position = random.below(FILE.length + 100);
    const target = new Uint8Array(random.below(round % 20 === 0 ? 3 * 2 ** 20 : 5000));
    const expected = FILE.subarray(position, position + target.length);
    expect(read(target, position)).toBe(expected.length);
    expect(Buffer.compare(target.subarray(0, expected.length), expected)).toBe(0);
  }
});

it('asks once for what is read bit by bit', () => {
  let asked = 0;
  const read = createPagedReader(FILE.length, (from, to) => {
    asked += 1;
    return FILE.subarray(from, to);
  });
  for (let position = 0; position < 3 * 2 ** 20; position += 500) read(new Uint8Array(500), position);
  // The last piece reaches into a fourth page.
  expect(asked).toBe(4);
});
