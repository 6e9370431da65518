/**
 * Zips that strangers made, and those that Graft makes. Sizes are checked before anything is inflated and while it is; paths are
 * names, never places on a disk. It knows nothing of models.
 */
import {
  BlobReader,
  type Entry,
  type FileEntry,
  Uint8ArrayReader,
  Uint8ArrayWriter,
  ZipReader,
  ZipWriter,
} from '@zip.js/zip.js/lib/zip-core-native.js';
import type { SourceFile } from './protocol';
import { Refusal } from './refusal';

const MAX_ENTRIES = 5_000;
const MAX_TOTAL = 2 * 2 ** 30;
/** Weights shrink little, JSON at most some thirty times; a bomb shrinks a thousand times. */
const MAX_RATIO = 200;
/** Below this nothing is a bomb. */
const SMALL = 4 * 2 ** 20;

const DAMAGED = 'Download it again, or unpack it yourself and drop the files.';

/** The options of zip.js that say: in this thread (the readers stand in a worker already), and check what is read: also that no bytes are those of two files. */
const HERE = { useWebWorkers: false, checkSignature: true, checkOverlappingEntry: true } as const;

export interface ZipFile {
  /** With slashes, whatever system it was made on. */
  readonly path: string;
  readonly size: number;
  /** What is stored as it is isn't copied; the rest is inflated. */
  open(): Promise<SourceFile>;
}

/**
 * Its files, without inflating anything. `outer`: how large the file is that was dropped, if this zip came out of that: what a bomb
 * packs twice counts against what it was at first. Throws a `Refusal`.
 */
export async function listZip(
  { path: file, blob }: SourceFile,
  outer: number = blob.size,
): Promise<readonly ZipFile[]> {
  const reader = new ZipReader(new BlobReader(blob), HERE);
  const entries: FileEntry[] = [];
  await guard(file, async () => {
    for await (const entry of reader.getEntriesGenerator()) addEntry(entry, entries, file);
  });
  checkSizes(entries, Math.min(blob.size, outer), file);
  return entries.map(entry => {
    const path = entry.filename.replaceAll('\\', '/');
    return {
      path,
      size: entry.uncompressedSize,
      open: async () => ({ path, blob: await guard(file, () => readEntry(entry, blob, file)) }),
    };
  });
}

function addEntry(entry: Entry, entries: FileEntry[], file: string): void {
  if (entry.filename.includes('__proto__')) {
    throw new Refusal(
      `${file} holds a file named __proto__, which is a known attack.`,
      'Check where it comes from.',
    );
  }
  if (entry.directory) return;
  if (entry.encrypted) {
    throw new Refusal(
      `${file} is locked with a password.`,
      'Unpack it with its password and drop what is in it.',
    );
  }
  entries.push(entry);
  if (entries.length > MAX_ENTRIES) {
    throw new Refusal(
      `${file} holds more than ${MAX_ENTRIES.toLocaleString('en')} files.`,
      'Unpack it yourself and drop only the model’s files.',
    );
  }
}

function checkSizes(entries: readonly FileEntry[], zipSize: number, file: string): void {
  const total = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
  if (total > MAX_TOTAL) {
    throw new Refusal(
      `${file} would unpack to ${Math.round(total / 2 ** 20).toLocaleString('en')} MB, and 2,048 MB is the most that is read.`,
      'Unpack it yourself and drop only the model’s files.',
    );
  }
  if (total > SMALL && total > zipSize * MAX_RATIO) {
    throw new Refusal(
      `${file} would unpack to ${MAX_RATIO} times its size or more, as only zips do that are made to fill up a computer.`,
      'Check where it comes from.',
    );
  }
}

async function readEntry(entry: FileEntry, zip: Blob, file: string): Promise<Blob> {
  if (entry.compressionMethod !== 0) {
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    await pour(entry, file, chunk => chunks.push(chunk));
    return new Blob(chunks);
  }
  // Its checksum is looked at, its bytes stay where they are.
  await pour(entry, file, () => undefined);
  const start = await findData(entry, zip);
  return zip.slice(start, start + entry.uncompressedSize);
}

/** What a zip says of its sizes may be a lie: more than it promised is never taken. */
async function pour(
  entry: FileEntry,
  file: string,
  take: (chunk: Uint8Array<ArrayBuffer>) => void,
): Promise<void> {
  let length = 0;
  const sink = new WritableStream<Uint8Array<ArrayBuffer>>({
    write(chunk) {
      length += chunk.byteLength;
      if (length > entry.uncompressedSize) throw tooLong(entry, file);
      take(chunk);
    },
  });
  await entry.getData(sink, HERE);
  if (length !== entry.uncompressedSize) {
    throw new Refusal(`${file} is damaged: ‘${entry.filename}’ is shorter than the zip says.`, DAMAGED);
  }
}

function tooLong(entry: FileEntry, file: string): Refusal {
  return new Refusal(`${file} is damaged: ‘${entry.filename}’ is longer than the zip says.`, DAMAGED);
}

/** Behind the local header: 30 bytes, the name and what else there is, whose lengths stand at 26 and 28. */
async function findData(entry: FileEntry, zip: Blob): Promise<number> {
  const header = new DataView(await zip.slice(entry.offset, entry.offset + 30).arrayBuffer());
  return entry.offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
}

async function guard<T>(file: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new Refusal(`${file} is a damaged zip, or one of a kind that can’t be read (${why}).`, DAMAGED);
  }
}

export interface ZipContent {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Weights hardly shrink: compressing them would only cost time, and readers need not unpack what is stored. */
  readonly store: boolean;
}

/** The same bytes for the same files: no time stands in it. */
export async function writeZip(files: readonly ZipContent[]): Promise<Uint8Array<ArrayBuffer>> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), {
    useWebWorkers: false,
    extendedTimestamp: false,
    lastModDate: EPOCH,
    dataDescriptor: false,
  });
  for (const { path, bytes, store } of files) {
    await writer.add(path, new Uint8ArrayReader(bytes), { level: store ? 0 : 6 });
  }
  return writer.close();
}

/** The first day that a zip can name; in local time, as zips have it. */
const EPOCH = new Date(1980, 0, 1);
