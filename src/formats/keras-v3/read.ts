/**
 * A `.keras` file of Keras 2.13 and later, opened: `config.json` is the structure, `model.weights.h5` the weights, `metadata.json` says who
 * wrote it. https://keras.io/api/models/model_saving_apis/model_saving_and_loading/
 */
import { isJsonObject, type Json, type JsonObject } from '../../base/json';
import { readAll } from '../hdf5/read-all';
import { withHdf5 } from '../hdf5/read-hdf5';
import type { Hdf5Dataset, Hdf5Group } from '../hdf5/tree';
import { parseJsonBytes } from '../json-file';
import { type Architecture, buildNetwork } from '../keras-model/build-network';
import type { NamedWeight } from '../keras-model/named-weight';
import { createNotes, listNames, type Notes } from '../notes';
import type { ReadItem } from '../protocol';
import { Refusal } from '../refusal';
import { bytesOf, findFree, type Piece, placeOf, type Scope } from '../scope';
import { folderOf } from '../shards';
import { adoptSkeleton } from '../skeleton';
import { modelItem } from '../source-model';

const CONFIG = 'config.json';
const WEIGHTS = 'model.weights.h5';
const SHARDS = 'model.weights.json';
const NUMPY = 'model.weights.npz';

/** The folders that hold the parts of a `.keras` file: the root of one, or where somebody unpacked it. */
export function findKerasFolders(scope: Scope): readonly string[] {
  const paths = new Set(scope.pieces.map(({ path }) => path));
  return scope.pieces
    .filter(({ path }) => path === CONFIG || path.endsWith(`/${CONFIG}`))
    .map(({ path }) => folderOf(path))
    .filter(folder => [WEIGHTS, SHARDS, NUMPY, 'metadata.json'].some(part => paths.has(`${folder}${part}`)));
}

/** Throws a `Refusal`. */
export async function readKerasFolder(scope: Scope, folder: string): Promise<ReadItem> {
  const notes = createNotes();
  const config = await takeJson(scope, `${folder}${CONFIG}`);
  const metadata = await takeJson(scope, `${folder}metadata.json`).catch(() => null);
  if (!isJsonObject(config)) {
    throw new Refusal('Its config.json describes no model.', 'Save it again with model.save("model.keras").');
  }
  const version = isJsonObject(metadata) ? metadata.keras_version : null;
  const kerasVersion = typeof version === 'string' ? version : null;
  const weights = takeWeights(scope, folder);
  takeRest(scope, folder, notes);
  const architecture: Architecture = { modelConfig: config, kerasVersion };
  const place = placeOf(scope, weights.path);
  const network = await withHdf5(weights.blob, place, root =>
    buildNetwork(architecture, { kind: 'list', weights: readPaths(root, scope.tell, notes) }, notes),
  );
  const stated = isJsonObject(metadata) && !scope.asStranger ? metadata : undefined;
  return modelItem(
    scope,
    folder,
    {
      network: adoptSkeleton(network, stated, config),
      architecture,
      format: 'Keras model (.keras)',
      writtenBy: describeWriter(kerasVersion, metadata),
      isConverted: false,
    },
    notes,
  );
}

async function takeJson(scope: Scope, path: string): Promise<Json> {
  const piece = findFree(scope, path);
  if (piece === undefined) return null;
  scope.used.add(piece);
  return parseJsonBytes(await bytesOf(piece), placeOf(scope, path));
}

function takeWeights(scope: Scope, folder: string): Piece {
  const weights = findFree(scope, `${folder}${WEIGHTS}`);
  if (weights?.kind === 'hdf5') {
    scope.used.add(weights);
    return weights;
  }
  const others = scope.pieces.filter(({ path }) => path.startsWith(`${folder}model.weights`));
  for (const piece of others) scope.used.add(piece);
  if (weights?.kind === 'lfs-pointer') {
    throw new Refusal(
      `${WEIGHTS} in it is a Git LFS pointer, not the weights.`,
      'Run “git lfs pull” in the repository, or download the file itself from its web page.',
    );
  }
  if (weights !== undefined) {
    throw new Refusal(`${WEIGHTS} in it is damaged.`, 'Download or save the model again.');
  }
  throw new Refusal(
    others.length > 0
      ? `It keeps its weights in ${listNames(others.map(({ path }) => path))}, a form that isn’t read.`
      : `It has no weights: ${WEIGHTS} is missing.`,
    'Save it again with model.save("model.keras"), without sharding.',
  );
}

/** `assets` holds the vocabularies of text layers; they are of no use without those. */
function takeRest(scope: Scope, folder: string, notes: Notes): void {
  for (const piece of scope.pieces) {
    if (!piece.path.startsWith(`${folder}assets/`)) continue;
    scope.used.add(piece);
    notes.add('left-out', 'assets', piece.path.slice(folder.length), names => {
      return `Files that came with its layers: ${listNames(names)}.`;
    });
  }
}

/** `layers/dense/vars/0`, …; without the state of optimizer and metrics. Throws a `Refusal`. */
export function readPaths(root: Hdf5Group, tell: Scope['tell'], notes: Notes): NamedWeight[] {
  const found: Hdf5Dataset[] = [];
  const visit = (group: Hdf5Group) => {
    if (/(^|[/\\])_?(optimizer|metrics|compile_metrics|loss_tracker)$/.test(group.path) && isState(group)) {
      notes.add('left-out', 'optimizer', 'x', () => 'The state of the optimizer and of metrics.');
      return;
    }
    found.push(...group.datasets.values());
    for (const inner of group.groups.values()) visit(inner);
  };
  visit(root);
  const weights = readAll(found, tell);
  return found.map((dataset, i) => ({
    name: dataset.path,
    weight: weights[i] ?? dataset.read(),
    stored: dataset.dtype,
  }));
}

/** A layer may be called as the optimizer is: layers stand in `layers`. */
function isState(group: Hdf5Group): boolean {
  return !/(^|[/\\])(layers|_layer_checkpoint_dependencies)[/\\][^/\\]*$/.test(group.path);
}

function describeWriter(kerasVersion: string | null, metadata: Json): string | null {
  if (kerasVersion === null) return null;
  const saved = isJsonObject(metadata) ? (metadata as JsonObject).date_saved : null;
  return typeof saved === 'string' && /^\d{4}-\d\d-\d\d/.test(saved)
    ? `Keras ${kerasVersion}, ${saved.slice(0, 10)}`
    : `Keras ${kerasVersion}`;
}
