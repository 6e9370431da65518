/** How projects lie in the browser's database, and how weights get into it and out. What a project is made of is known in `projects.ts`. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Dataset } from '../data/dataset';
import type { SourceModel } from '../formats/protocol';
import type { ModelId, ProjectDocument } from '../graph/document';
import type { Weights } from '../network/network';
import { cutIntoPieces, joinPieces, type LayerWeights, type Piece, type WeightForms } from './weight-pieces';

/** Trained weights, with the key of the network that they belong to. */
export interface StoredTraining {
  readonly key: string;
  readonly weights: Readonly<Record<string, Weights>>;
}

export interface Row {
  readonly id: string;
  readonly document: ProjectDocument;
  readonly models: readonly ModelId[];
  readonly dataset: string | null;
  readonly savedAt: number;
}

interface Schema extends DBSchema {
  projects: { key: string; value: Row; indexes: { savedAt: number } };
  models: { key: ModelId; value: ModelRow };
  datasets: { key: string; value: Dataset };
  /** By project. Beside it, so that an edit doesn't write all weights again. */
  trained: { key: string; value: TrainedRow };
  /** Weights, by what they belong to and counted from 0. */
  pieces: { key: [owner: string, index: number]; value: Piece };
}

/** `forms`: its weights are in pieces, and have no values here. Absent in what was saved before version 3 of the database. */
export interface ModelRow extends SourceModel {
  readonly forms?: WeightForms;
}

type TrainedRow =
  | StoredTraining
  | {
      readonly key: string;
      readonly forms: WeightForms;
      /** Under which its pieces are: another one for each training, so that none is ever half replaced. */
      readonly owner: string;
    };

export const STORES = ['projects', 'models', 'datasets', 'trained', 'pieces'] as const;

/**
 * Pieces that are written in one transaction. The browser holds them in memory until its end, and a large model would be there
 * twice.
 */
const BATCH = 4;

export type Database = IDBPDatabase<Schema>;

export function openDatabase(name: string): Promise<Database> {
  return openDB<Schema>(name, 3, {
    upgrade(database, oldVersion) {
      if (oldVersion < 3) database.createObjectStore('pieces');
      if (oldVersion < 2) database.createObjectStore('trained');
      if (oldVersion >= 1) return;
      database.createObjectStore('projects', { keyPath: 'id' }).createIndex('savedAt', 'savedAt');
      database.createObjectStore('models', { keyPath: 'id' });
      database.createObjectStore('datasets', { keyPath: 'id' });
    },
  });
}

/** Returns how many there are. What an earlier attempt left is written over: the same weights have the same pieces. */
export async function savePieces(database: Database, owner: string, weights: LayerWeights): Promise<number> {
  let index = 0;
  let batch: Piece[] = [];
  const write = async () => {
    const { store, done } = database.transaction('pieces', 'readwrite');
    for (const piece of batch) {
      await store.put(piece, [owner, index]);
      index += 1;
    }
    batch = [];
    await done;
  };
  for (const piece of cutIntoPieces(weights)) {
    batch.push(piece);
    if (batch.length === BATCH) await write();
  }
  if (batch.length > 0) await write();
  return index;
}

/** All that belong to it: an array is greater than any number. */
export function piecesOf(owner: string): IDBKeyRange {
  return IDBKeyRange.bound([owner], [owner, []]);
}

export async function loadPieces(
  database: Database,
  owner: string,
  forms: WeightForms,
): Promise<LayerWeights> {
  const { weights, take, missing } = joinPieces(forms);
  for (let index = 0; missing() > 0; index += 1) {
    const piece = await database.get('pieces', [owner, index]);
    if (piece === undefined) throw new Error('Some of its weights are not in this browser any more.');
    take(piece);
  }
  return weights;
}
