/**
 * Puts `licences.txt` into the built site: the notices of all packages that may stand in it, which their licences want kept.
 * HDF5 is in h5wasm, and its notice in h5wasm's.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

interface LockFile {
  readonly packages: Readonly<
    Record<string, { readonly version?: string; readonly dev?: boolean; readonly license?: string }>
  >;
}

export function licences(): Plugin {
  let root = process.cwd();
  return {
    name: 'licences',
    apply: 'build',
    configResolved(config) {
      root = config.root;
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source: collectLicences(root) });
    },
  };
}

function collectLicences(root: string): string {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as LockFile;
  /** Many packages have one text. */
  const packages = new Map<string, string[]>();
  for (const [folder, { version, dev, license }] of Object.entries(lock.packages)) {
    const path = join(root, folder);
    if (folder === '' || dev === true || !existsSync(path)) continue;
    const files = readdirSync(path).filter(name => /^(licen[cs]e|copying|notice)/i.test(name));
    const texts = files.map(name => readFileSync(join(path, name), 'utf8').trim());
    const text = texts.length > 0 ? texts.join('\n\n') : `Licence: ${license ?? 'see the package'}`;
    packages.set(text, [
      ...(packages.get(text) ?? []),
      `${folder.replace(/^.*node_modules\//, '')} ${version}`,
    ]);
  }
  return [...packages]
    .map(([text, names]) => `${names.join(', ')}\n\n${text}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`);
}
