/**
 * Runs the training projects that Graft writes in real Keras, and reads back what they leave: `node scripts/keras/project.mjs
 * <python with Keras 3>`. It prints `N passed, N failed` and ends with 1 if anything failed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withAppModules } from './ask-keras.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const [python = 'python3'] = process.argv.slice(2);
const folder = await mkdtemp(path.join(os.tmpdir(), 'graft-project-'));
try {
  await withAppModules(async load => {
    const { writeProjectCases, readBack } = await load('/scripts/keras/project-cases.ts');
    const names = await writeProjectCases(folder);
    const { status, stdout } = spawnSync(python, [path.join(here, 'project.py'), folder], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [, passed = 0, failed = 1] = /(\d+) passed, (\d+) failed/.exec(stdout) ?? [];
    console.log(stdout.replace(/^\d+ passed, .*\n/m, '').trim());
    const problems = await readBack(folder, names);
    for (const problem of problems) console.log(`FAILED ${problem}`);
    console.log(
      `${Number(passed) + names.length - problems.length} passed, ${Number(failed) + problems.length} failed`,
    );
    process.exitCode = status === 0 && problems.length === 0 ? 0 : 1;
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
