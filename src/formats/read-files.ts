/**
 * What somebody dropped, sorted into models, projects and refusals. It finds out which files belong together; what is in
 * them is read elsewhere. Never throws: whatever goes wrong is a report with a way out.
 */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../base/json';
import { FOREIGN, type ForeignKind } from './foreign';
import { parseJsonBytes } from './json-file';
import { hashNetwork } from './network-id';
import { createNotes, listNames, shorten } from './notes';
import type { FileBytes, ImportReport, ReadItem } from './protocol';
import { readProject } from './read-project';
import { Refusal } from './refusal';
import { baseName, claimShards, folderOf, isWeightShard } from './shards';
import { type FileKind, sniffFile, sniffZip } from './sniff';
import { isLayersModelJson, readLayersModel } from './tfjs-layers/read';
import { listZip, readZip } from './zip';

/** Files that may belong together: those that were dropped, or those of one zip. */
interface Scope {
  /** The zip's name; empty for the drop itself. */
  readonly zip: string;
  readonly files: readonly FileBytes[];
}

export function readFiles(files: readonly FileBytes[]): ReadItem[] {
  const items: ReadItem[] = [];
  const loose: FileBytes[] = [];
  const scopes: Scope[] = [];
  for (const file of files.filter(({ path }) => !isNoise(path))) {
    if (sniffFile(file.path, file.bytes) !== 'zip') {
      loose.push(file);
      continue;
    }
    const opened = attempt(file.path, 'Zip', () => openZip(file));
    if ('kind' in opened) items.push(opened);
    else scopes.push(opened);
  }
  if (loose.length > 0) scopes.unshift({ zip: '', files: loose });
  const bystanders: FileBytes[] = [];
  for (const scope of scopes) {
    const result = readScope(scope);
    items.push(...result.items);
    bystanders.push(...result.bystanders.map(file => ({ ...file, path: placeOf(scope, file.path) })));
    if (result.items.length === 0 && scope.zip !== '') {
      items.push(refuse(scope.zip, 'Zip', 'There is no model in it.', NO_MODEL));
    }
  }
  // What comes along with a model (labels, pictures, a README) is passed over in silence.
  if (items.length === 0 && bystanders.length > 0) items.push(refuseBystanders(bystanders));
  return noteKerasCopies(items);
}

/** A Keras file in the folder of a model that was read is most likely the same one: a note, not a refusal. */
function noteKerasCopies(items: readonly ReadItem[]): ReadItem[] {
  const isCopyOf = (refused: ImportReport, read: ImportReport) =>
    /\.(keras|h5|hdf5)$/i.test(refused.file) &&
    folderOf(read.file) !== '' &&
    folderOf(refused.file) === folderOf(read.file);
  const models = items.flatMap(item => (item.kind === 'model' ? [item.model] : []));
  return items.flatMap((item): ReadItem[] => {
    if (item.kind === 'refused')
      return models.some(({ report }) => isCopyOf(item.report, report)) ? [] : [item];
    if (item.kind !== 'model') return [item];
    const { report } = item.model;
    const copies = items.flatMap(other =>
      other.kind === 'refused' && isCopyOf(other.report, report) ? [baseName(other.report.file)] : [],
    );
    const notes = copies.map(name => `${name} beside it was passed over: Keras files aren’t read yet.`);
    return [
      { ...item, model: { ...item.model, report: { ...report, leftOut: [...report.leftOut, ...notes] } } },
    ];
  });
}

const NO_MODEL =
  'Drop the model.json of a TensorFlow.js Layers model with its weight files, a folder or zip of them, or a project saved by Graft.';

function isNoise(path: string): boolean {
  return /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._)/.test(path);
}

function openZip(file: FileBytes): Scope | ReadItem {
  const kind = sniffZip(listZip(file.bytes, file.path));
  if (kind !== 'other') return refuseForeign(file.path, kind);
  return { zip: file.path, files: readZip(file.bytes, file.path).filter(({ path }) => !isNoise(path)) };
}

function placeOf(scope: Scope, path: string): string {
  return scope.zip === '' ? path : `${scope.zip}/${path}`;
}

interface ScopeResult {
  readonly items: readonly ReadItem[];
  /** Files that are neither models nor parts of one. */
  readonly bystanders: readonly FileBytes[];
}

