/** Model files of some hundred megabytes, made when they are needed. */
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { repoFile } from './app';

/** `megabytes` of 10⁶ bytes, about; returns its size in bytes. */
export async function writeLargeModel(
  path: string,
  kind: 'keras' | 'h5',
  megabytes: number,
): Promise<number> {
  const script = repoFile('e2e/make-large-file.ts');
  await promisify(execFile)(process.execPath, ['--import', 'tsx', script, path, kind, String(megabytes)]);
  return (await stat(path)).size;
}
