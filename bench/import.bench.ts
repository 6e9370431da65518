/**
 * How long a model takes from its files to the page, against `tf.loadLayersModel` of the same weights, in turns in one run: in Chromium
 * and in Node. Then what the reader of HDF5 costs, and that it loads only when it is needed. The model is the MobileNetV2 of
 * ../shared/corpus, else a bundled one. Needs `npm run build` and GRAFT_BROWSER. Writes `bench-results/import.json`.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as tf from '@tensorflow/tfjs';
import { type Browser, chromium, type Page } from 'playwright';
import { build, type PreviewServer, preview } from 'vite';
import { expect, test } from 'vitest';
import { dropFiles } from '../e2e/app';
import { graftLayers } from '../scripts/graft-layers-plugin';
import { must } from '../src/base/assert';
import type { ExportFormat, SourceFile, SourceModel } from '../src/formats/protocol';
import { readFiles } from '../src/formats/read-files';
import { writeExport } from '../src/formats/write-export';
import { EMPTY_DOCUMENT } from '../src/graph/document';
import { countParameters } from '../src/network/network';

const ROUNDS = 9;
const CORPUS = '../shared/corpus/tfjs-layers/nsfw_mobilenet_v2_quant';
const BUNDLED = 'public/examples/digits/models/shape_cnn';
const PAGE = 'node_modules/.cache/bench-import';
const SOURCE = 'bench/import';
const FORMATS = { keras: ['model.keras'], h5: ['model.h5'], tfjs: ['model.json', 'weights.bin'] } as const;

type Files = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

test('import', async () => {
  const folder = existsSync(CORPUS) ? CORPUS : BUNDLED;
  const model = await readModel(folder);
  const files = await writeAll(model);
  const inNode = await inTurns(
    names => readInNode(files, names),
    () => loadInNode(files),
  );
  const browser = await chromium.launch({
    executablePath: process.env.GRAFT_BROWSER ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  try {
    const inBrowser = await measureInBrowser(browser, files);
    const loading = await watchLoading(browser, files);
    const result = {
      model: folder,
      parameters: countParameters(model.network),
      bytes: Object.fromEntries([...files].map(([name, bytes]) => [name, bytes.byteLength])),
      rounds: ROUNDS,
      inBrowser,
      inNode,
      ...loading,
    };
    console.log(JSON.stringify(result, null, 2));
    mkdirSync('bench-results', { recursive: true });
    writeFileSync('bench-results/import.json', JSON.stringify(result, null, 2));
    expect(loading.hdf5LoadedAtStart).toBe(false);
    expect(loading.hdf5LoadedByJson).toBe(false);
    expect(loading.hdf5LoadedByH5).toBe(true);
  } finally {
    await browser.close();
  }
});

async function readModel(folder: string): Promise<SourceModel> {
  const files = readdirSync(folder)
    .filter(name => /model\.json$|\.bin$|shard\d+of\d+$/.test(name))
    .map(
      (name): SourceFile => ({
        path: name,
        blob: new Blob([new Uint8Array(readFileSync(join(folder, name)))]),
      }),
    );
  const [item] = await readFiles(files);
  if (item?.kind !== 'model') throw new Error(JSON.stringify(item));
  return item.model;
}

/** Everything that is read, written by Graft: the same weights in float32 each time. */
async function writeAll({ network }: SourceModel): Promise<Files> {
  const write = (format: ExportFormat) =>
    writeExport({
      format,
      savedAt: '2026-11-22T18:30:00.000Z',
      network,
      probes: { inputs: [], outputs: [] },
      document: EMPTY_DOCUMENT,
      models: [],
      trained: null,
    });
  const { modelJson, weightData } = must((await write('tfjs')).layersModel, 'the files for TensorFlow.js');
  return new Map([
    ['model.keras', (await write('keras')).file],
    ['model.h5', (await write('h5')).file],
    ['model.json', new TextEncoder().encode(modelJson)],
    ['weights.bin', new Uint8Array(weightData)],
  ]);
}

interface Times {
  /** Medians in milliseconds. */
  readonly graft: number;
  readonly stock: number;
  /** Of each round, Graft's time by stock's: the median, the smallest and the largest. Below 1 Graft is faster. */
  readonly ratio: readonly [median: number, least: number, most: number];
  readonly first: number;
}

/** Each format in turn with stock TensorFlow.js, so that both have the same machine; the first round of each is for warming up. */
async function inTurns(
  graft: (names: readonly string[]) => Promise<number>,
  stock: () => Promise<number>,
): Promise<Readonly<Record<string, Times>>> {
  const times: Record<string, Times> = {};
  await stock();
  for (const [format, names] of Object.entries(FORMATS)) {
    const first = await graft(names);
    const pairs: (readonly [number, number])[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const own = await graft(names);
      pairs.push([own, await stock()]);
    }
    const ratios = pairs.map(([own, other]) => own / other).sort((a, b) => a - b);
    times[format] = {
      graft: round1(median(pairs.map(([own]) => own))),
      stock: round1(median(pairs.map(([, other]) => other))),
      ratio: [round2(median(ratios)), round2(ratios[0] ?? 0), round2(ratios.at(-1) ?? 0)],
      first: round1(first),
    };
  }
  return times;
}

