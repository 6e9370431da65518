/**
 * Real Keras for the scripts in this folder: a virtual environment of its own in `.cache/keras` with what requirements.txt pins.
 * `GRAFT_KERAS_PYTHON` names the Python of an environment that already has it. Older versions: `versions-environments.mjs`.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { capture, ROOT, run, stop } from '../machine.mjs';

const ENVIRONMENT = join(ROOT, '.cache', 'keras');
const REQUIREMENTS = join(dirname(fileURLToPath(import.meta.url)), 'requirements.txt');
const OLDEST_PYTHON = [3, 11];

/** The Python to run scripts with; installs Keras once. Ends the process, saying what is missing, where it can't. */
export async function ensureKeras() {
  if (process.env.GRAFT_KERAS_PYTHON) return process.env.GRAFT_KERAS_PYTHON;
  const system = process.platform === 'win32' ? 'python' : 'python3';
  return ensureEnvironment(ENVIRONMENT, REQUIREMENTS, {
    system: () => checkPython(system),
    megabytes: 2_000,
  });
}

/** The Python of the environment in `folder`, which has what `requirements` pins; `system` says with which Python to make it. */
export async function ensureEnvironment(folder, requirements, { system, megabytes }) {
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  // What it was made from; written last, so that an interrupted installation starts again.
  const installed = join(folder, 'installed.txt');
  const wanted = readFileSync(requirements, 'utf8');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return python;
  const base = await system();
  console.error(`Installing Keras into ${folder} (once, about ${megabytes} MB) …`);
  rmSync(folder, { recursive: true, force: true });
  await makeEnvironment(base, folder);
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
  if ((await run(python, install)) !== 0) stop('pip could not install Keras; its message is above.');
  writeFileSync(installed, wanted);
  return python;
}

/** The same Python, when it is new enough. */
async function checkPython(system) {
  const { code, output } = await capture(system, ['-c', 'import sys; print(*sys.version_info[:2])']);
  if (code !== 0 && isRootOnDebian()) {
    await installWithApt();
    return system;
  }
  const wanted = `Python ${OLDEST_PYTHON.join('.')} or newer`;
  if (code !== 0) stop(`The Keras tests need ${wanted}: install it (Debian: apt-get install python3-venv).`);
  const [major = 0, minor = 0] = output.trim().split(' ').map(Number);
  if (major < OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor < OLDEST_PYTHON[1])) {
    stop(`The Keras tests need ${wanted}; this is ${major}.${minor}.`);
  }
  return system;
}

/** Debian keeps `venv`'s pip in a package of its own. */
async function makeEnvironment(system, folder) {
  const make = async () => (await capture(system, ['-m', 'venv', folder])).code === 0;
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