function readScope(scope: Scope): ScopeResult {
  const items: ReadItem[] = [];
  const used = new Set<FileBytes>();
  for (const file of scope.files) {
    const base = /^(.*\/)?graft\/project\.json$/.exec(file.path);
    if (base === null) continue;
    const prefix = base[1] ?? '';
    const own = scope.files.filter(({ path }) => path.startsWith(prefix));
    for (const part of own) used.add(part);
    const relative = own.map(part => ({ ...part, path: part.path.slice(prefix.length) }));
    const place = scope.zip === '' ? prefix.slice(0, -1) || 'project' : scope.zip;
    items.push(attempt(place, 'Graft project', () => readProject(place, relative)));
  }
  const kinds = new Map(scope.files.map(file => [file, sniffFile(file.path, file.bytes)]));
  const models: { readonly file: FileBytes; readonly json: JsonObject }[] = [];
  for (const [file, kind] of kinds) {
    if (used.has(file) || kind !== 'json') continue;
    const item = readJson(scope, file);
    if (item === null) continue;
    used.add(file);
    if ('json' in item) models.push(item);
    else items.push(item);
  }
  // Shards of all models are claimed before any is read, so that none is taken twice.
  const claims = models.map(({ file, json }) => {
    const place = placeOf(scope, file.path);
    return {
      place,
      file,
      json,
      shards: attempt(place, LAYERS_MODEL, () => claimShards(scope.files, file, json, used)),
    };
  });
  for (const { place, file, json, shards } of claims) {
    items.push(
      'kind' in shards
        ? shards
        : attempt(place, LAYERS_MODEL, () => readModel(scope, file, json, shards, used)),
    );
  }
  const bystanders: FileBytes[] = [];
  for (const [file, kind] of kinds) {
    if (used.has(file)) continue;
    const item = isWeightShard(file) && models.length > 0 ? null : readForeign(scope, file, kind, used);
    if (item === null) bystanders.push(file);
    else items.push(item);
  }
  return { items, bystanders };
}

const LAYERS_MODEL = 'TensorFlow.js Layers model';

type Candidate = { readonly file: FileBytes; readonly json: JsonObject };

/** A model to be read, a refusal, or null for JSON that has nothing to do with models. */
function readJson(scope: Scope, file: FileBytes): Candidate | ReadItem | null {
  const place = placeOf(scope, file.path);
  // Broken JSON of another kind is no concern of ours.
  const looksLikeModel =
    /(^|\/)model[^/]*\.json$/i.test(file.path) ||
    /"(modelTopology|weightsManifest|class_name)"/.test(
      new TextDecoder().decode(file.bytes.subarray(0, 20_000)),
    );
  if (!looksLikeModel) return null;
  return attempt(place, 'JSON file', () => {
    const json = parseJsonBytes(file.bytes, place);
    if (isLayersModelJson(json)) return { file, json };
    if (isGraphModelJson(json)) return refuseForeign(place, 'tfjs-graph');
    if (isJsonObject(json) && json.weightsManifest !== undefined) {
      throw new Refusal(
        'It lists weights but holds no structure of a model (modelTopology).',
        'Export the model again.',
      );
    }
    return null;
  });
}

function isGraphModelJson(json: Json): boolean {
  if (!isJsonObject(json)) return false;
  const { modelTopology } = json;
  return json.format === 'graph-model' || (isJsonObject(modelTopology) && isJsonArray(modelTopology.node));
}

function readModel(
  scope: Scope,
  file: FileBytes,
  json: JsonObject,
  shards: ReadonlyMap<string, FileBytes>,
  used: Set<FileBytes>,
): ReadItem {
  const notes = createNotes();
  const { network, writtenBy } = readLayersModel(json, path => shards.get(path)?.bytes, notes);
  const metadata = readMetadata(scope, file, used);
  const name = modelName(scope, file.path, metadata.name, network.name);
  const report: ImportReport = {
    file: placeOf(scope, file.path),
    format: metadata.isTeachableMachine ? 'Teachable Machine model' : LAYERS_MODEL,
    writtenBy,
    repairs: notes.sentences('repair'),
    leftOut: notes.sentences('left-out'),
    refusal: null,
  };
  const model = {
    id: hashNetwork(network),
    name,
    network: { ...network, name },
    report,
    labels: metadata.labels,
  };
  return { kind: 'model', model };
}

interface Metadata {
  readonly labels: readonly string[] | null;
  readonly name: string | null;
  readonly isTeachableMachine: boolean;
}

