import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { must } from '../../base/assert';
import { createRandom } from '../../base/random';
import { Refusal } from '../refusal';
import { withLibrary } from './library';
import { withHdf5 } from './read-hdf5';
import type { Hdf5Group } from './tree';

/** Written by h5py: `scripts/fixtures/make-hdf5-fixtures.py`. */
const FOLDER = new URL('../testing/hdf5/', import.meta.url);
const bytesOf = (name: string) => readFileSync(new URL(`${name}.h5`, FOLDER));
const open = <T>(name: string, use: (root: Hdf5Group) => T | Promise<T>) =>
  withHdf5(new Blob([bytesOf(name)]), `${name}.h5`, use);
/** A sixteenth and less of what is usual, which takes as much less time to be reached. */
const LITTLE = { depth: 4, objects: 400, slabBytes: 2 ** 20 };
const dataset = (group: Hdf5Group, name: string) => must(group.datasets.get(name), name);

async function refusalOf(run: Promise<unknown>): Promise<string> {
  const error = await run.then(
    () => null,
    error => error,
  );
  expect(error).toBeInstanceOf(Refusal);
  expect((error as Refusal).wayOut).not.toBe('');
  return (error as Refusal).reason;
}

it('reads numbers of every width as h5py wrote them', async () => {
  await open('numbers', root => {
    const checked: string[] = [];
    for (const [name, array] of root.datasets) {
      const expected = array.attribute('expect');
      if (typeof expected !== 'string') continue;
      const { shape, values } = JSON.parse(expected) as { shape: number[]; values: (number | string)[] };
      const weight = array.read();
      expect([name, weight.shape, array.shape]).toEqual([name, shape, shape]);
      // Exactly: what float32 can't hold, the script rounded to float32.
      expect([name, ...weight.values]).toEqual([name, ...values.map(Number)]);
      const dtype = name.includes('int') ? 'int32' : name === 'bool' ? 'bool' : 'float32';
      expect([name, weight.dtype]).toEqual([name, dtype]);
      checked.push(name);
    }
    expect(checked).toHaveLength(21);
  });
});

it('names types as NumPy does', async () => {
  await open('numbers', root => {
    const plain = [...root.datasets].filter(([name, { dtype }]) => name === dtype).map(([name]) => name);
    expect(plain.sort()).toEqual(
      `bfloat16 bool compound float128 float16 float32 float64 int16 int32 int64 int8 uint16 uint32 uint64 uint8`.split(
        ' ',
      ),
    );
    expect(dataset(root, 'strings').dtype).toBe('string');
    expect(dataset(root, 'big-endian int').dtype).toBe('int64');
    expect(dataset(root, 'int64 scalar').shape).toEqual([]);
  });
});

it.each([
  ['too large for int32', /2147483648 in the array/],
  ['uint32 too large', /4294967295 in the array/],
  ['strings', /of the type string/],
  ['compound', /of the type compound/],
  ['float128', /of the type float128/],
])('refuses to read ‘%s’ as a weight, and reads on', async (name, reason) => {
  await open('numbers', async root => {
    expect(await refusalOf(Promise.resolve().then(() => dataset(root, name).read()))).toMatch(reason);
    expect([...dataset(root, 'int8').read().values]).toEqual([-128, 127]);
  });
});

it('reads an array without a dataspace as one without values', async () => {
  expect(await open('numbers', root => dataset(root, 'empty').read().values.length)).toBe(0);
});

it('reads attributes of every kind', async () => {
  await open('attributes', root => {
    const values = Object.fromEntries(
      [
        ...[
          'text',
          'bytes',
          'fixed',
          'fixed list',
          'variable list',
          'utf-8 list',
          'empty list',
          'empty text',
        ],
        ...['no strings', 'empty', 'integer', 'large integer', 'real', 'half', 'yes', 'integers', 'matrix'],
        ...['reals', 'big-endian', 'spaces', 'none'],
      ].map(name => [name, root.attribute(name)]),
    );
    expect(values).toEqual({
      text: 'Käse 🧀',
      bytes: 'Käse',
      fixed: 'ab',
      'fixed list': ['dense_1/kernel:0', 'b'],
      'variable list': ['dense', '', 'b'],
      'utf-8 list': ['Käse', 'b'],
      'empty list': [],
      'empty text': '',
      'no strings': [],
      empty: [],
      integer: 3,
      'large integer': 2 ** 40,
      real: 0.5,
      half: 0.25,
      yes: 1,
      integers: [1, 2, 3],
      matrix: [1, 2, 3, 4],
      reals: [0.5, 1.5],
      'big-endian': [1, 2],
      spaces: 'ab',
      none: null,
    });
  });
  expect(await refusalOf(open('attributes', root => root.attribute('compound')))).toMatch(/type compound/);
});

it('takes names of every kind for names', async () => {
  await open('attributes', root => {
    expect(root.attribute('__proto__')).toBe('a name like others');
    expect(root.attribute('constructor')).toBeNull();
    expect([...root.groups.keys()]).toEqual(['Schicht-ä', '__proto__', 'layers\\conv1d\\vars']);
    const proto = must(root.groups.get('__proto__'), '__proto__');
    expect([...proto.groups.keys(), ...proto.datasets.keys()]).toEqual(['constructor', 'toString']);
    expect(dataset(proto, 'toString').path).toBe('__proto__/toString');
    expect([...dataset(proto, 'toString').read().values]).toEqual([1]);
  });
});

it('reads past a user block', async () => {
  expect(await open('user-block', root => [...dataset(root, 'x').read().values])).toEqual([0, 1, 2]);
});

