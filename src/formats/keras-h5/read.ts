/**
 * HDF5 files of Keras: whole models as Keras 2.0 to 3 write them with `model.save("model.h5")`, and weights alone, as
 * `save_weights` writes them, for a structure from elsewhere.
 * https://github.com/keras-team/keras/blob/v3.15.1/keras/src/legacy/saving/legacy_h5_format.py
 */
import { isJsonObject, type Json, type JsonObject } from '../../base/json';
import { readAll } from '../hdf5/read-all';
import { withHdf5, withHdf5Root } from '../hdf5/read-hdf5';
import type { Hdf5Group } from '../hdf5/tree';
import { parseJsonText } from '../json-file';
import { type Architecture, buildNetwork } from '../keras-model/build-network';
import type { WeightGroup, WeightSource } from '../keras-model/named-weight';
import { readPaths } from '../keras-v3/read';
import { createNotes, type Notes, shorten } from '../notes';
import type { ReadItem } from '../protocol';
import { Refusal } from '../refusal';
import { type Piece, placeOf, type Scope } from '../scope';
import { adoptSkeleton } from '../skeleton';
import { modelItem } from '../source-model';

/**
 * `whole`: with the structure of a model. `groups`: weights by layer, as Keras 2 writes them. `paths`: weights by place, as Keras
 * 2.13 and later write `.weights.h5`. null: nothing of Keras.
 */
export type Hdf5Layout = 'whole' | 'groups' | 'paths' | null;

export interface FoundHdf5 {
  readonly piece: Piece;
  readonly layout: Hdf5Layout;
}

export async function findHdf5(piece: Piece): Promise<FoundHdf5> {
  return { piece, layout: await withHdf5Root(piece.blob, piece.path, layoutOf) };
}

function layoutOf(root: Hdf5Group): Hdf5Layout {
  if (root.attribute('model_config') !== null) return 'whole';
  if (listAttribute(root, 'layer_names') !== null) return 'groups';
  const names = [...root.groups.keys()];
  const isPaths = names.some(name => /^(layers|_layer_checkpoint_dependencies|vars)([/\\]|$)/.test(name));
  return isPaths ? 'paths' : null;
}

/** `structure`: what `to_json` returned, for a file that holds weights alone. Throws a `Refusal`. */
export async function readWholeH5(
  scope: Scope,
  { piece }: FoundHdf5,
  structure: JsonObject | null,
): Promise<ReadItem> {
  const notes = createNotes();
  const place = placeOf(scope, piece.path);
  const read = await withHdf5(piece.blob, place, root => {
    const architecture = structure === null ? architectureOf(root, place) : architectureOfJson(structure);
    const network = buildNetwork(architecture, readWeightSource(root, scope.tell, notes), notes);
    const stated = scope.asStranger ? undefined : skeletonOf(root, place);
    return {
      network: structure === null ? adoptSkeleton(network, stated, architecture.modelConfig) : network,
      architecture,
    };
  });
  const { kerasVersion } = read.architecture;
  const format = structure === null ? 'Keras model (.h5)' : 'Keras structure (.json) and weights (.h5)';
  const writtenBy = kerasVersion === null ? null : `Keras ${kerasVersion}`;
  return modelItem(scope, piece.path, { ...read, format, writtenBy, isConverted: false }, notes);
}

/** The weights of a file, in whichever of the layouts. Throws a `Refusal`. */
export function readWeightSource(root: Hdf5Group, tell: Scope['tell'], notes: Notes): WeightSource {
  const layout = layoutOf(root);
  if (layout === 'paths') return { kind: 'list', weights: readPaths(root, tell, notes) };
  const holder = layout === 'whole' ? root.groups.get('model_weights') : root;
  if (holder === undefined || layout === null) {
    throw new Refusal('It holds no weights.', 'Save the whole model with model.save("model.keras").');
  }
  if (root.groups.has('optimizer_weights')) {
    notes.add('left-out', 'optimizer', 'x', () => 'The state of the optimizer is left out.');
  }
  const backend = holder.attribute('backend');
  return {
    kind: 'groups',
    groups: readGroups(holder, tell),
    backend: typeof backend === 'string' ? backend : null,
  };
}

function readGroups(holder: Hdf5Group, tell: Scope['tell']): WeightGroup[] {
  const layers = listAttribute(holder, 'layer_names') ?? [...holder.groups.keys()];
  const listed = layers.flatMap(layer => {
    const group = findGroup(holder, layer);
    const names = group === undefined ? [] : (listAttribute(group, 'weight_names') ?? []);
    return names.map(name => {
      const dataset = group === undefined ? undefined : findDataset(group, name);
      if (dataset !== undefined) return { layer, name, dataset };
      throw new Refusal(
        `The weight '${shorten(name)}' of the layer '${shorten(layer)}' is listed and isn’t in the file.`,
        'Save the model again: the file is damaged.',
      );
    });
  });
  const weights = readAll(
    listed.map(({ dataset }) => dataset),
    tell,
  );
  const named = listed.map(({ layer, name, dataset }, i) => ({
    layer,
    named: { name, weight: weights[i] ?? dataset.read(), stored: dataset.dtype },
  }));
  return layers.map(layer => ({
    layer,
    weights: named.filter(item => item.layer === layer).map(item => item.named),
  }));
}

/** A layer's name may have slashes: then it is a path. */
function findGroup(root: Hdf5Group, path: string): Hdf5Group | undefined {
  return path
    .split('/')
    .filter(part => part !== '')
    .reduce<Hdf5Group | undefined>((group, part) => group?.groups.get(part), root);
}

function findDataset(group: Hdf5Group, path: string) {
  const parts = path.split('/').filter(part => part !== '');
  const last = parts.pop();
  return last === undefined ? undefined : findGroup(group, parts.join('/'))?.datasets.get(last);
}

/** Keras splits lists of more than 64 KB into `name0`, `name1`, … null: there is none. */
function listAttribute(group: Hdf5Group, name: string): string[] | null {
  const whole = group.attribute(name);
  if (whole !== null) return toTexts(whole);
  const parts: string[] = [];
  for (let i = 0; ; i++) {
    const part = group.attribute(`${name}${i}`);
    if (part === null) return i === 0 ? null : parts;
    parts.push(...toTexts(part));
  }
}

function toTexts(value: NonNullable<ReturnType<Hdf5Group['attribute']>>): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'number' ? [] : value.filter(item => typeof item === 'string');
}

function architectureOf(root: Hdf5Group, place: string): Architecture {
  const text = root.attribute('model_config');
  const version =
    root.attribute('keras_version') ?? root.groups.get('model_weights')?.attribute('keras_version');
  return {
    modelConfig: typeof text === 'string' ? parseJsonText(text, `model_config in ${place}`) : null,
    kerasVersion: typeof version === 'string' ? version : null,
  };
}

function architectureOfJson(json: JsonObject): Architecture {
  const version = json.keras_version;
  return { modelConfig: json, kerasVersion: typeof version === 'string' ? version : null };
}

/** What Graft wrote into its own files: see `skeleton.ts`. */
function skeletonOf(root: Hdf5Group, place: string): Json | undefined {
  const text = root.attribute('graft');
  if (typeof text !== 'string') return undefined;
  const json = parseJsonText(text, `graft in ${place}`);
  return isJsonObject(json) ? { graft: json } : undefined;
}
