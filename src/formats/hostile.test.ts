/** Files made to do harm, each built here as its maker would, and small rounds of chance damage. `npm run fuzz` has the large ones. */
import { readFileSync } from 'node:fs';
import { BlobReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js/lib/zip-core-native.js';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { must } from '../base/assert';
import { createRandom } from '../base/random';
import type { Hdf5ToWrite } from './hdf5/tree';
import { writeHdf5 } from './hdf5/write-hdf5';
import type { ReadItem, SourceFile } from './protocol';
import { readFiles } from './read-files';
import { mutate } from './testing/fuzz/mutate';
import { toSources } from './testing/fuzz/sources';
import { loadSubjects } from './testing/fuzz/subjects';
import { judge } from './testing/fuzz/verdict';

type Bytes = Uint8Array<ArrayBuffer>;

const json = (value: unknown) => strToU8(JSON.stringify(value)) as Bytes;
const file = (path: string, bytes: Uint8Array): SourceFile => ({ path, blob: new Blob([bytes as Bytes]) });

/** The one refusal, which says what was wrong and what to do. */
async function refusalOf(...files: SourceFile[]): Promise<string> {
  const items = await readFiles(files);
  expect(await judge(files, null)).toEqual({ ended: 'report', problem: null });
  expect(items).toHaveLength(1);
  return must(items[0]?.kind === 'refused' ? items[0].report.refusal : null, 'a refusal').reason;
}

function modelOf(items: readonly ReadItem[]) {
  const [item] = items;
  if (item?.kind !== 'model') throw new Error(JSON.stringify(item));
  return item.model;
}

const layer = (class_name: string, config: object) => ({
  module: 'keras.layers',
  class_name,
  config: { dtype: 'float32', ...config },
});
const dense = (name: string, units: unknown) => layer('Dense', { name, units });
const start = layer('InputLayer', { name: 'x', batch_shape: [null, 2] });
const sequential = (layers: readonly unknown[]) => ({
  class_name: 'Sequential',
  config: { name: 'm', layers },
});

/** Two inputs, three units. */
const KERNEL = { shape: [2, 3], dtype: 'float32', values: new Float32Array(6) } as const;
const BIAS = { shape: [3], dtype: 'float32', values: new Float32Array(3) } as const;
const weightsOf = (kernel: Hdf5ToWrite['datasets']): Hdf5ToWrite => ({
  groups: { layers: { groups: { dense: { groups: { vars: { datasets: kernel ?? {} } } } } } },
});

async function kerasParts(
  config: unknown = sequential([start, dense('d', 3)]),
): Promise<Record<string, Bytes>> {
  return {
    'metadata.json': json({ keras_version: '3.15.1' }),
    'config.json': json(config),
    'model.weights.h5': await writeHdf5(weightsOf({ '0': KERNEL, '1': BIAS })),
  };
}

const kerasFile = async (config?: unknown) =>
  file('m.keras', zipSync(await kerasParts(config), { level: 0 }));

/** Places of the headers of an entry: the local one, and the one in the list at the end. */
function headersOf(zip: Bytes, name: string): { local: number; central: number } {
  const bytes = Buffer.from(zip);
  const find = (signature: string, before: number) => {
    for (let at = bytes.indexOf(signature); at >= 0; at = bytes.indexOf(signature, at + 1)) {
      if (bytes.subarray(at + before).indexOf(name) === 0) return at;
    }
    throw new Error(`${name} isn’t in the zip.`);
  };
  return { local: find('PK\u0003\u0004', 30), central: find('PK\u0001\u0002', 46) };
}

function patch(
  bytes: Bytes,
  ...values: readonly (readonly [at: number, width: 2 | 4, value: number])[]
): Bytes {
  const patched = bytes.slice();
  const view = new DataView(patched.buffer);
  for (const [at, width, value] of values) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
  }
  return patched;
}

