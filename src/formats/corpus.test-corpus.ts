/**
 * Real files by other people, from ../shared/corpus beside the repository. Run with
 * `vitest run --config vitest.corpus.config.ts`; it fails if the files aren't there.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import type { ReadItem, SourceFile } from './protocol';
import { readFiles } from './read-files';
import { compareAnswers, loadStock, predictAll, randomInputs } from './testing/stock';

const CORPUS = join(process.cwd(), '..', 'shared', 'corpus');
if (!existsSync(join(CORPUS, 'manifest.json'))) {
  throw new Error('The corpus isn’t there: put it beside the repository, as ../shared/corpus.');
}

const counts = { read: 0, compared: 0, refused: 0 };
afterAll(() => {
  console.info(
    `corpus: ${counts.read} models read, ${counts.compared} of them compared with stock TensorFlow.js, ${counts.refused} files refused with a reason`,
  );
});

function folders(kind: string): string[] {
  return readdirSync(join(CORPUS, kind), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name);
}

function filesOf(folder: string): SourceFile[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(entry => {
      const path = join(entry.parentPath, entry.name);
      return {
        path: relative(join(folder, '..'), path),
        blob: new Blob([new Uint8Array(readFileSync(path))]),
      };
    });
}

/** The folder as stock TensorFlow.js opens it, shards joined first: it miscounts the last one. */
async function openStock(folder: string): Promise<tf.LayersModel> {
  const json = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
  const groups: { paths: string[]; weights: tf.io.WeightsManifestEntry[] }[] = json.weightsManifest;
  const shards = groups.flatMap(group =>
    group.paths.map(path => new Uint8Array(readFileSync(join(folder, path))).buffer),
  );
  return tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: json.modelTopology,
      weightSpecs: groups.flatMap(group => group.weights),
      weightData: tf.io.CompositeArrayBuffer.join(shards),
    }),
  );
}

const FORMATS: Readonly<Record<string, string>> = {
  onnx: 'ONNX model',
  pb: 'TensorFlow SavedModel',
  tflite: 'TensorFlow Lite model',
};

function expectRefusal(items: readonly ReadItem[], ending = ''): void {
  expect(items).toHaveLength(1);
  const [item] = items;
  if (item?.kind !== 'refused') throw new Error(`It was read as ${item?.kind}`);
  expect(item.report.refusal?.reason).toMatch(/\w{3}.*\.$/);
  expect(item.report.refusal?.wayOut).toMatch(/\w{3}.*\.$/);
  expect(item.report.refusal?.reason).not.toMatch(/nobody foresaw/);
  if (FORMATS[ending] !== undefined) expect(item.report.format).toBe(FORMATS[ending]);
  counts.refused++;
}

describe('TensorFlow.js Layers models', () => {
  it.each(folders('tfjs-layers'))('%s', async name => {
    const folder = join(CORPUS, 'tfjs-layers', name);
    const [item, ...others] = await readFiles(filesOf(folder));
    expect(others).toEqual([]);
    if (item?.kind !== 'model')
      throw new Error(JSON.stringify(item?.kind === 'refused' ? item.report : item));
    const { network, report } = item.model;
    console.info(`${name}: ${report.repairs.length} repairs, ${report.leftOut.length} things left out`);
    counts.read++;
    const again = await loadStock(network);
    const inputs = randomInputs(network.inputs);
    const answers = predictAll(again, inputs);
    const original = await openStock(folder);
    const expected = predictAll(original, inputs);
    // The answers are probabilities; a float32 network of fifty layers is exact to about 1e-6.
    expect(compareAnswers(answers, expected)).toBeLessThanOrEqual(1e-5);
    counts.compared++;
  });
});

describe.each(['tfjs-graph'])('%s', kind => {
  it.each(folders(kind))('%s is recognised and refused', async name => {
    expectRefusal(await readFiles(filesOf(join(CORPUS, kind, name))));
  });
});

describe.each(['other'])('%s', kind => {
  it.each(readdirSync(join(CORPUS, kind)))('%s is recognised and refused', async name => {
    expectRefusal(
      await readFiles([
        { path: name, blob: new Blob([new Uint8Array(readFileSync(join(CORPUS, kind, name)))]) },
      ]),
    );
  });
});
