/**
 * Damages one file of each kind again and again and reads it: `npm run fuzz -- --rounds 2000 --seed 1`, and `--kind .keras` for one
 * kind alone. Each must end in a model or a report; what hangs is ended after five seconds, as the page ends its worker. Prints a
 * table, and for each failure the round, which `--seed` and `--only <round>` repeat. Ends with 1 if there is any.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { withAppModules } from '../keras/ask-keras.mjs';
import { ROOT } from '../machine.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    kind: { type: 'string' },
    only: { type: 'string' },
  },
});
const only = values.only === undefined ? null : Number(values.only);

const program = await buildThread();
await withAppModules(async load => {
  const { fuzz } = await load('/scripts/fuzz/fuzz.ts');
  const { loadSubjects } = await load('/src/formats/testing/fuzz/subjects.ts');
  const subjects = (await loadSubjects()).filter(
    ({ kind }) => values.kind === undefined || kind === values.kind,
  );
  const failures = await fuzz(subjects, {
    rounds: Number(values.rounds),
    seed: Number(values.seed),
    only,
    program,
  });
  process.exitCode = subjects.length > 0 && failures === 0 ? 0 : 1;
});

/** In one piece: a thread of Node knows neither TypeScript nor Vite. */
async function buildThread() {
  const outDir = join(ROOT, '.cache', 'fuzz');
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      outDir,
      emptyOutDir: true,
      ssr: 'scripts/fuzz/reader-thread.ts',
      target: 'es2023',
      rollupOptions: { output: { entryFileNames: 'reader-thread.mjs' } },
    },
  });
  return pathToFileURL(join(outDir, 'reader-thread.mjs'));
}
