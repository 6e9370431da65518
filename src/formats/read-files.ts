/**
 * What somebody dropped, sorted into models, weights, projects and refusals. It finds out which files belong together; what is
 * in them is read elsewhere. Never throws: whatever goes wrong is a report with a way out.
 */
import { type FoundStructure, findStructure } from './json-models';
import { type FoundHdf5, findHdf5, readWholeH5 } from './keras-h5/read';
import { findKerasFolders, readKerasFolder } from './keras-v3/read';
import { createNotes, listNames } from './notes';
import type { ReadItem, SourceFile } from './protocol';
import { readProject } from './read-project';
import { attempt, NO_MODEL, refuse, refuseForeign } from './reports';
import { bytesOf, type Piece, placeOf, type Scope } from './scope';
import { claimShards, folderOf, isWeightShard } from './shards';
import { HEAD_BYTES, sniffFile, sniffZip } from './sniff';
import { modelItem } from './source-model';
import { readLayersModel } from './tfjs-layers/read';
import { listZip } from './zip';

const LAYERS_MODEL = 'TensorFlow.js Layers model';

export interface ReadOptions {
  readonly tell?: Scope['tell'];
  /** See `Scope`. */
  readonly asStranger?: boolean;
}

export async function readFiles(
  files: readonly SourceFile[],
  { tell = () => {}, asStranger = false }: ReadOptions = {},
): Promise<ReadItem[]> {
  const open = (zip: string, pieces: readonly Piece[]): Scope => ({
    zip,
    pieces,
    used: new Set(),
    tell,
    asStranger,
  });
  const items: ReadItem[] = [];
  const loose: Piece[] = [];
  const scopes: Scope[] = [];
  for (const file of files.filter(({ path }) => !isNoise(path))) {
    const piece = await sniff(file);
    if (piece.kind !== 'zip') loose.push(piece);
    else await openZip(piece, null, open, scopes, items);
  }
  if (loose.length > 0) scopes.unshift(open('', loose));
  const bystanders: Piece[] = [];
  for (const scope of scopes) {
    const result = await readScope(scope);
    items.push(...result.items);
    bystanders.push(...result.bystanders.map(piece => ({ ...piece, path: placeOf(scope, piece.path) })));
    if (result.items.length === 0 && scope.zip !== '') {
      items.push(refuse(scope.zip, 'Zip', 'There is no model in it.', NO_MODEL));
    }
  }
  // What comes along with a model (pictures, a README) is passed over in silence.
  if (items.length === 0 && bystanders.length > 0) items.push(refuseBystanders(bystanders));
  return items;
}

async function sniff(file: SourceFile): Promise<Piece> {
  const head = new Uint8Array(await file.blob.slice(0, HEAD_BYTES).arrayBuffer());
  return { ...file, kind: sniffFile(file.path, head) };
}

function isNoise(path: string): boolean {
  return /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._)/.test(path);
}

/** A zip becomes a scope of its own, and so does a Keras file in it: that one is a zip too. */
async function openZip(
  zip: SourceFile,
  around: { readonly place: string; readonly size: number } | null,
  open: (zip: string, pieces: readonly Piece[]) => Scope,
  scopes: Scope[],
  items: ReadItem[],
): Promise<void> {
  const place = around === null ? zip.path : `${around.place}/${zip.path}`;
  const opened = await attempt(place, 'Zip', async () => {
    const files = await listZip({ ...zip, path: place }, around?.size);
    const kind = sniffZip(files.map(({ path }) => path));
    if (kind === 'pytorch') return refuseForeign(place, kind);
    // A zip in a zip in a zip is nobody's model.
    if (around !== null && kind !== 'keras') return zipInZip(place);
    const pieces: Piece[] = [];
    for (const file of files.filter(({ path }) => !isNoise(path)))
      pieces.push(await sniff(await file.open()));
    return pieces;
  });
  if ('kind' in opened) {
    items.push(opened);
    return;
  }
  const inner = opened.filter(piece => piece.kind === 'zip');
  const pieces = opened.filter(piece => piece.kind !== 'zip');
  if (pieces.length > 0 || inner.length === 0) scopes.push(open(place, pieces));
  for (const piece of inner) {
    if (around === null) await openZip(piece, { place, size: zip.blob.size }, open, scopes, items);
    else items.push(zipInZip(`${place}/${piece.path}`));
  }
}

function zipInZip(place: string): ReadItem {
  return refuse(place, 'Zip', 'It is a zip within a zip.', 'Unpack the outer one and drop what is in it.');
}

