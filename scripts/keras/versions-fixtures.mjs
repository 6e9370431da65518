/**
 * Makes src/formats/testing/keras-files: a few of the files that `versions.mjs --keep <folder>` has left, each kind once, spread over
 * the versions, with one manifest of what Keras answers.
 *
 *     node scripts/keras/versions.mjs --keep <folder>
 *     node scripts/keras/versions-fixtures.mjs <folder>
 *
 * The folder must also have what versions_before_tf2.py writes, in `2.1.6-tensorflow`, `2.2.4-tensorflow` and `2.3.1-tensorflow`.
 */
import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, stop } from '../machine.mjs';

const OUT = join(ROOT, 'src', 'formats', 'testing', 'keras-files');

const KEPT = {
  '2.1.6-tensorflow': ['mlp-h5', 'merges-json-h5'],
  '2.2.4-tensorflow': ['cnn-h5', 'text-h5'],
  '2.3.1-tensorflow': ['recurrent-h5'],
  '2.13.1-tensorflow': [
    'nested-sequential-keras',
    'hard-sigmoid-keras',
    'masked-text-h5',
    'conv-lstm-windows',
  ],
  '2.14.0-tensorflow': [
    'preprocessing-keras',
    'nested-in-sequential-keras',
    'nested-in-sequential-json-weights',
  ],
  '2.15.0-tensorflow': [
    'mlp-keras',
    'odd-names-h5',
    'arithmetic-h5',
    'cudnn-h5',
    'cudnn-steps-h5',
    'operations-h5',
    'functions-keras',
    'functions-h5',
    'transformer-keras',
    'nested-functional-windows',
    'nested-functional-json-weights',
    'nested-functional-json-h5',
    'nested-deep-h5',
    'functional-json-h5',
    'masked-text-list-h5',
    'mixed-float16-keras',
    'bfloat16-bare-h5',
    'text-keras',
    'subclassed-keras',
    'teachable-machine-teachable',
  ],
  '3.0.5-tensorflow': ['nested-functional-keras', 'arithmetic-keras', 'options-h5'],
  '3.3.3-numpy': ['nested-outputs-keras', 'hard-sigmoid-keras'],
  '3.3.3-jax': ['masked-text-keras'],
  '3.6.0-numpy': ['float16-keras', 'mixed-float16-keras', 'operations-keras'],
  '3.10.0-numpy': ['bfloat16-keras', 'functional-json-weights', 'sequences-h5', 'code-keras'],
  '3.13.2-numpy': ['recurrent-h5', 'dictionaries-keras', 'own-layer-h5'],
  '3.15.1-numpy': [
    'cnn-h5',
    'transformer-h5',
    'not-a-number-keras',
    'odd-names-keras',
    'nested-functional-keras',
    'nested-functional-json-weights',
    'stacked-cells-keras',
    'quantised-keras',
    'quantised-words-keras',
    'quantised-four-bits-keras',
    'quantised-attention-keras',
    'mismatch-json',
  ],
  '3.15.1-jax': ['mlp-json-weights'],
};

const [from] = process.argv.slice(2);
if (from === undefined) stop('Say which folder `versions.mjs --keep` has left.');

rmSync(OUT, { recursive: true, force: true });
const cases = [];
let size = 0;
for (const [version, folders] of Object.entries(KEPT)) {
  const {
    keras,
    backend,
    cases: written,
  } = JSON.parse(readFileSync(join(from, version, 'index.json'), 'utf8'));
  for (const name of folders) {
    const one = written.find(({ folder }) => folder === name);
    if (one === undefined) stop(`Keras ${version} didn't write ${name}.`);
    const folder = `${keras}-${name}`;
    cpSync(join(from, version, name), join(OUT, folder), { recursive: true });
    for (const file of one.files) size += statSync(join(OUT, folder, file)).size;
    cases.push({ keras, backend, ...one, folder });
  }
}
// One line for each, so that changes can be read.
const manifest = `[\n${cases.map(one => JSON.stringify(one)).join(',\n')}\n]\n`;
writeFileSync(join(OUT, 'manifest.json'), manifest);
console.log(`${cases.length} fixtures, ${(size + manifest.length).toLocaleString('en')} bytes`);
