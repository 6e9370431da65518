/** `graft-layers.js` as its receiver uses it: a fresh Node process with TensorFlow.js alone, and the files of a download. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, expect, test } from 'vitest';
import { must } from '../../base/assert';
import type { Probes } from '../../formats/protocol';
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

// It bundles the module and starts a process: seconds, and more on a busy machine.
test('a receiver with stock TensorFlow.js and graft-layers.js gets the same answers', {
  timeout: 60_000,
}, async () => {
  const live = buildLiveModel(network);
  const here = tf.tidy(() =>
    must(live.run([tf.tensor2d(INPUT, [2, 4])], { training: false })[0], 'y').dataSync(),
  );
  live.dispose();
  const probes: Probes = {
    inputs: [{ name: 'x', shape: [2, 4], dtype: 'float32', values: INPUT }],
    outputs: [{ name: 'y', shape: [2, 2], dtype: 'float32', values: [...here] }],
  };
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
  for (const name of ['model.json', 'weights.bin', 'graft-layers.js', 'probes.json', 'check.mjs'])
    writeFileSync(join(folder, name), must(files[name], name));
  const check = () => promisify(execFile)(process.execPath, ['check.mjs'], { cwd: folder });
  const { stdout } = await check();
  expect(Number(/largest difference: (\S+)/.exec(stdout)?.[1])).toBeLessThanOrEqual(1e-6);

  // The check fails where the answers are others.
  const [output] = probes.outputs;
  const values = [...here].map(value => value + 0.001);
  const others = { ...probes, outputs: [{ ...output, values }] };
  writeFileSync(join(folder, 'probes.json'), JSON.stringify(others));
  await expect(check()).rejects.toMatchObject({ code: 1 });
});
