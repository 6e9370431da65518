/**
 * `npm run test:keras`: installs real Keras if needed, asks it again for everything that the tests hold Graft against, runs the
 * Python that Graft writes, opens its files, and reads what other versions of Keras write. Ends with one line `N passed, N failed`, and with 1 if anything failed.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, prepare, ROOT } from '../machine.mjs';
import { formatResults } from '../results.mjs';
import { askKeras, withAppModules } from './ask-keras.mjs';
import { findDifference, TOLERANCE } from './compare-goldens.mjs';
import { ensureKeras } from './environment.mjs';

const GOLDENS = join(ROOT, 'src', 'targets', 'tfjs', 'goldens');

/** Every case of the layer table, asked again. */
async function testLayers() {
  const asked = await withAppModules(async load => {
    const { LAYER_TYPES } = await load('/src/layers/table.ts');
    const { goldenCases } = await load('/src/targets/tfjs/goldens/golden-cases.ts');
    return LAYER_TYPES.filter(({ type }) => existsSync(join(GOLDENS, `${type}.json`))).map(type => ({
      type,
      cases: goldenCases(type),
    }));
  });
  const kept = readdirSync(GOLDENS).filter(name => name.endsWith('.json'));
  const { files, problems } = await askKeras(asked);
  const failures = [...problems];
  const known = new Set(asked.map(({ type }) => `${type.type}.json`));
  for (const name of kept.filter(file => !known.has(file)))
    failures.push(`${name} is of no layer in the table.`);
  let passed = 0;
  for (const [type, file] of files) {
    const golden = JSON.parse(readFileSync(join(GOLDENS, `${type}.json`), 'utf8'));
    const differences = compareFiles(file, golden);
    failures.push(
      ...differences.map(text => `${type} ${text} (node scripts/keras/goldens.mjs ${type} asks again)`),
    );
    passed += Math.max(0, file.cases.length - differences.length);
  }
  return { name: `layers, to ${TOLERANCE}`, passed, failures };
}

function compareFiles(file, golden) {
  if (golden.keras !== file.keras || golden.masking !== file.masking) {
    return [
      `was kept from Keras ${golden.keras} with ${golden.masking}, not ${file.keras} and ${file.masking}`,
    ];
  }
  const count = Math.max(file.cases.length, golden.cases.length);
  return Array.from({ length: count }, (_, i) => {
    const [found, kept] = [file.cases[i], golden.cases[i]];
    // Of another case, or of none, there is nothing to compare.
    return found?.drawn === kept?.drawn
      ? findDifference(found, kept, `case ${i}`)
      : `case ${i} is out of date`;
  }).filter(difference => difference !== null);
}

/** A script that says `N passed, N failed`, or that just succeeds or fails. */
async function testScript(name, command, args) {
  const { code, output } = await capture(command, args);
  const counts = /(\d+) passed, (\d+) failed/.exec(output);
  // What couldn't be asked on this machine.
  for (const line of output.match(/^Not asked: .*$/gm) ?? []) console.log(line);
  const passed = counts === null ? Number(code === 0) : Number(counts[1]);
  const failed = counts === null ? Number(code !== 0) : Number(counts[2]);
  // A script that fails without a failed case failed all the same.
  const count = code === 0 ? failed : Math.max(1, failed);
  return { name, passed, failures: Array.from({ length: count }, (_, i) => (i === 0 ? output.trim() : '')) };
}

await prepare();
const python = await ensureKeras();
const here = join(ROOT, 'scripts', 'keras');
const start = performance.now();
/** All at once, as two of them use one core each; each is told when it is done. */
const parts = [
  testLayers(),
  testScript('training', python, [
    join(here, 'training.py'),
    '--check',
    join(ROOT, 'src', 'trainer', 'goldens'),
  ]),
  testScript('code view', process.execPath, [join(here, 'code.mjs'), python]),
  testScript('training project', process.execPath, [join(here, 'project.mjs'), python]),
  testScript('files', process.execPath, [join(here, 'exports.mjs'), python]),
  testScript('checks', process.execPath, [join(here, 'checks.mjs'), python]),
  testScript('versions', process.execPath, [join(here, 'versions.mjs'), '--few']),
];
const total = { passed: 0, failed: 0 };
await Promise.all(
  parts.map(async part => {
    const { name, passed, failures } = await part;
    for (const failure of failures.filter(text => text !== '')) console.log(failure);
    const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
    const counted = formatResults({ passed, failed: failures.length });
    console.log(`${failures.length === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(18)} ${seconds} s  ${counted}`);
    total.passed += passed;
    total.failed += failures.length;
  }),
);
console.log(`Keras took ${((performance.now() - start) / 1000).toFixed(0)} s.`);
console.log(formatResults(total));
process.exitCode = total.failed === 0 ? 0 : 1;