it.each([
  ['soft-link', /link to ‘\/real’ at ‘\/g\/soft’/],
  ['broken-link', /link to ‘\/nowhere’/],
  ['external-link', /link to ‘\/etc\/other.h5’/],
  ['circle', /more than 4 deep, or one that holds itself/],
  ['deep', /more than 4 deep/],
  ['many', /more than 400 groups and arrays/],
])('refuses %s before anything is read', async (name, reason) => {
  const file = new Blob([bytesOf(name)]);
  expect(await refusalOf(withHdf5(file, `${name}.h5`, () => expect.unreachable(), LITTLE))).toMatch(reason);
});

it.each([
  ['lzf', 'x', /compressed with 'lzf'/],
  ['scaleoffset', 'x', /compressed with 'scaleoffset'/],
  ['external-data', 'x', /in another file, 'weights.bin'|in another file, '.*\/weights.bin'/],
  ['external-device', 'x', /in another file, '\/dev\/null'/],
  ['external-self', 'x', /in another file, '\/graft\/file.h5'/],
  ['virtual', 'self', /virtual dataset/],
  ['virtual', 'other', /virtual dataset/],
  ['terabyte', 'chunked', /1,048,576 MB .* 2,048 MB is the most/],
  ['terabyte', 'plain', /200 times its size/],
  ['terabyte', 'overflowing', /2,048 MB is the most/],
  ['terabyte', 'one large chunk', /200 times its size/],
])('refuses to read %s: %s', async (name, array, reason) => {
  expect(await refusalOf(open(name, root => dataset(root, array).read()))).toMatch(reason);
});

it('refuses what is no HDF5, or half of one', async () => {
  const whole = bytesOf('numbers');
  for (const [bytes, reason] of [
    [whole.subarray(0, whole.length / 2), /was cut off/],
    [new Uint8Array(), /isn’t an HDF5 file/],
    [new Uint8Array(5000), /isn’t an HDF5 file/],
  ] as const) {
    expect(await refusalOf(withHdf5(new Blob([bytes.slice()]), 'm.h5', () => 0))).toMatch(reason);
  }
});

// Each that is refused takes a new library. Thousands are read by a script of their own.
it('reads or refuses damaged files, and reads the next one', async () => {
  const random = createRandom(12);
  let refused = 0;
  for (let round = 0; round < 12; round++) {
    const name = round % 2 === 0 ? 'numbers' : 'attributes';
    const bytes = Uint8Array.from(bytesOf(name));
    for (let i = 0; i < 8; i++) bytes[random.below(bytes.length)] = random.below(256);
    try {
      await withHdf5(new Blob([bytes]), name, readEverything);
    } catch (error) {
      if (!(error instanceof Refusal)) throw new Error(`round ${round}`, { cause: error });
      refused += 1;
    }
  }
  expect(refused).toBeGreaterThan(2);
  expect(await open('user-block', root => dataset(root, 'x').read().values.length)).toBe(3);
});

/** Behind the 16 bytes of the heap's own header stands its first object: an index, then, 8 bytes on, its size. */
it.each([
  ['an object of 4 GB, which is none in 32 bits', [[24, 2n ** 32n - 16n]]],
  ['an object larger than its heap', [[24, 5000n]]],
  [
    'free space without a size',
    [
      [16, 0n],
      [24, 0n],
    ],
  ],
  ['a heap that ends after the file', [[8, 2n ** 20n]]],
  ['a heap without a size', [[8, 0n]]],
] as const)('refuses %s among its strings, over which libhdf5 would go round for ever', async (_, damage) => {
  const bytes = Uint8Array.from(bytesOf('attributes'));
  const heap = new DataView(bytes.buffer, Buffer.from(bytes).indexOf('GCOL'));
  for (const [at, value] of damage) heap.setBigUint64(at, value, true);
  expect(await refusalOf(withHdf5(new Blob([bytes]), 'm.h5', readEverything))).toMatch(/is damaged/);
});

function readEverything(group: Hdf5Group): void {
  for (const name of ['expect', 'text', 'fixed list', 'variable list']) group.attribute(name);
  for (const array of group.datasets.values()) {
    array.attribute('expect');
    if (array.attribute('expect') !== null) array.read();
  }
  for (const child of group.groups.values()) readEverything(child);
}

it('leaves nothing behind, whatever happens', async () => {
  const look = () =>
    withLibrary(async ({ module }) => ({
      files: module.FS.readdir('/').sort(),
      open: module.FS.streams.filter(stream => stream != null).length,
      memory: module.HEAPU8.byteLength,
    }));
  const before = await look();
  // Read to the end, refused before and while it is read.
  const names = ['numbers', 'user-block', 'soft-link', 'scaleoffset', 'virtual'];
  for (let round = 0; round < 2; round++) {
    for (const name of names) {
      await open(name, root => {
        for (const array of root.datasets.values()) array.read();
      }).catch(error => expect(error).toBeInstanceOf(Refusal));
    }
    await expect(open('numbers', () => Promise.reject(new TypeError('mine')))).rejects.toThrow('mine');
  }
  expect(await look()).toEqual(before);
});

it('keeps files apart that are open at once', async () => {
  const both = await open('user-block', outer =>
    open('numbers', inner => [dataset(outer, 'x').read().values, dataset(inner, 'int8').read().values]),
  );
  expect(both.map(values => [...values])).toEqual([
    [0, 1, 2],
    [-128, 127],
  ]);
});

it('lets nothing be read after the file has been closed', async () => {
  const root = await open('user-block', root => root);
  expect(() => dataset(root, 'x').read()).toThrow('had been closed');
});
