/** `graft-layers.js` as its receiver uses it: a fresh Node process with TensorFlow.js alone, and the files of a download. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, expect, test } from 'vitest';
import { must } from '../../base/assert';
import { writeProject } from '../../formats/write-project';
import { EMPTY_DOCUMENT } from '../../graph/document';
import { initialize } from '../../layers/initializers';
import { lookUpLayer } from '../../layers/table';
import type { Network } from '../../network/network';
import { buildLiveModel } from './live-model';

// Beside the packages, so that `@tensorflow/tfjs` is found from there.
mkdirSync('node_modules/.cache', { recursive: true });
const folder = mkdtempSync('node_modules/.cache/graft-layers-');
afterAll(() => rmSync(folder, { recursive: true }));

const INPUT = [0.1, -0.2, 0.3, 0.4, -0.5, 0.6, 0.7, 0.8];

/** Dense with an activation that stock TensorFlow.js lacks. */
const network: Network = initialize(
  {
    name: 'two_layers',
    inputs: [{ name: 'x', shape: [null, 4], dtype: 'float32' }],
    layers: [
      {
        name: 'first',
        type: 'Dense',
        config: { units: 3, activation: 'squareplus' },
        weights: {},
        trainable: true,
      },
      { name: 'second', type: 'Dense', config: { units: 2 }, weights: {}, trainable: true },
    ],
    calls: [
      { id: 'first', layer: 'first', inputs: [{ input: 'x' }] },
      { id: 'second', layer: 'second', inputs: [{ call: 'first', output: 0 }] },
    ],
    outputs: [{ name: 'y', from: { call: 'second', output: 0 } }],
  },
  lookUpLayer,
  1,
);

const RECEIVER = `
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import './graft-layers.js';
const { modelTopology, weightsManifest } = JSON.parse(readFileSync('model.json', 'utf8'));
const file = readFileSync('weights.bin');
const weightData = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
const weightSpecs = weightsManifest.flatMap(group => group.weights);
const model = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
const answer = model.predict(tf.tensor2d(${JSON.stringify(INPUT)}, [2, 4]));
process.stdout.write(JSON.stringify([...answer.dataSync()]));
`;

// It bundles the module and starts a process: seconds, and more on a busy machine.
test('a receiver with stock TensorFlow.js and graft-layers.js gets the same answers', {
  timeout: 60_000,
}, async () => {
  const probes = { inputs: [], outputs: [] };
  const { file } = await writeProject({
    format: 'tfjs',
    savedAt: '2026-11-22T18:30:00.000Z',
    network,
    probes,
    document: EMPTY_DOCUMENT,
    models: [],
    trained: null,
  });
  const files = unzipSync(file);
  expect(strFromU8(must(files['README.txt'], 'README.txt'))).toContain("import './graft-layers.js';");
  for (const name of ['model.json', 'weights.bin', 'graft-layers.js'])
    writeFileSync(join(folder, name), must(files[name], name));
  writeFileSync(join(folder, 'receiver.mjs'), RECEIVER);
  const { stdout } = await promisify(execFile)(process.execPath, ['receiver.mjs'], { cwd: folder });
  const live = buildLiveModel(network);
  const here = tf.tidy(() =>
    must(live.run([tf.tensor2d(INPUT, [2, 4])], { training: false })[0], 'y').dataSync(),
  );
  const there: number[] = JSON.parse(stdout.slice(stdout.lastIndexOf('[')));
  expect(there).toHaveLength(4);
  for (const [i, value] of there.entries()) expect(value).toBeCloseTo(must(here[i], 'a value'), 6);
  live.dispose();
});