describe('zips', () => {
  it('takes no more of an entry than it was said to have', async () => {
    const zip = zipSync({ 'model.json': new Uint8Array(3 * 2 ** 20) }) as Bytes;
    const { local, central } = headersOf(zip, 'model.json');
    const lying = patch(zip, [local + 22, 4, 1000], [central + 24, 4, 1000]);
    expect(await refusalOf(file('x.zip', lying))).toMatch(/is longer than the zip says|is a damaged zip/);
  });

  it('takes an entry that is shorter than it was said to be for damaged', async () => {
    const zip = zipSync({ 'model.json': new Uint8Array(1000) }) as Bytes;
    const { local, central } = headersOf(zip, 'model.json');
    const lying = patch(zip, [local + 22, 4, 2000], [central + 24, 4, 2000]);
    expect(await refusalOf(file('x.zip', lying))).toMatch(/is shorter than the zip says|is a damaged zip/);
  });

  it('counts what a zip within a zip unpacks to against the zip that was dropped', async () => {
    // 100 MB are 100 KB packed once, which alone would be refused, and padded they would not be.
    const padding = Uint8Array.from({ length: 6e5 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24);
    const inner = zipSync({
      ...(await kerasParts()),
      padding: [padding, { level: 0 }],
      'assets/zeros': new Uint8Array(100e6),
    });
    const outer = zipSync({ 'm.keras': inner });
    expect(outer.length).toBeLessThan(100e6 / 200);
    expect(await refusalOf(file('x.zip', outer))).toMatch(/200 times its size/);
  });

  it('refuses entries that share their bytes', async () => {
    const zip = zipSync(
      { 'model.json': json({ modelTopology: 1 }), 'other.json': json({ modelTopology: 2 }) },
      { level: 0 },
    ) as Bytes;
    const [one, two] = [headersOf(zip, 'model.json'), headersOf(zip, 'other.json')];
    expect(await refusalOf(file('x.zip', patch(zip, [two.central + 42, 4, one.local])))).toMatch(
      /damaged zip/,
    );
  });

  it('refuses more entries than a model has', async () => {
    const many = Object.fromEntries(Array.from({ length: 5001 }, (_, i) => [`${i}.txt`, new Uint8Array(1)]));
    expect(await refusalOf(file('x.zip', zipSync(many, { level: 0 })))).toMatch(/more than 5,000 files/);
  });

  it('refuses what is locked with a password', async () => {
    const zip = zipSync(await kerasParts(), { level: 0 }) as Bytes;
    const { local, central } = headersOf(zip, 'config.json');
    const locked = patch(zip, [local + 6, 2, 1], [central + 8, 2, 1]);
    expect(await refusalOf(file('m.keras', locked))).toMatch(/locked with a password/);
  });

  it('reads those of 64 bits', async () => {
    const writer = new ZipWriter(new Uint8ArrayWriter(), { zip64: true, useWebWorkers: false, level: 0 });
    for (const [path, bytes] of Object.entries(await kerasParts())) {
      await writer.add(path, new BlobReader(new Blob([bytes])));
    }
    expect(modelOf(await readFiles([file('m.keras', await writer.close())])).network.layers).toHaveLength(1);
  });

  it.each(['../../config.json', '/config.json', 'C:\\config.json', '..\\..\\config.json'])(
    'takes %s for a name and for nothing else',
    async path => {
      const { 'config.json': config = new Uint8Array(), ...rest } = await kerasParts();
      const files = [file('m.keras', zipSync({ ...rest, [path]: config }, { level: 0 }))];
      expect(await judge(files, null)).toMatchObject({ problem: null });
    },
  );

  it('follows no symbolic link', async () => {
    const link = { os: 3, attrs: 0o120777 << 16 } as const;
    const zip = zipSync({
      'model.json': [strToU8('/etc/passwd'), link],
      'weights.bin': [strToU8('../x'), link],
    });
    expect(await refusalOf(file('x.zip', zip))).toMatch(
      /isn’t valid JSON|no model in it|without the structure/,
    );
  });

  it('refuses a file named __proto__, and takes one named constructor for any other', async () => {
    expect(await refusalOf(file('x.zip', zipSync({ 'a/__proto__/b': strToU8('x') })))).toMatch(
      /known attack/,
    );
    const zip = zipSync({
      ...(await kerasParts()),
      constructor: strToU8('x'),
      'assets/toString': strToU8('x'),
    });
    expect(modelOf(await readFiles([file('m.keras', zip)])).network.layers).toHaveLength(1);
  });
});

describe('JSON', () => {
  it('reads names of JavaScript’s own as names, and changes nothing for others', async () => {
    const layers = ['constructor', 'toString', 'hasOwnProperty', '__proto__'];
    const config = sequential([start, ...layers.map(name => layer('ReLU', { name })), dense('d', 3)]);
    const { network } = modelOf(await readFiles([await kerasFile(config)]));
    expect(network.layers).toHaveLength(5);
    expect(Object.keys(Object.prototype)).toEqual([]);
    const own = strToU8(
      '{"class_name": "Sequential", "config": {"name": "m", "layers": [], "__proto__": {"polluted": 1}}}',
    );
    const parts = { ...(await kerasParts()), 'config.json': own };
    expect(await refusalOf(file('m.keras', zipSync(parts)))).toMatch(/named __proto__/);
    expect('polluted' in {}).toBe(false);
  });

  it.each([
    ['lists', '[],'],
    ['objects', '{},'],
    ['numbers', '0,'],
  ])('refuses millions of %s before they take memory', async (_, item) => {
    const text = `{"modelTopology": {"class_name": "Sequential", "config": [${item.repeat(6e6)}0]}}`;
    expect(await refusalOf(file('model.json', strToU8(text)))).toMatch(/more than 5,000,000 values/);
  });

  it('refuses models that are nested a thousand deep', async () => {
    let text = JSON.stringify(start);
    for (let i = 0; i < 1000; i++) {
      text = `{"class_name":"Sequential","config":{"name":"m${i}","layers":[${text}]}}`;
    }
    const parts = { ...(await kerasParts()), 'config.json': strToU8(text) };
    expect(await refusalOf(file('m.keras', zipSync(parts)))).toMatch(/more than 200 levels deep/);
  });

  it('answers to a hundred thousand layers', async () => {
    const layers = Array.from({ length: 1e5 }, (_, i) => layer('ReLU', { name: `r${i}` }));
    const files = [await kerasFile(sequential([start, ...layers, dense('d', 3)]))];
    expect(await judge(files, null)).toEqual({ ended: 'report', problem: null });
  });

  it.each([2 ** 40, 2 ** 53, 1e308])('takes no memory for %s units', async units => {
    const reason = await refusalOf(await kerasFile(sequential([start, dense('d', units)])));
    expect(reason).toContain(String(units));
  });

  it.each([-(2 ** 40), 0.5, 'many'])('keeps a layer of %s units, which can’t be computed', async units => {
    const { network, report } = modelOf(
      await readFiles([await kerasFile(sequential([start, dense('d', units)]))]),
    );
    expect(report.leftOut.join()).toMatch(/Dense 'd' can’t be computed as the file says: units must be/);
    expect(network.layers.map(({ config }) => config.units)).toEqual([units]);
  });

  it('takes no memory for layers without weights that ask for any amount', async () => {
    const layers = [
      layer('RepeatVector', { name: 'r', n: 2 ** 40 }),
      layer('ZeroPadding1D', { name: 'z', padding: 2 ** 50 }),
      layer('UpSampling1D', { name: 'u', size: 2 ** 53 }),
      layer('Reshape', { name: 's', target_shape: [2 ** 31, 2 ** 31, -1] }),
    ];
    const files = [await kerasFile(sequential([start, dense('d', 3), ...layers]))];
    expect(await judge(files, null)).toMatchObject({ problem: null });
  });

  it('shows the beginnings of names of megabytes', async () => {
    const long = 'x'.repeat(3e6);
    const layers = [{ ...start, config: { ...start.config, name: long } }, dense(`${long}d`, 3)];
    const named = { class_name: 'Sequential', config: { name: long, layers } };
    const labels = { labels: [long, long], tmVersion: '2' };
    const parts = await kerasParts(named);
    const topology = { modelTopology: named, weightsManifest: [] };
    for (const files of [
      [file('m.keras', zipSync(parts, { level: 0 }))],
      [file('model.json', json(topology)), file('metadata.json', json(labels))],
      [file(`${long}.txt`, strToU8('x'))],
      [file(`${long}.keras`, zipSync(parts, { level: 0 }))],
    ]) {
      expect(await judge(files, null)).toMatchObject({ problem: null });
    }
  });
});

describe('weights', () => {
  it('refuses those of another shape, whatever they have in all', async () => {
    const turned = { ...KERNEL, shape: [3, 2] };
    const parts = {
      ...(await kerasParts()),
      'model.weights.h5': await writeHdf5(weightsOf({ '0': turned, '1': BIAS })),
    };
    expect(await refusalOf(file('m.keras', zipSync(parts)))).toMatch(/\[?2, ?3|3, ?2/);
  });

  it('refuses chunks that are packed more than once', async () => {
    const bytes = readFileSync(new URL('./testing/hdf5/packed-twice.h5', import.meta.url));
    const parts = { ...(await kerasParts()), 'model.weights.h5': new Uint8Array(bytes) };
    expect(await refusalOf(file('m.keras', zipSync(parts)))).toMatch(/packed more than once/);
  });

  it('refuses chunks that are a thousand times as large as the file', async () => {
    const bytes = readFileSync(new URL('./testing/hdf5/zeros.h5', import.meta.url));
    const parts = { ...(await kerasParts()), 'model.weights.h5': new Uint8Array(bytes) };
    expect(await refusalOf(file('m.keras', zipSync(parts)))).toMatch(/200 times its size/);
  });

  it('refuses an attribute of more than it can hold', async () => {
    const text = 'x'.repeat(65 * 2 ** 20);
    const bytes = await writeHdf5({ attributes: { model_config: text } });
    expect(await refusalOf(file('m.h5', bytes))).toMatch(/\w{3}/);
  });
});

it.each([
  ['damaged.h5', 'It is named as files of models are and doesn’t begin as such files do.'],
  ['empty.keras', 'It is named as files of models are and is empty.'],
])('doesn’t pass over %s beside a model in silence', async (name, reason) => {
  const bytes = name.startsWith('empty') ? new Uint8Array() : new Uint8Array(100).fill(200);
  const items = await readFiles([file(name, bytes), await kerasFile()]);
  expect(items.map(({ kind }) => kind).sort()).toEqual(['model', 'refused']);
  const refused = items.find(({ kind }) => kind === 'refused');
  expect(refused?.kind === 'refused' ? refused.report.refusal?.reason : null).toBe(reason);
});

const SEED = 1;
const ROUNDS = 10;

describe(`chance damage, seed ${SEED}`, async () => {
  for (const { kind, models, onto } of await loadSubjects()) {
    it(`ends in a model or a report: ${kind}`, async () => {
      const random = createRandom(SEED);
      const problems: string[] = [];
      let reports = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const { files, steps } = mutate(must(models[round % models.length], kind), random);
        const { ended, problem } = await judge(toSources(files), onto);
        if (problem !== null) problems.push(`round ${round} (${steps.join(', ')}): ${problem}`);
        if (ended === 'report') reports += 1;
      }
      expect(problems).toEqual([]);
      // Damage that never shows would prove nothing, nor would files that are never got into.
      expect(reports).toBeGreaterThan(0);
      expect(reports).toBeLessThan(ROUNDS);
    });
  }
});
