/**
 * Real Keras for the scripts in this folder: a virtual environment of its own in `.cache/keras` with what requirements.txt pins.
 * `GRAFT_KERAS_PYTHON` names the Python of an environment that already has it.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { capture, ROOT, run, stop } from '../machine.mjs';

const ENVIRONMENT = join(ROOT, '.cache', 'keras');
const REQUIREMENTS = join(dirname(fileURLToPath(import.meta.url)), 'requirements.txt');
/** What the environment was made from; written last, so that an interrupted installation starts again. */
const INSTALLED = join(ENVIRONMENT, 'installed.txt');

const OLDEST_PYTHON = [3, 11];

/** The Python to run scripts with; installs Keras once. Ends the process, saying what is missing, where it can't. */
export async function ensureKeras() {
  if (process.env.GRAFT_KERAS_PYTHON) return process.env.GRAFT_KERAS_PYTHON;
  const windows = process.platform === 'win32';
  const python = join(ENVIRONMENT, windows ? 'Scripts/python.exe' : 'bin/python');
  const wanted = readFileSync(REQUIREMENTS, 'utf8');
  if (existsSync(INSTALLED) && readFileSync(INSTALLED, 'utf8') === wanted) return python;
  const system = windows ? 'python' : 'python3';
  await checkPython(system);
  console.error(`Installing Keras into ${ENVIRONMENT} (once, about 400 MB) …`);
  rmSync(ENVIRONMENT, { recursive: true, force: true });
  await makeEnvironment(system);
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS];
  if ((await run(python, install)) !== 0) stop('pip could not install Keras; its message is above.');
  writeFileSync(INSTALLED, wanted);
  return python;
}

async function checkPython(system) {
  const { code, output } = await capture(system, ['-c', 'import sys; print(*sys.version_info[:2])']);
  if (code !== 0 && isRootOnDebian()) {
    await installWithApt();
    return;
  }
  const wanted = `Python ${OLDEST_PYTHON.join('.')} or newer`;
  if (code !== 0) stop(`The Keras tests need ${wanted}: install it (Debian: apt-get install python3-venv).`);
  const [major = 0, minor = 0] = output.trim().split(' ').map(Number);
  if (major < OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor < OLDEST_PYTHON[1])) {
    stop(`The Keras tests need ${wanted}; this is ${major}.${minor}.`);
  }
}

/** Debian keeps `venv`'s pip in a package of its own. */
async function makeEnvironment(system) {
  const make = async () => (await capture(system, ['-m', 'venv', ENVIRONMENT])).code === 0;
  if (await make()) return;
  if (isRootOnDebian()) {
    await installWithApt();
    if (await make()) return;
  }
  stop(
    'Python can’t make a virtual environment here: install python3-venv (Debian: apt-get install python3-venv).',
  );
}

function isRootOnDebian() {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

async function installWithApt() {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env });
  await run('apt-get', ['install', '-y', '-qq', 'python3-venv'], { env });
}
