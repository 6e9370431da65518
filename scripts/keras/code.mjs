/**
 * Holds the Python of the code view against real Keras: `node scripts/keras/code.mjs <python with Keras 3> [part]`, the latter to
 * run only cases whose names contain it, as `train-` do all that train. It prints `N passed, N failed` and ends with 1 if anything
 * failed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const here = path.dirname(fileURLToPath(import.meta.url));
const [python = 'python3', part = ''] = process.argv.slice(2);
const folder = await mkdtemp(path.join(os.tmpdir(), 'graft-code-'));
try {
  const { module } = await runnerImport(path.join(here, 'code-cases.ts'), {
    root: path.join(here, '../..'),
    logLevel: 'error',
  });
  await module.writeCodeCases(folder, part);
  for (const way of [['--quick'], []]) {
    const { status } = spawnSync(python, [path.join(here, 'code.py'), folder, ...way], { stdio: 'inherit' });
    process.exitCode ||= status ?? 1;
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
