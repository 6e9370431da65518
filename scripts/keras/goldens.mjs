/**
 * Has real Keras answer the cases of layer types, and writes the answers to src/targets/tfjs/goldens.
 *
 *     node scripts/keras/goldens.mjs                 all types that Graft runs
 *     node scripts/keras/goldens.mjs Conv2D GRU      these, whether Graft runs them already or not
 */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepare, ROOT, stop } from '../machine.mjs';
import { askKeras, withAppModules } from './ask-keras.mjs';

export const GOLDENS = join(ROOT, 'src', 'targets', 'tfjs', 'goldens');

/** A case a line: short, and a change shows which case it is. */
function format({ type, keras, masking, cases }) {
  const lines = cases.map(one => `    ${JSON.stringify(one)}`).join(',\n');
  const head = JSON.stringify({ type, keras, masking }, null, 2).slice(0, -2);
  return `${head},\n  "cases": [\n${lines}\n  ]\n}\n`;
}

await prepare();
const named = process.argv.slice(2);
const unsound = [];
const { asked, known } = await withAppModules(async load => {
  const { LAYER_TYPES } = await load('/src/layers/table.ts');
  const { lookUpImplementation } = await load('/src/targets/tfjs/layers/table.ts');
  const { goldenCases } = await load('/src/targets/tfjs/goldens/golden-cases.ts');
  const unknown = named.filter(name => LAYER_TYPES.every(({ type }) => type !== name));
  if (unknown.length > 0) stop(`The layer table has no ${unknown.join(', ')}.`);
  const wanted = ({ type }) =>
    named.length > 0 ? named.includes(type) : lookUpImplementation(type) !== undefined;
  return {
    asked: LAYER_TYPES.filter(wanted).flatMap(type => {
      try {
        return [{ type, cases: goldenCases(type) }];
      } catch (error) {
        unsound.push(error.message);
        return [];
      }
    }),
    known: new Set(LAYER_TYPES.map(({ type }) => type)),
  };
});
const { files, problems: disagreements } = await askKeras(asked);
const problems = [...unsound, ...disagreements];
for (const file of files.values()) writeFileSync(join(GOLDENS, `${file.type}.json`), format(file));
for (const file of readdirSync(GOLDENS).filter(name => name.endsWith('.json'))) {
  if (!known.has(file.replace(/\.json$/, ''))) rmSync(join(GOLDENS, file));
}
for (const problem of problems) console.error(problem);
console.log(`${files.size} types written, ${problems.length} problems.`);
process.exitCode = problems.length === 0 ? 0 : 1;
