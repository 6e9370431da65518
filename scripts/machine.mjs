/**
 * What the scripts need of the machine: Node, the packages, and a way to run their programs on every system. Uses nothing but
 * Node itself: it also runs where nothing is installed yet.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where runners leave their results for one another; not in git. */
export const RESULTS = join(ROOT, '.cache', 'results');

const OLDEST_NODE = [20, 19];

/** Ends the process if it can't work here; installs the packages if they aren't those of the lock file. */
export async function prepare() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    stop(
      `Graft needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}. See nodejs.org.`,
    );
  }
  if (isInstalled()) return;
  console.log('Installing the packages with npm ci (once, and when package-lock.json has changed) …');
  // npm tells its children where it lies; without npm around us it is looked up on the path.
  const npm = process.env.npm_execpath;
  const code =
    npm?.endsWith('.js') && existsSync(npm)
      ? await run(process.execPath, [npm, 'ci'])
      : await run('npm', ['ci'], { shell: process.platform === 'win32' });
  if (code !== 0) stop('npm ci failed; its message is above.');
}

/** Whether what npm installed last is what package-lock.json says. Optional packages may be for other systems. */
function isInstalled() {
  const installed = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const packagesOf = file => JSON.parse(readFileSync(file, 'utf8')).packages;
  const present = packagesOf(installed);
  return Object.entries(packagesOf(join(ROOT, 'package-lock.json'))).every(
    ([path, { version, optional }]) =>
      path === '' || present[path]?.version === version || (optional && present[path] === undefined),
  );
}

export function stop(message) {
  console.error(message);
  process.exit(1);
}

/** Runs a command in the project's folder, its output shown; resolves to its exit code. */
export function run(command, args, options = {}) {
  return new Promise(resolve => {
    const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
    child.on('error', error => {
      console.error(`${command} could not be run: ${error.message}`);
      resolve(1);
    });
    child.on('exit', code => resolve(code ?? 1));
  });
}

/** As `run`, its output kept. */
export function capture(command, args) {
  return new Promise(resolve => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', text => {
        output += text;
      });
    }
    child.on('error', error =>
      resolve({ code: 1, output: `${command} could not be run: ${error.message}\n` }),
    );
    child.on('close', code => resolve({ code: code ?? 1, output }));
  });
}

/** `process.execPath` arguments for a package's program: no shell, no .cmd files, the same on every system. */
export function program(name, bin = name) {
  const folder = join(ROOT, 'node_modules', name);
  const declared = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).bin;
  return join(folder, typeof declared === 'string' ? declared : declared[bin]);
}
