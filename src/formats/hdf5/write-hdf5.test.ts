import { expect, it } from 'vitest';
import { must } from '../../base/assert';
import { createRandom } from '../../base/random';
import { withHdf5 } from './read-hdf5';
import type { Hdf5Group, Hdf5ToWrite } from './tree';
import { asciiJson, writeHdf5 } from './write-hdf5';

const TREE: Hdf5ToWrite = {
  attributes: {
    model_config: asciiJson({ name: 'Käse 🧀', layers: [1, 2] }),
    // Larger than the 64 KB that an object's header holds: a string stands elsewhere, a list makes the header another.
    large: 'x'.repeat(200_000),
    'large list': Array.from({ length: 9000 }, (_, i) => i),
    layer_names: ['dense', 'dense_1', 'Schicht ä', ''],
    empty: '',
    none: [],
    whole: 3,
    real: 0.5,
    reals: [0.5, -1.5],
    negative: [-1, 2 ** 40],
  },
  groups: {
    z: {
      attributes: { weight_names: ['dense/kernel:0'] },
      groups: { dense: { datasets: { 'kernel:0': array([2, 3], [1, -2.5, 3, 0, 1e-30, 6]) } }, vars: {} },
    },
    a: { groups: { 'layers\\lstm': { attributes: { name: 'lstm' } } } },
  },
  datasets: {
    ints: { shape: [2], dtype: 'int32', values: Int32Array.of(-(2 ** 31), 2 ** 31 - 1) },
    count: { shape: [], dtype: 'int64', values: Int32Array.of(-7) },
    mask: { shape: [3], dtype: 'bool', values: Uint8Array.of(1, 0, 1) },
    nothing: array([0, 4], []),
  },
};

function array(shape: number[], values: number[]) {
  return { shape, dtype: 'float32', values: Float32Array.from(values) } as const;
}

const blobOf = async (tree: Hdf5ToWrite) => new Blob([await writeHdf5(tree)]);

it('writes what is read back equal', async () => {
  await withHdf5(await blobOf(TREE), 'written.h5', root => {
    for (const [name, value] of Object.entries(TREE.attributes ?? {})) {
      expect([name, root.attribute(name)]).toEqual([name, value]);
    }
    const dense = must(root.groups.get('z')?.groups.get('dense'), 'z/dense');
    expect(dense.path).toBe('z/dense');
    const kernel = must(dense.datasets.get('kernel:0'), 'kernel:0');
    expect(kernel.read()).toEqual(array([2, 3], [1, -2.5, 3, 0, 1e-30, 6]));
    expect(root.groups.get('z')?.attribute('weight_names')).toEqual(['dense/kernel:0']);
    expect(root.groups.get('z')?.groups.get('vars')?.datasets.size).toBe(0);
    expect(root.groups.get('a')?.groups.get('layers\\lstm')?.attribute('name')).toBe('lstm');
    const arrays = [...root.datasets].map(([name, { dtype, shape, read }]) => [
      name,
      dtype,
      shape,
      read().values,
    ]);
    expect(arrays).toEqual([
      ['count', 'int64', [], Int32Array.of(-7)],
      ['ints', 'int32', [2], Int32Array.of(-(2 ** 31), 2 ** 31 - 1)],
      ['mask', 'uint8', [3], Int32Array.of(1, 0, 1)],
      ['nothing', 'float32', [0, 4], Float32Array.of()],
    ]);
  });
});

it('writes and reads arrays of more than one slab, down to the last bit', async () => {
  const random = createRandom(5);
  // 250 KB in rows of 20 bytes, and 200 KB in a single row, which is a slab for itself.
  const limits = { depth: 2, objects: 10, slabBytes: 100_000 };
  const long = Float32Array.from({ length: 5 * 12_500 }, () => random.normal());
  const wide = Float32Array.from({ length: 50_000 }, () => random.normal());
  const blob = await blobOf({
    datasets: {
      long: { shape: [12_500, 5], dtype: 'float32', values: long },
      wide: { shape: [1, 50_000], dtype: 'float32', values: wide },
    },
  });
  const check = (root: Hdf5Group) => {
    for (const [name, values] of [
      ['long', long],
      ['wide', wide],
    ] as const) {
      const read = must(root.datasets.get(name), name).read();
      expect(Buffer.compare(bytesOf(read.values), bytesOf(values))).toBe(0);
    }
  };
  await withHdf5(blob, 'large.h5', check, limits);
});

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

it('writes the same bytes at any time', async () => {
  const { now } = Date;
  const first = await writeHdf5(TREE);
  expect(Date.now).toBe(now);
  try {
    Date.now = () => now() + 86_400_000;
    expect(Buffer.compare(await writeHdf5(TREE), first)).toBe(0);
  } finally {
    Date.now = now;
  }
});

it.each([
  [{ groups: { 'a/b': {} } }, 'named "a/b"'],
  [{ groups: { '': {} } }, 'named ""'],
  [{ groups: { '.': {} } }, 'named "."'],
  [{ attributes: { 'a\0': 1 } }, 'named'],
  [{ attributes: { a: 'b\0c' } }, 'a null in the attribute a'],
  [{ datasets: { a: array([2], [1]) } }, '1 values and the shape [2]'],
  [{ groups: { a: {} }, datasets: { a: array([1], [1]) } }, 'both a group and a dataset'],
])('throws what it can’t write: %j', async (tree: Hdf5ToWrite, message) => {
  await expect(writeHdf5(tree)).rejects.toThrow(message);
});

it('escapes JSON as Python does', () => {
  // json.dumps({'a': 'Käse 🧀 \x7f\n'}), but for the spaces between
  expect(asciiJson({ a: 'Käse 🧀 \u007f\n' })).toBe('{"a":"K\\u00e4se \\ud83e\\uddc0 \\u007f\\n"}');
});
