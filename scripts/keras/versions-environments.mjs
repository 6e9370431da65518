/**
 * The versions of Keras that write files for Graft to read, each in `.cache`: every Keras is pure Python, so all of Keras 3 share the
 * packages of `.cache/keras`, and all of Keras 2 those of one TensorFlow, and only Keras itself comes once for each.
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { capture, ROOT, run, stop } from '../machine.mjs';
import { ensureEnvironment, ensureKeras } from './environment.mjs';

const CACHE = join(ROOT, '.cache');
const REQUIREMENTS = join(dirname(fileURLToPath(import.meta.url)), 'versions-requirements.txt');

/** The last TensorFlow that brings Keras 2 has wheels for these. */
const PYTHONS_OF_KERAS_2 = ['python3.11', 'python3.10', 'python3.9', 'python3', 'python'];

const TENSORFLOW = { backend: 'tensorflow' };
/** What it computes, it computes at once, but until 3.13 masks get lost on it, and nothing can be trained. */
const NUMPY = { backend: 'numpy' };
const JAX = { backend: 'jax', only: ['mlp', 'masked-text', 'masking', 'quantised'] };
/** Where a neighbour writes the same format: not asked where time counts. */
const sometimes = run => ({ ...run, sometimes: true });

export const VERSIONS = [
  { keras: '2.13.1', base: 'keras-2.15', runs: [TENSORFLOW] },
  { keras: '2.14.0', base: 'keras-2.15', runs: [sometimes(TENSORFLOW)] },
  { keras: '2.15.0', base: 'keras-2.15', runs: [TENSORFLOW] },
  { keras: '3.0.5', base: 'keras-2.15', runs: [TENSORFLOW] },
  { keras: '3.3.3', base: 'keras', runs: [NUMPY, JAX] },
  { keras: '3.6.0', base: 'keras', runs: [NUMPY, sometimes(JAX)] },
  { keras: '3.10.0', base: 'keras', runs: [NUMPY, sometimes(JAX)] },
  { keras: '3.13.2', base: 'keras', runs: [sometimes(NUMPY), sometimes(JAX)] },
  { keras: '3.15.1', base: 'keras', runs: [NUMPY, sometimes(JAX)] },
];

/** What comes with the base itself. */
const OF_THE_BASE = new Set(['2.15.0', '3.15.1']);

/**
 * How to run Python under each version, as `{ keras, runs, python, env }`; installs what isn't there. Where no Python is old enough for
 * Keras 2, the versions on it are in `missing`.
 */
export async function ensureVersions(versions) {
  const bases = new Map([['keras', await ensureKeras()]]);
  if (versions.some(({ base }) => base === 'keras-2.15')) {
    const system = await findPython(PYTHONS_OF_KERAS_2, [3, 9], [3, 11]);
    if (system !== null) {
      const options = { system: async () => system, megabytes: 1300 };
      bases.set('keras-2.15', await ensureEnvironment(join(CACHE, 'keras-2.15'), REQUIREMENTS, options));
    }
  }
  const ready = [];
  for (const { keras, base, runs } of versions) {
    const python = bases.get(base);
    if (python === undefined) continue;
    const folder = OF_THE_BASE.has(keras) ? null : await ensureOverlay(python, keras);
    ready.push({ keras, runs, python, env: folder === null ? {} : { PYTHONPATH: folder } });
  }
  const missing = versions.filter(({ base }) => !bases.has(base)).map(({ keras }) => keras);
  return { ready, missing };
}

/** Keras alone in a folder that goes before the base's own. */
async function ensureOverlay(python, keras) {
  const folder = join(CACHE, `keras-${keras}`);
  const installed = join(folder, 'installed.txt');
  if (existsSync(installed)) return folder;
  rmSync(folder, { recursive: true, force: true });
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-compile', '--no-deps'];
  const args = ['-m', 'pip', 'install', ...quiet, '--target', folder, `keras==${keras}`];
  if ((await run(python, args)) !== 0) stop(`pip could not install Keras ${keras}; its message is above.`);
  writeFileSync(installed, keras);
  return folder;
}

async function findPython(names, oldest, newest) {
  const inOrder = (a, b) => a[0] < b[0] || (a[0] === b[0] && a[1] <= b[1]);
  for (const name of names) {
    const { code, output } = await capture(name, ['-c', 'import sys; print(*sys.version_info[:2])']);
    const version = output.trim().split(' ').map(Number);
    if (code === 0 && inOrder(oldest, version) && inOrder(version, newest)) return name;
  }
  return null;
}

/** The environment variables for a run of Python. */
export function environmentOf({ env }, backend) {
  const paths = [env.PYTHONPATH, process.env.PYTHONPATH].filter(path => path !== undefined);
  return {
    ...process.env,
    ...(paths.length > 0 ? { PYTHONPATH: paths.join(delimiter) } : {}),
    KERAS_BACKEND: backend,
  };
}
