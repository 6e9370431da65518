/** Which of the files that came along are a model's weight files. */
import type { JsonObject } from '../base/json';
import type { SourceFile } from './protocol';
import { shardSizes } from './tfjs-layers/weights';

export function isWeightShard(file: SourceFile): boolean {
  return /(\.bin|shard\d+of\d+)$/i.test(file.path);
}

/** The files that the manifest names, by the path that it gives. */
export function claimShards<T extends SourceFile>(
  files: readonly T[],
  model: T,
  json: JsonObject,
  used: Set<T>,
): ReadonlyMap<string, T> {
  const claimed = new Map<string, T>();
  for (const { path, bytes } of shardSizes(json)) {
    const wanted = joinPath(folderOf(model.path), path);
    const name = baseName(wanted);
    const free = files.filter(candidate => !used.has(candidate) || [...claimed.values()].includes(candidate));
    const exact = free.filter(candidate => candidate.path === wanted);
    // A flat drop has lost the folders, and two models may both have brought a weights.bin.
    const near = exact.length > 0 ? exact : free.filter(candidate => baseName(candidate.path) === name);
    const sized = near.find(candidate => candidate.blob.size === bytes);
    const found = sized ?? (exact.length > 0 || near.length === 1 ? near[0] : undefined);
    if (found === undefined) continue;
    claimed.set(path, found);
    used.add(found);
  }
  return claimed;
}

export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Without `./`, `../` and what a URL may have encoded or appended. */
function joinPath(folder: string, path: string): string {
  let plain = path.replace(/^https?:\/\/.*\//, '').replace(/[?#].*$/, '');
  try {
    plain = decodeURIComponent(plain);
  } catch {
    // Then the percent signs are meant.
  }
  const joined: string[] = [];
  for (const part of `${folder}${plain}`.split('/')) {
    if (part === '..') joined.pop();
    else if (part !== '.' && part !== '') joined.push(part);
  }
  return joined.join('/');
}
