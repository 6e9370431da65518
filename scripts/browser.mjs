/**
 * A browser for the end-to-end tests, by its path: the one that GRAFT_BROWSER names, else a Chrome, Chromium or Edge of this
 * machine, else Playwright's own, else the system's packages. Each is started once before it is believed.
 *
 *     node scripts/browser.mjs     prints the path
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare, program, ROOT, stop } from './machine.mjs';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
  'microsoft-edge-stable',
];

/** Needs the packages: Playwright starts the browsers. */
export async function ensureBrowser() {
  const wanted = process.env.GRAFT_BROWSER;
  if (wanted) {
    const problem = existsSync(wanted) ? await findProblem(wanted) : 'there is no such file';
    if (problem !== null) stop(`GRAFT_BROWSER names ${wanted}, which can't be used: ${problem}`);
    return wanted;
  }
  const { chromium } = await import('playwright');
  const present = await firstThatStarts([...usualPlaces(), ownPath(chromium)]);
  if (present !== null) return present;

  console.error('No Chrome, Chromium or Edge was found: installing one for the tests …');
  call(process.execPath, [program('playwright'), 'install', 'chromium']);
  const own = await firstThatStarts([ownPath(chromium)]);
  if (own !== null) return own;
  for (const { tool, commands } of PACKAGES) {
    if (!onPath(tool)) continue;
    for (const command of commands) if (callAsRoot(tool, command)) break;
    // Playwright's own may have lacked only the system libraries that came along.
    const installed = await firstThatStarts([...usualPlaces(), ownPath(chromium)]);
    if (installed !== null) return installed;
  }
  return stop(
    'No browser for the end-to-end tests, and none could be installed (messages above). Install Chrome, Chromium or ' +
      'Edge, or set GRAFT_BROWSER to the path of one, and run this again. The other checks run without: npm run check',
  );
}

/** Where Playwright keeps its own; it throws on systems for which it has none. */
function ownPath(chromium) {
  try {
    return chromium.executablePath();
  } catch {
    return '';
  }
}

function usualPlaces() {
  const { env, platform } = process;
  if (platform === 'darwin') {
    const apps = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
    return ['/Applications', join(homedir(), 'Applications')].flatMap(folder =>
      apps.map(app => join(folder, `${app}.app`, 'Contents', 'MacOS', app)),
    );
  }
  if (platform === 'win32') {
    const apps = [
      'Google\\Chrome\\Application\\chrome',
      'Chromium\\Application\\chrome',
      'Microsoft\\Edge\\Application\\msedge',
    ];
    return [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA].flatMap(folder =>
      folder ? apps.map(app => join(folder, `${app}.exe`)) : [],
    );
  }
  const folders = [...(env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin'];
  return [...NAMES.flatMap(name => folders.map(folder => join(folder, name))), '/opt/google/chrome/chrome'];
}

async function firstThatStarts(paths) {
  for (const path of new Set(paths)) {
    if (existsSync(path) && (await findProblem(path)) === null) return path;
  }
  return null;
}

/** Why a browser can't be used (a stub without its package, missing libraries), or null. */
async function findProblem(executablePath) {
  const { chromium } = await import('playwright');
  try {
    const browser = await chromium.launch({ executablePath, timeout: 30_000 });
    await browser.close();
    return null;
  } catch (error) {
    return error.message.split('\n')[0];
  }
}

/** The commands of a tool are tried in their order until one works. */
const PACKAGES = [
  {
    tool: 'apt-get',
    commands: [
      ['install', '-y', 'chromium'],
      ['install', '-y', 'chromium-browser'],
    ],
  },
  { tool: 'dnf', commands: [['install', '-y', 'chromium']] },
  { tool: 'pacman', commands: [['-S', '--noconfirm', 'chromium']] },
  { tool: 'brew', commands: [['install', '--cask', 'google-chrome']] },
];

function onPath(tool) {
  return (process.env.PATH ?? '').split(delimiter).some(folder => existsSync(join(folder, tool)));
}

function callAsRoot(tool, args) {
  // Homebrew must not be root; without sudo a plain attempt says best what is missing.
  const sudo = tool !== 'brew' && process.getuid?.() !== 0 && onPath('sudo') ? ['sudo'] : [];
  const [command, ...rest] = [...sudo, tool];
  if (tool === 'apt-get') call(command, [...rest, 'update']);
  return call(command, [...rest, ...args]);
}

/** Its output goes to stderr: stdout is for the path. */
function call(command, args) {
  return spawnSync(command, args, { cwd: ROOT, stdio: ['inherit', 2, 2] }).status === 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await prepare();
  console.log(await ensureBrowser());
}