/** The metadata.json beside a model, as Teachable Machine writes it. */
function readMetadata(scope: Scope, model: FileBytes, used: Set<FileBytes>): Metadata {
  const none: Metadata = { labels: null, name: null, isTeachableMachine: false };
  const path = `${folderOf(model.path)}metadata.json`;
  const file = scope.files.find(candidate => candidate.path === path && !used.has(candidate));
  if (file === undefined) return none;
  let json: Json;
  try {
    json = parseJsonBytes(file.bytes, file.path);
  } catch {
    // The model can be used without its labels.
    return none;
  }
  if (!isJsonObject(json)) return none;
  used.add(file);
  const { labels, wordLabels, modelName: name, tmVersion, packageName } = json;
  const list = isJsonArray(labels) ? labels : isJsonArray(wordLabels) ? wordLabels : [];
  const texts = list.filter(label => typeof label === 'string');
  return {
    labels: texts.length > 0 && texts.length === list.length ? texts : null,
    name: typeof name === 'string' && name !== '' ? shorten(name) : null,
    isTeachableMachine: tmVersion !== undefined || String(packageName).includes('teachablemachine'),
  };
}

/** Names that say nothing. */
const PLAIN =
  /^(model|models|web_?model|tfjs|tfjs_?model|saved|js|index|layers_?model|my-model|tm-my-image-model)$/i;

function modelName(scope: Scope, path: string, stated: string | null, inFile: string): string {
  const stem = baseName(path).replace(/\.json$/i, '');
  const folders = folderOf(path)
    .split('/')
    .filter(part => part !== '');
  const zip = baseName(scope.zip)
    .replace(/\.zip$/i, '')
    .replace(/ ?\(\d+\)$/, '');
  const candidates = [stem, folders.at(-1), stated, zip, inFile];
  const found = candidates.find(
    name => name !== undefined && name !== null && name !== '' && !PLAIN.test(name),
  );
  return shorten(found ?? 'model');
}

function readForeign(scope: Scope, file: FileBytes, kind: FileKind, used: Set<FileBytes>): ReadItem | null {
  const place = placeOf(scope, file.path);
  switch (kind) {
    case 'json':
    case 'picture':
    case 'text':
    case 'binary':
    case 'empty':
      return null;
    case 'zip':
      return refuse(
        place,
        'Zip',
        'It is a zip within a zip.',
        'Unpack the outer one and drop what is in it.',
      );
    case 'hdf5':
      return refuseForeign(place, holdsKerasModel(file.bytes) ? 'hdf5' : 'hdf5-weights');
    case 'saved-model': {
      // Its weights and notes lie around it and aren’t refused one by one.
      const folder = folderOf(file.path);
      for (const part of scope.files) if (folder !== '' && part.path.startsWith(folder)) used.add(part);
      return refuseForeign(place, kind);
    }
    default:
      return refuseForeign(place, kind);
  }
}

/** The name of the attribute that holds a Keras model stands near the start of the file. */
function holdsKerasModel(bytes: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(bytes.subarray(0, 2 ** 22)).includes('model_config');
}

function refuseForeign(file: string, kind: ForeignKind): ReadItem {
  const { format, reason, wayOut } = FOREIGN[kind];
  return refuse(file, format, reason, wayOut);
}

function refuseBystanders(files: readonly FileBytes[]): ReadItem {
  const [only] = files;
  if (files.length > 1 || only === undefined) {
    const names = listNames(files.map(({ path }) => path));
    return refuse(`${files.length} files`, 'Other files', `None of them is a model: ${names}.`, NO_MODEL);
  }
  if (isWeightShard(only)) {
    return refuse(
      only.path,
      'Weight file',
      'It holds weights without the structure that they belong to.',
      'Drop it together with its model.json.',
    );
  }
  const kind = sniffFile(only.path, only.bytes);
  const what =
    kind === 'empty'
      ? 'The file is empty.'
      : kind === 'picture'
        ? 'It is a picture, not a model.'
        : 'It isn’t a model in any known format.';
  return refuse(only.path, 'Other file', what, NO_MODEL);
}

function refuse(file: string, format: string, reason: string, wayOut: string): ReadItem {
  const report = { file, format, writtenBy: null, repairs: [], leftOut: [], refusal: { reason, wayOut } };
  return { kind: 'refused', report };
}

function attempt<T>(file: string, format: string, action: () => T): T | ReadItem {
  try {
    return action();
  } catch (error) {
    if (error instanceof Refusal) return refuse(file, format, error.reason, error.wayOut);
    const why = error instanceof Error ? error.message : String(error);
    return refuse(
      file,
      format,
      `Reading it failed in a way that nobody foresaw: ${shorten(why, 200)}.`,
      'That is a mistake in Graft: please report it, with the file if you may.',
    );
  }
}
