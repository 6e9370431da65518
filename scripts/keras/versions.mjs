/**
 * Has many versions of Keras write files (`versions.py`), reads each with Graft, and compares what Graft computes with what Keras
 * answered. Prints a line for each version and `N passed, N failed`, and ends with 1 if anything failed.
 *
 *     node scripts/keras/versions.mjs                    all versions, in a folder that is removed again
 *     node scripts/keras/versions.mjs --keep <folder>    leaves the files there
 *     node scripts/keras/versions.mjs 2.15.0 3.15.1      only these
 *     node scripts/keras/versions.mjs --few              none whose neighbours write the same format
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { formatResults } from '../results.mjs';
import { withAppModules } from './ask-keras.mjs';
import { ensureVersions, environmentOf, VERSIONS } from './versions-environments.mjs';

const SCRIPT = join(dirname(fileURLToPath(import.meta.url)), 'versions.py');

const { values, positionals } = parseArgs({
  options: { keep: { type: 'string' }, few: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const chosen = VERSIONS.map(version => ({
  ...version,
  runs: version.runs.filter(run => !values.few || run.sometimes !== true),
})).filter(({ keras, runs }) => runs.length > 0 && (positionals.length === 0 || positionals.includes(keras)));
const { ready, missing } = await ensureVersions(chosen);
if (missing.length > 0) {
  console.log(
    `Not asked: Keras ${missing.join(', ')}, which need Python 3.9 to 3.11 (set up as python3.11).`,
  );
}

const folder = values.keep ?? (await mkdtemp(join(tmpdir(), 'graft-versions-')));
try {
  const problems = await writeAll(ready, folder);
  const total = { passed: 0, failed: problems.length };
  for (const problem of problems) console.log(problem);
  await withAppModules(async load => {
    const { checkVersion } = await load('/scripts/keras/versions-read.ts');
    for (const name of (await readdir(folder)).sort(inOrder)) {
      const result = await checkVersion(join(folder, name));
      describe(result);
      total.passed += result.read + result.refused;
      total.failed += result.failures.length;
    }
  });
  console.log(formatResults(total));
  process.exitCode = total.failed === 0 ? 0 : 1;
} finally {
  if (values.keep === undefined) await rm(folder, { recursive: true, force: true });
}

/** A process for each core, the longest first; answers with what went wrong. */
async function writeAll(versions, into) {
  const queue = versions.flatMap(version => version.runs.map(run => ({ version, ...run })));
  const problems = [];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { version, backend, only } = next;
      const out = join(into, `${version.keras}-${backend}`);
      const args = [SCRIPT, out, ...(only === undefined ? [] : ['--only', ...only])];
      const { code, errors } = await write(version.python, args, environmentOf(version, backend));
      if (code !== 0) problems.push(`Keras ${version.keras} on ${backend} ended with ${code}:\n${errors}`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return problems;
}

function write(python, args, env) {
  const child = spawn(python, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', text => {
    errors += text;
  });
  return new Promise(resolve => {
    child.on('error', error => resolve({ code: 1, errors: error.message }));
    child.on('close', code => resolve({ code: code ?? 1, errors }));
  });
}

function describe({ keras, backend, read, refused, failures, unwritten, worst, worstOfHalf }) {
  for (const failure of failures) console.log(`  ${failure}`);
  const unable = unwritten.length > 0 ? `, ${unwritten.length} that Keras itself can’t write` : '';
  console.log(
    `Keras ${keras} on ${backend}: ${read} read, ${refused} refused with a reason, ${failures.length} failed${unable}; ` +
      `worst difference ${worst.toExponential(1)}, in half precision ${worstOfHalf.toExponential(1)}`,
  );
}

function inOrder(a, b) {
  return a.localeCompare(b, 'en', { numeric: true });
}
