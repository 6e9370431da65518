import { describe, expect, it } from 'vitest';
import { readBundledDataset } from './bundled-dataset';

const description = {
  id: 'made',
  name: 'Made',
  credit: 'Nobody.',
  rows: 2,
  columns: [
    { kind: 'numbers', name: 'x', help: 'h', rowShape: [2], file: 'x.bin', divideBy: 4 },
    { kind: 'classes', name: 'y', help: 'h', classes: ['a', 'b'], file: 'y.bin' },
  ],
  testRows: [1],
};

function serve(files: Record<string, Uint8Array<ArrayBuffer>>) {
  return async (path: string) => files[path] ?? new TextEncoder().encode(JSON.stringify(description));
}

describe('readBundledDataset', () => {
  it('reads columns from their files', async () => {
    const fetchBytes = serve({ 'made/x.bin': Uint8Array.of(0, 1, 2, 4), 'made/y.bin': Uint8Array.of(1, 0) });
    const dataset = await readBundledDataset('made', fetchBytes);
    expect(dataset).toMatchObject({ id: 'made', rows: 2, testRows: Uint32Array.of(1) });
    expect(dataset.columns.map(({ values }) => values)).toEqual([
      Float32Array.of(0, 0.25, 0.5, 1),
      Int32Array.of(1, 0),
    ]);
  });

  it('refuses a file that is cut short', async () => {
    const fetchBytes = serve({ 'made/x.bin': Uint8Array.of(0, 1, 2), 'made/y.bin': Uint8Array.of(1, 0) });
    await expect(readBundledDataset('made', fetchBytes)).rejects.toThrow(
      'made/x.bin has 3 bytes instead of 4',
    );
  });
});
