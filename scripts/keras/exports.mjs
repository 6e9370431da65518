/**
 * Holds the `.keras` and `.h5` files that Graft writes against real Keras: `node scripts/keras/exports.mjs <python>`, where that
 * Python has Keras 3 with JAX and TensorFlow, and tf-keras. It prints `N passed, N failed` and ends with 1 if anything failed.
 *
 * `node scripts/keras/exports.mjs --facts <python with Keras 3> <python with Keras 2>` makes `export-facts.json` anew.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withAppModules } from './ask-keras.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '../..');
const FACTS = path.join(root, 'src/formats/keras-write/export-facts.json');
/** Keras 3 on either backend, and Keras 2 as it lives on. */
const KERAS = ['jax', 'tensorflow', 'tf-keras'];

const withCases = use => withAppModules(async load => use(await load('/scripts/keras/exports-cases.ts')));

function ask(python, args, input) {
  const result = spawnSync(python, [path.join(here, 'exports.py'), ...args], {
    input,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'inherit'],
    maxBuffer: 2 ** 28,
  });
  return { code: result.status ?? 1, output: result.stdout };
}

async function makeFacts([keras3, keras2]) {
  const questions = JSON.stringify(await withCases(cases => cases.factQuestions()));
  const answers = [
    [keras3, 'keras3'],
    [keras2, 'keras2'],
  ].map(([python, version]) => {
    const { code, output } = ask(python, ['--facts', version], questions);
    if (code !== 0) throw new Error(`${python} could not say what ${version} has.`);
    return JSON.parse(output);
  });
  const [three, two] = answers;
  await writeFile(FACTS, `${JSON.stringify({ ...three, keras2: two }, null, 2)}\n`);
}

async function testExports([python = 'python3']) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'graft-exports-'));
  const total = { passed: 0, failed: 0 };
  try {
    const { count, forBoth, refused } = await withCases(cases => cases.writeExportCases(folder));
    console.log(`${count} networks, ${forBoth} with an .h5 for Keras 2 too`);
    for (const text of refused) console.log(`FAILED to write ${text}`);
    total.failed += refused.length;
    for (const keras of KERAS) {
      const { code, output } = ask(python, [keras, folder]);
      console.log(output.trim());
      const [, passed = 0, failed = 0] = /(\d+) files are right, (\d+) are not/.exec(output) ?? [];
      total.passed += Number(passed);
      total.failed += code === 0 ? Number(failed) : Math.max(1, Number(failed));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

const [first, ...rest] = process.argv.slice(2);
await (first === '--facts' ? makeFacts(rest) : testExports(first === undefined ? [] : [first, ...rest]));
