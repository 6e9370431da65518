/**
 * Runs the check that goes with each Keras file (`src/formats/checks.ts`) as whoever receives the file would, and sees it fail where
 * the answers are others: `node scripts/keras/checks.mjs <python with Keras 3>`. It prints `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { withAppModules } from './ask-keras.mjs';

const [python = 'python3'] = process.argv.slice(2);
const folder = await mkdtemp(path.join(os.tmpdir(), 'graft-checks-'));
const counts = { passed: 0, failed: 0 };

function expect(what, isRight, output) {
  counts[isRight ? 'passed' : 'failed'] += 1;
  if (!isRight) console.log(`FAILED ${what}\n${output}`);
}

/** Two inputs, two outputs, and a layer that is called twice. */
function makeNetwork(draw) {
  const draft = draw('both');
  const [a, b] = [draft.input('a', [null, 4]), draft.input('b', [null, 4])];
  const shared = draft.layer('shared', 'Dense', { units: 3, activation: 'tanh' });
  const joined = draft.call(
    draft.layer('joined', 'Concatenate', {}),
    draft.call(shared, a),
    draft.call(shared, b),
  );
  draft.output('kind', draft.call(draft.layer('kind', 'Dense', { units: 2, activation: 'softmax' }), joined));
  draft.output('size', draft.call(draft.layer('size', 'Dense', { units: 1 }), joined));
  return draft.finish();
}

try {
  await withAppModules(async load => {
    const { writeExport } = await load('/src/formats/write-export.ts');
    const { draw } = await load('/src/layers/testing/networks.ts');
    const { randomProbes, toProbes } = await load('/src/store/export-flow.ts');
    const { predict } = await load('/src/trainer/predict.ts');
    const { EMPTY_DOCUMENT } = await load('/src/graph/document.ts');
    const network = makeNetwork(draw);
    const inputs = randomProbes(network.inputs, 5, 1);
    const { outputs } = await predict({ network, inputs, backend: 'cpu' });
    const probes = toProbes(network, inputs, outputs);
    for (const format of ['keras', 'h5']) {
      const { file, companions } = await writeExport({
        format,
        network,
        probes,
        savedAt: '2026-11-22T18:30:00.000Z',
        document: EMPTY_DOCUMENT,
        models: [],
        trained: null,
      });
      for (const { path: name, bytes } of [{ path: `model.${format}`, bytes: file }, ...companions])
        await writeFile(path.join(folder, name), bytes);
      const check = () => spawnSync(python, [path.join(folder, 'check.py')], { encoding: 'utf8' });
      const right = check();
      expect(`${format}: the check`, right.status === 0, right.stdout + right.stderr);
      const [first, ...others] = probes.outputs;
      const off = { ...probes, outputs: [{ ...first, values: first.values.map(y => y + 0.01) }, ...others] };
      await writeFile(path.join(folder, 'probes.json'), JSON.stringify(off));
      const wrong = check();
      const isSeen = wrong.status === 1 && /largest difference: 0\.01/.test(wrong.stdout);
      expect(`${format}: other answers are seen`, isSeen, wrong.stdout + wrong.stderr);
    }
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;