function median(values: readonly number[]): number {
  return must([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)], 'a value');
}
const round1 = (value: number) => Math.round(value * 10) / 10;
const round2 = (value: number) => Math.round(value * 100) / 100;

async function readInNode(files: Files, names: readonly string[]): Promise<number> {
  const sources = names.map(name => ({ path: name, blob: new Blob([must(files.get(name), name)]) }));
  const start = performance.now();
  const [item] = await readFiles(sources);
  const took = performance.now() - start;
  expect(item?.kind).toBe('model');
  return took;
}

async function loadInNode(files: Files): Promise<number> {
  const [json, weights] = FORMATS.tfjs.map(name => new Blob([must(files.get(name), name)]));
  const start = performance.now();
  const { modelTopology, weightsManifest } = JSON.parse(await must(json, 'the structure').text());
  const weightData = await must(weights, 'the weights').arrayBuffer();
  const weightSpecs = weightsManifest.flatMap((group: { weights: object[] }) => group.weights);
  const model = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
  const took = performance.now() - start;
  model.dispose();
  return took;
}

async function measureInBrowser(browser: Browser, files: Files) {
  await build({
    publicDir: false,
    configFile: false,
    logLevel: 'error',
    base: './',
    plugins: [graftLayers()],
    worker: { format: 'es', plugins: () => [graftLayers()] },
    build: {
      target: 'es2023',
      outDir: join(process.cwd(), PAGE),
      emptyOutDir: true,
      rollupOptions: { input: `${SOURCE}/index.html` },
    },
  });
  mkdirSync(join(PAGE, SOURCE, 'files'));
  for (const [name, bytes] of files) writeFileSync(join(PAGE, SOURCE, 'files', name), bytes);
  const server = await preview({
    configFile: false,
    build: { outDir: PAGE },
    preview: { port: 4192, strictPort: true },
  });
  try {
    const page = await browser.newPage();
    await page.goto(`http://localhost:4192/${SOURCE}/index.html`);
    await page.waitForFunction(() => 'bench' in window);
    const [json, weights] = FORMATS.tfjs;
    return await inTurns(
      names => page.evaluate(given => window.bench.graft(given), names),
      () =>
        page.evaluate(([structure, values]) => window.bench.stock(structure, values), [
          json,
          weights,
        ] as const),
    );
  } finally {
    await close(server);
  }
}

/** The reader of HDF5 has a chunk of its own, which the site asks for with the first file that needs it. */
async function watchLoading(browser: Browser, files: Files) {
  const chunks = readdirSync('dist/assets').filter(name => name.endsWith('.js'));
  const hdf5 = must(
    chunks.find(name => name.startsWith('hdf5_util')),
    'the chunk of HDF5',
  );
  const asked: string[] = [];
  const server = await preview({ preview: { port: 4193, strictPort: true } });
  server.httpServer.on('request', ({ url }) => asked.push(url ?? ''));
  const isLoaded = () => asked.some(url => url.endsWith(hdf5));
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto('http://localhost:4193/');
    await page.getByTestId('node-shape_cnn-1').waitFor();
    const hdf5LoadedAtStart = isLoaded();
    await bringIn(page, 'plain', FORMATS.tfjs, files);
    const hdf5LoadedByJson = isLoaded();
    await bringIn(page, 'whole', FORMATS.h5, files);
    const workers = asked.filter(url => /\/worker-[^/]*\.js$/.test(url));
    const sizes = [...new Set([...workers, `/assets/${hdf5}`])].map(url => {
      const bytes = readFileSync(join('dist', url));
      return { chunk: url, bytes: bytes.byteLength, gzip: gzipSync(bytes).byteLength };
    });
    return { hdf5LoadedAtStart, hdf5LoadedByJson, hdf5LoadedByH5: isLoaded(), sizes };
  } finally {
    await close(server);
  }
}

/** Drops the files in a folder of that name, and waits for the node. */
async function bringIn(page: Page, name: string, names: readonly string[], files: Files): Promise<void> {
  const folder = join(process.cwd(), PAGE, name);
  mkdirSync(folder, { recursive: true });
  const paths = names.map(file => join(folder, file.replace(/^model\.h5$/, `${name}.h5`)));
  for (const [i, path] of paths.entries()) writeFileSync(path, must(files.get(names[i] ?? ''), path));
  const before = await page.locator('.react-flow__node').count();
  await dropFiles(page, paths, { x: 480, y: 300 });
  await page.locator('.react-flow__node').nth(before).waitFor({ state: 'attached' });
}

function close(server: PreviewServer): Promise<unknown> {
  return new Promise(resolve => server.httpServer.close(resolve));
}
