/** `npm run check`: everything that can be checked without a browser, in under a minute. Says one line for each check. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { capture, prepare, program, RESULTS, ROOT } from './machine.mjs';
import { formatResults, readResults } from './results.mjs';

await prepare();
const unitResults = join(RESULTS, 'unit.json');
mkdirSync(RESULTS, { recursive: true });
mkdirSync(join(ROOT, 'node_modules', '.cache'), { recursive: true });
rmSync(unitResults, { force: true });

const tsc = program('typescript', 'tsc');
const CHECKS = [
  {
    name: 'vitest',
    args: [
      program('vitest'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${unitResults}`,
    ],
    closing: code => formatResults(readResults(unitResults, code)),
  },
  { name: 'tsc', args: [tsc, '-p', 'tsconfig.json'] },
  { name: 'tsc, core', args: [tsc, '-p', 'tsconfig.core.json'] },
  { name: 'biome', args: [program('@biomejs/biome', 'biome'), 'check'] },
  { name: 'imports', args: [program('dependency-cruiser', 'depcruise'), 'src'] },
];

/** Two at a time: Vitest, the longest, beside all the others in turn. */
async function worker(queue, failed) {
  for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
    const start = performance.now();
    const { code, output } = await capture(process.execPath, check.args);
    const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(5);
    if (code !== 0) {
      failed.push(check.name);
      console.log(output.trimEnd());
    }
    const closing = check.closing === undefined ? '' : check.closing(code);
    console.log(
      `${code === 0 ? 'ok    ' : 'FAILED'} ${check.name.padEnd(10)} ${seconds} s  ${closing}`.trimEnd(),
    );
  }
}

const failed = [];
const queue = [...CHECKS];
const start = performance.now();
await Promise.all([worker(queue, failed), worker(queue, failed)]);
const seconds = ((performance.now() - start) / 1000).toFixed(1);
console.log(failed.length === 0 ? `All checks passed in ${seconds} s.` : `Failed: ${failed.join(', ')}.`);
process.exitCode = failed.length === 0 ? 0 : 1;