interface ScopeResult {
  readonly items: readonly ReadItem[];
  /** Files that are neither models nor parts of one. */
  readonly bystanders: readonly Piece[];
}

async function readScope(scope: Scope): Promise<ScopeResult> {
  const items: ReadItem[] = [];
  await readProjects(scope, items);
  for (const folder of findKerasFolders(scope)) {
    const item = await attempt(placeOf(scope, folder), 'Keras model (.keras)', () =>
      readKerasFolder(scope, folder),
    );
    items.push(item);
    if (item.kind !== 'refused') continue;
    // Its weights alone are of no use and aren’t offered.
    for (const part of scope.pieces) if (part.path.startsWith(`${folder}model.weights`)) scope.used.add(part);
  }
  const structures: FoundStructure[] = [];
  for (const piece of free(scope, 'json')) {
    const found = await findStructure(scope, piece);
    if (found === null) continue;
    scope.used.add(piece);
    if ('json' in found) structures.push(found);
    else items.push(found);
  }
  const { whole, weights, refused } = await sortHdf5(scope);
  items.push(...refused);
  for (const found of whole) {
    items.push(
      await attempt(placeOf(scope, found.piece.path), 'Keras model (.h5)', () =>
        readWholeH5(scope, found, null),
      ),
    );
  }
  await readStructures(scope, structures, weights, items);
  for (const { piece, layout } of weights.filter(found => !scope.used.has(found.piece))) {
    scope.used.add(piece);
    items.push(looseWeights(placeOf(scope, piece.path), piece, layout));
  }
  const bystanders: Piece[] = [];
  for (const piece of scope.pieces) {
    if (scope.used.has(piece) || (isWeightShard(piece) && structures.length > 0)) continue;
    const item = refusePiece(scope, piece);
    if (item === null) bystanders.push(piece);
    else items.push(item);
  }
  return { items, bystanders };
}

function free(scope: Scope, kind: Piece['kind']): readonly Piece[] {
  return scope.pieces.filter(piece => piece.kind === kind && !scope.used.has(piece));
}

async function readProjects(scope: Scope, items: ReadItem[]): Promise<void> {
  for (const piece of scope.pieces) {
    const base = /^(.*\/)?graft\/project\.json$/.exec(piece.path);
    if (base === null) continue;
    const prefix = base[1] ?? '';
    const own = scope.pieces.filter(({ path }) => path.startsWith(prefix));
    for (const part of own) scope.used.add(part);
    const place = scope.zip === '' ? prefix.slice(0, -1) || 'project' : scope.zip;
    items.push(
      await attempt(place, 'Graft project', async () => {
        const files = await Promise.all(
          own.map(async part => [part.path.slice(prefix.length), await bytesOf(part)] as const),
        );
        return readProject(place, new Map(files));
      }),
    );
  }
}

interface SortedHdf5 {
  readonly whole: readonly FoundHdf5[];
  readonly weights: readonly FoundHdf5[];
  readonly refused: readonly ReadItem[];
}

async function sortHdf5(scope: Scope): Promise<SortedHdf5> {
  const whole: FoundHdf5[] = [];
  const weights: FoundHdf5[] = [];
  const refused: ReadItem[] = [];
  for (const piece of free(scope, 'hdf5')) {
    const place = placeOf(scope, piece.path);
    const found = await attempt(place, 'HDF5 file', () => findHdf5(piece));
    scope.used.add(piece);
    if ('kind' in found) refused.push(found);
    else if (found.layout === null) refused.push(refuseForeign(place, 'hdf5'));
    else if (found.layout === 'whole') whole.push(found);
    else {
      weights.push(found);
      scope.used.delete(piece);
    }
  }
  return { whole, weights, refused };
}

/** Structures with the files of their weights: the shards that they name, or an HDF5 file beside them. */
async function readStructures(
  scope: Scope,
  structures: readonly FoundStructure[],
  weights: readonly FoundHdf5[],
  items: ReadItem[],
): Promise<void> {
  const alone = structures.filter(({ json }) => json.weightsManifest === undefined);
  // Shards of all models are claimed before any is read, so that none is taken twice.
  const claims: { readonly found: FoundStructure; readonly shards: ReadonlyMap<string, Piece> | ReadItem }[] =
    [];
  for (const found of structures) {
    const shards = await attempt(placeOf(scope, found.piece.path), LAYERS_MODEL, () =>
      claimShards(scope.pieces, found.piece, found.json, scope.used),
    );
    claims.push({ found, shards });
  }
  for (const { found, shards } of claims) {
    const place = placeOf(scope, found.piece.path);
    const partner = alone.includes(found) ? findPartner(found, alone, weights, scope) : null;
    if ('kind' in shards) items.push(shards);
    else if (partner === null)
      items.push(await attempt(place, LAYERS_MODEL, () => readLayers(scope, found, shards)));
    else {
      scope.used.add(partner.piece);
      items.push(
        await attempt(place, 'Keras structure and weights', () => readWholeH5(scope, partner, found.json)),
      );
    }
  }
}

