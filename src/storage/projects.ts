/**
 * Projects in this browser's own storage. A project refers to its models and its data set by id: they are large, they don't
 * change, and several projects may use the same ones, so each is stored once. Nothing here leaves the machine.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Dataset } from '../data/dataset';
import type { SourceModel } from '../formats/protocol';
import type { ModelId, ProjectDocument } from '../graph/document';
import type { Weights } from '../network/network';

export interface StoredProject {
  readonly id: string;
  readonly document: ProjectDocument;
  readonly models: readonly SourceModel[];
  readonly dataset: Dataset | null;
  /** null: never trained, as far as is known here. */
  readonly trained: StoredTraining | null;
}

/** Trained weights, with the key of the network that they belong to. */
export interface StoredTraining {
  readonly key: string;
  readonly weights: Readonly<Record<string, Weights>>;
}

export interface ProjectEntry {
  readonly id: string;
  readonly name: string;
  readonly nodes: number;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
}

export interface ProjectStorage {
  save(project: StoredProject): Promise<void>;
  /** null: there is none of that id. */
  load(id: string): Promise<StoredProject | null>;
  /** The one that was saved last; null: none was. */
  loadLatest(): Promise<StoredProject | null>;
  /** The latest first. */
  list(): Promise<readonly ProjectEntry[]>;
  remove(id: string): Promise<void>;
}

interface Row {
  readonly id: string;
  readonly document: ProjectDocument;
  readonly models: readonly ModelId[];
  readonly dataset: string | null;
  readonly savedAt: number;
}

interface Schema extends DBSchema {
  projects: { key: string; value: Row; indexes: { savedAt: number } };
  models: { key: ModelId; value: SourceModel };
  datasets: { key: string; value: Dataset };
  /** By project. Beside it, so that an edit doesn't write all weights again. */
  trained: { key: string; value: StoredTraining };
}

type Database = IDBPDatabase<Schema>;

/** `now`: milliseconds since 1970. */
export function createProjectStorage(name: string, now: () => number): ProjectStorage {
  let opening: Promise<Database> | null = null;
  const written = new WeakSet<object>();
  const open = () => {
    opening ??= openDB<Schema>(name, 2, {
      upgrade(database, oldVersion) {
        if (oldVersion < 2) database.createObjectStore('trained');
        if (oldVersion >= 1) return;
        database.createObjectStore('projects', { keyPath: 'id' }).createIndex('savedAt', 'savedAt');
        database.createObjectStore('models', { keyPath: 'id' });
        database.createObjectStore('datasets', { keyPath: 'id' });
      },
    }).catch((error: unknown) => {
      // The next call tries again: storage may have been blocked only for a while.
      opening = null;
      throw error;
    });
    return opening;
  };
  return {
    async save(project) {
      const { trained } = project;
      const isNew = trained !== null && !written.has(trained.weights);
      await saveProject(await open(), project, isNew ? trained : null, now());
      if (isNew) written.add(trained.weights);
    },
    load: async id => loadRow(await open(), await (await open()).get('projects', id)),
    async loadLatest() {
      const database = await open();
      const cursor = await database.transaction('projects').store.index('savedAt').openCursor(null, 'prev');
      return loadRow(database, cursor?.value);
    },
    async list() {
      const rows = await (await open()).getAll('projects');
      return rows
        .map(({ id, document, savedAt }) => ({
          id,
          name: document.name,
          nodes: Object.keys(document.nodes).length,
          savedAt,
        }))
        .sort((a, b) => b.savedAt - a.savedAt);
    },
    remove: async id => removeProject(await open(), id),
  };
}

/** All or nothing: a project never refers to a model that isn't there. */
async function saveProject(
  database: Database,
  project: StoredProject,
  trained: StoredTraining | null,
  savedAt: number,
): Promise<void> {
  const transaction = database.transaction(['projects', 'models', 'datasets', 'trained'], 'readwrite');
  if (trained !== null) {
    const { key, weights } = trained;
    await transaction.objectStore('trained').put({ key, weights }, project.id);
  }
  const models = transaction.objectStore('models');
  const datasets = transaction.objectStore('datasets');
  for (const model of project.models) {
    if ((await models.getKey(model.id)) === undefined) await models.put(model);
  }
  const { dataset } = project;
  if (dataset !== null && (await datasets.getKey(dataset.id)) === undefined) await datasets.put(dataset);
  await transaction.objectStore('projects').put({
    id: project.id,
    document: project.document,
    models: project.models.map(model => model.id),
    dataset: dataset?.id ?? null,
    savedAt,
  });
  await transaction.done;
}

async function loadRow(database: Database, row: Row | undefined): Promise<StoredProject | null> {
  if (row === undefined) return null;
  const models = await Promise.all(row.models.map(id => database.get('models', id)));
  const dataset = row.dataset === null ? undefined : await database.get('datasets', row.dataset);
  return {
    id: row.id,
    document: row.document,
    models: models.filter(model => model !== undefined),
    dataset: dataset ?? null,
    trained: (await database.get('trained', row.id)) ?? null,
  };
}

/** Models and data sets go with the last project that used them. */
async function removeProject(database: Database, id: string): Promise<void> {
  const transaction = database.transaction(['projects', 'models', 'datasets', 'trained'], 'readwrite');
  await transaction.objectStore('trained').delete(id);
  const projects = transaction.objectStore('projects');
  await projects.delete(id);
  const rows = await projects.getAll();
  const models = new Set(rows.flatMap(row => row.models));
  const datasets = new Set(rows.map(row => row.dataset));
  for (const key of await transaction.objectStore('models').getAllKeys()) {
    if (!models.has(key)) await transaction.objectStore('models').delete(key);
  }
  for (const key of await transaction.objectStore('datasets').getAllKeys()) {
    if (!datasets.has(key)) await transaction.objectStore('datasets').delete(key);
  }
  await transaction.done;
}
