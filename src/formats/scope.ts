/** Files that may belong together, those of one drop or of one zip, and what lies beside a model in them. */
import { isJsonArray, isJsonObject, type Json } from '../base/json';
import { parseJsonBytes } from './json-file';
import { listNames, shorten } from './notes';
import type { ReadProgress, SourceFile } from './protocol';
import { baseName, folderOf } from './shards';
import type { FileKind } from './sniff';

export interface Piece extends SourceFile {
  readonly kind: FileKind;
}

export interface Scope {
  /** The zip's name; empty for the drop itself. */
  readonly zip: string;
  readonly pieces: readonly Piece[];
  /** What has been read as a part of something. */
  readonly used: Set<Piece>;
  readonly tell: (progress: ReadProgress) => void;
  /** Graft's own notes in its files are passed over: what is read is what anybody else would read. */
  readonly asStranger: boolean;
}

export async function bytesOf(file: SourceFile): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await file.blob.arrayBuffer());
}

export function placeOf(scope: Scope, path: string): string {
  return scope.zip === '' ? path : path === '' ? scope.zip : `${scope.zip}/${path}`;
}

/** A file that nothing has used yet. */
export function findFree(scope: Scope, path: string): Piece | undefined {
  return scope.pieces.find(piece => piece.path === path && !scope.used.has(piece));
}

/** Names that say nothing. */
const PLAIN =
  /^((final|best|my|trained|keras|dnn|web)?[-_ ]?models?|tfjs|tfjs[-_]?model|saved|js|index|layers_?model|config|architecture|my-model|tm-my-image-model|converted_keras|sequential(_\d+)?|functional(_\d+)?)$/i;

/** What to call a model: by its file, its folder, what it says itself, its zip. */
export function modelName(scope: Scope, path: string, stated: string | null, inFile: string): string {
  const plain = (name: string) =>
    baseName(name)
      .replace(/(\.weights)?\.(json|keras|h5|hdf5|zip)$/i, '')
      .replace(/ ?\(\d+\)$/, '');
  const folders = folderOf(path)
    .split('/')
    .filter(part => part !== '');
  const candidates = [plain(path), folders.at(-1), stated, plain(scope.zip), inFile];
  const found = candidates.find(
    name => name !== undefined && name !== null && name !== '' && !PLAIN.test(name),
  );
  return shorten(found ?? 'model');
}

export interface Companions {
  readonly labels: readonly string[] | null;
  readonly name: string | null;
  readonly isTeachableMachine: boolean;
  /** Sentences about them. */
  readonly found: readonly string[];
}

/** What lies in the folder of a model: labels as Teachable Machine writes them, a licence. None of it is needed. */
export async function readCompanions(scope: Scope, folder: string): Promise<Companions> {
  const metadata = await readMetadata(scope, folder);
  const labels = metadata.labels ?? (await readLabelList(scope, folder));
  const licence = await readLicence(scope, folder);
  return {
    ...metadata,
    labels,
    found: [
      ...(labels === null
        ? []
        : [`${labels.length} label${labels.length === 1 ? '' : 's'}: ${listNames(labels, 6)}.`]),
      ...(licence === null ? [] : [`A licence: ${licence}.`]),
    ],
  };
}

async function readMetadata(scope: Scope, folder: string): Promise<Omit<Companions, 'found'>> {
  const none = { labels: null, name: null, isTeachableMachine: false };
  const file = findFree(scope, `${folder}metadata.json`);
  if (file === undefined) return none;
  let json: Json;
  try {
    json = parseJsonBytes(await bytesOf(file), file.path);
  } catch {
    // The model can be used without its labels.
    return none;
  }
  if (!isJsonObject(json)) return none;
  scope.used.add(file);
  const { labels, wordLabels, modelName: name, tmVersion, packageName } = json;
  const list = isJsonArray(labels) ? labels : isJsonArray(wordLabels) ? wordLabels : [];
  const texts = list.filter(label => typeof label === 'string');
  return {
    labels: texts.length > 0 && texts.length === list.length ? texts : null,
    name: typeof name === 'string' && name !== '' ? shorten(name) : null,
    isTeachableMachine: tmVersion !== undefined || String(packageName).includes('teachablemachine'),
  };
}

/** No list of labels is longer. */
const MAX_TEXT = 2 ** 20;

/** Teachable Machine’s `labels.txt`: `0 Cats`, `1 Dogs`, …; or just a name a line. */
async function readLabelList(scope: Scope, folder: string): Promise<readonly string[] | null> {
  const file = findFree(scope, `${folder}labels.txt`);
  if (file === undefined || file.blob.size > MAX_TEXT) return null;
  scope.used.add(file);
  const lines = (await file.blob.text()).split(/\r?\n/).filter(line => line.trim() !== '');
  const isNumbered = lines.every((line, i) => line.startsWith(`${i} `));
  return lines.length === 0 ? null : lines.map(line => line.slice(isNumbered ? line.indexOf(' ') + 1 : 0));
}

async function readLicence(scope: Scope, folder: string): Promise<string | null> {
  const file = scope.pieces.find(
    ({ path }) => folderOf(path) === folder && /^(licen[cs]e|copying)(\.(txt|md))?$/i.test(baseName(path)),
  );
  if (file === undefined || file.blob.size > MAX_TEXT) return null;
  scope.used.add(file);
  const [first = ''] = (await file.blob.text()).split(/\r?\n/).filter(line => line.trim() !== '');
  return first === '' ? null : shorten(first.trim().replace(/[.#\s]+$|^[#\s]+/g, ''));
}