/** The weights of a structure: the only ones there are, or those of the same name. */
function findPartner(
  structure: FoundStructure,
  structures: readonly FoundStructure[],
  weights: readonly FoundHdf5[],
  scope: Scope,
): FoundHdf5 | null {
  const left = weights.filter(({ piece }) => !scope.used.has(piece));
  const [only] = left;
  if (only !== undefined && left.length === 1 && structures.length === 1) return only;
  const stem = stemOf(structure.piece.path);
  const same = left.filter(({ piece }) => stemOf(piece.path) === stem);
  const near = left.filter(({ piece }) => folderOf(piece.path) === folderOf(structure.piece.path));
  const [found] = same.length > 0 ? same : near.length === 1 ? near : [];
  return found ?? null;
}

/** `a/net.weights.h5`, `a/net_weights.h5` and `a/net.json` have the stem `a/net`. */
function stemOf(path: string): string {
  return path.replace(/\.(json|h5|hdf5)$/i, '').replace(/[-_. ]?(weights|architecture|config|model)$/i, '');
}

async function readLayers(
  scope: Scope,
  { piece, json }: FoundStructure,
  shards: ReadonlyMap<string, Piece>,
): Promise<ReadItem> {
  const notes = createNotes();
  const loaded = new Map<string, Uint8Array>();
  for (const [path, shard] of shards) loaded.set(path, await bytesOf(shard));
  const read = readLayersModel(json, path => loaded.get(path), notes);
  return modelItem(scope, piece.path, { ...read, format: LAYERS_MODEL, isConverted: true }, notes);
}

function looseWeights(place: string, piece: Piece, layout: FoundHdf5['layout']): ReadItem {
  return {
    kind: 'weights',
    file: { path: place, blob: piece.blob },
    report: {
      file: place,
      format: 'Keras weights (.h5)',
      writtenBy: layout === 'paths' ? 'Keras 2.13 or later' : 'Keras',
      found: ['Weights without the structure of a model.'],
      warnings: [],
      repairs: [],
      leftOut: [],
      refusal: null,
    },
  };
}

/** null: it is nothing that one would take for a model. */
function refusePiece(scope: Scope, piece: Piece): ReadItem | null {
  const { kind } = piece;
  const place = placeOf(scope, piece.path);
  switch (kind) {
    case 'text':
    case 'binary':
    case 'empty':
      return /\.(keras|h5|hdf5|zip)$/i.test(place) ? refuseNamed(place, kind) : null;
    case 'json':
    case 'picture':
      return null;
    case 'zip':
      return zipInZip(place);
    case 'saved-model': {
      // Its weights and notes lie around it and aren’t refused one by one.
      const folder = folderOf(piece.path);
      for (const part of scope.pieces)
        if (folder !== '' && part.path.startsWith(folder)) scope.used.add(part);
      return refuseForeign(place, kind);
    }
    default:
      return refuseForeign(place, kind);
  }
}

/** Not passed over in silence: whoever drops it takes it for a model. */
function refuseNamed(place: string, kind: 'text' | 'binary' | 'empty'): ReadItem {
  const what = kind === 'empty' ? 'is empty' : 'doesn’t begin as such files do';
  return refuse(
    place,
    'Damaged file',
    `It is named as files of models are and ${what}.`,
    'Download it again, or save the model again.',
  );
}

function refuseBystanders(pieces: readonly Piece[]): ReadItem {
  const [only] = pieces;
  if (pieces.length > 1 || only === undefined) {
    const names = listNames(pieces.map(({ path }) => path));
    return refuse(`${pieces.length} files`, 'Other files', `None of them is a model: ${names}.`, NO_MODEL);
  }
  if (isWeightShard(only)) {
    return refuse(
      only.path,
      'Weight file',
      'It holds weights without the structure that they belong to.',
      'Drop it together with its model.json.',
    );
  }
  const what =
    only.kind === 'empty'
      ? 'The file is empty.'
      : only.kind === 'picture'
        ? 'It is a picture, not a model.'
        : 'It isn’t a model in any known format.';
  return refuse(only.path, 'Other file', what, NO_MODEL);
}
