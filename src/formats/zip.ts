/**
 * Zips that strangers made. Sizes are checked before anything is inflated, and paths are names, never places on a disk.
 * It knows nothing of models.
 */
import { type UnzipFileInfo, unzipSync } from 'fflate';
import type { FileBytes } from './protocol';
import { Refusal } from './refusal';

const MAX_ENTRIES = 5_000;
const MAX_TOTAL = 2 ** 30;
/** Weights shrink little, JSON at most some thirty times; a bomb shrinks a thousand times. */
const MAX_RATIO = 200;
/** Below this nothing is a bomb. */
const SMALL = 4 * 2 ** 20;

const DAMAGED = 'Download it again, or unpack it yourself and drop the files.';

/** The names of its files, without inflating anything. */
export function listZip(bytes: Uint8Array, file: string): string[] {
  return listEntries(bytes, file)
    .map(entry => entry.name)
    .filter(name => !name.endsWith('/'));
}

export function readZip(bytes: Uint8Array, file: string): FileBytes[] {
  const entries = listEntries(bytes, file);
  const total = entries.reduce((sum, entry) => sum + entry.originalSize, 0);
  if (total > MAX_TOTAL) {
    throw new Refusal(
      `${file} would unpack to ${Math.round(total / 2 ** 20).toLocaleString('en')} MB, and 1,024 MB is the most that is read.`,
      'Unpack it yourself and drop only the model’s files.',
    );
  }
  if (total > SMALL && total > bytes.byteLength * MAX_RATIO) {
    throw new Refusal(
      `${file} would unpack to ${MAX_RATIO} times its size or more, as only zips do that are made to fill up a computer.`,
      'Check where it comes from.',
    );
  }
  const sizes = new Map(entries.map(entry => [entry.name, entry.originalSize]));
  const files: FileBytes[] = [];
  for (const [path, content] of Object.entries(unzip(bytes, file, entry => !entry.name.endsWith('/')))) {
    if (content.byteLength !== sizes.get(path)) {
      throw new Refusal(`${file} is damaged: ‘${path}’ is shorter than the zip says.`, DAMAGED);
    }
    files.push({ path: path.replaceAll('\\', '/'), bytes: content });
  }
  return files;
}

function listEntries(bytes: Uint8Array, file: string): UnzipFileInfo[] {
  const entries: UnzipFileInfo[] = [];
  unzip(bytes, file, entry => {
    entries.push(entry);
    if (entries.length > MAX_ENTRIES) {
      throw new Refusal(
        `${file} holds more than ${MAX_ENTRIES.toLocaleString('en')} files.`,
        'Unpack it yourself and drop only the model’s files.',
      );
    }
    if (entry.name.includes('__proto__')) {
      throw new Refusal(
        `${file} holds a file named __proto__, which is a known attack.`,
        'Check where it comes from.',
      );
    }
    return false;
  });
  return entries;
}

function unzip(
  bytes: Uint8Array,
  file: string,
  filter: (entry: UnzipFileInfo) => boolean,
): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new Refusal(`${file} is a damaged zip, or one of a kind that can’t be read (${why}).`, DAMAGED);
  }
}
