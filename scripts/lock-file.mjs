/**
 * Makes package-lock.json fit for every system. npm leaves out optional packages for other systems that its registry (a
 * mirror, say) can't serve, and `npm ci` then refuses the lock file everywhere (https://github.com/npm/cli/issues/4828). Each
 * missing one is named with its exact version by the package that wants it, and differs from its siblings only in system
 * and processor. Its integrity isn't known here; npm fills it in when it next installs on such a system.
 *
 *     node scripts/lock-file.mjs     after `npm install`
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './machine.mjs';

const SYSTEMS = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS = ['arm64', 'arm', 'x64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x'];

function platformOf(name) {
  const words = name.split('/').at(-1).split('-');
  const os = SYSTEMS.find(system => words.includes(system));
  const cpu = PROCESSORS.find(processor => words.includes(processor));
  if (os === undefined || cpu === undefined) throw new Error(`For which system is ${name}?`);
  const musl = words.some(word => word.startsWith('musl'));
  return { os: [os], cpu: [cpu], ...(os === 'linux' ? { libc: [musl ? 'musl' : 'glibc'] } : {}) };
}

const file = join(ROOT, 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  const optional = Object.entries(entry.optionalDependencies ?? {});
  const sibling = optional.map(([name]) => lock.packages[`node_modules/${name}`]).find(each => each?.os);
  for (const [name, version] of optional) {
    const key = `node_modules/${name}`;
    if (lock.packages[key] !== undefined || lock.packages[`${path}/${key}`] !== undefined) continue;
    if (sibling === undefined || sibling.version !== version)
      throw new Error(
        `${name} ${version}, which ${path} wants, is missing and has no sibling to learn from.`,
      );
    const { integrity: _, os: __, cpu: ___, libc: ____, ...rest } = sibling;
    lock.packages[key] = sortKeys({ ...rest, ...platformOf(name) });
    added.push(`${name} ${version}`);
  }
}
/** npm's own order, so that it changes nothing when it next writes the file. */
function sortKeys(entry) {
  const order = [
    'version',
    'resolved',
    'integrity',
    'cpu',
    'dev',
    'libc',
    'license',
    'optional',
    'os',
    'engines',
  ];
  return Object.fromEntries(order.flatMap(key => (key in entry ? [[key, entry[key]]] : [])));
}
const paths = Object.keys(lock.packages).sort((a, b) => a.localeCompare(b, 'en'));
lock.packages = Object.fromEntries(paths.map(path => [path, lock.packages[path]]));
if (added.length > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length === 0 ? 'Nothing is missing.' : `Added:\n${added.join('\n')}`);
