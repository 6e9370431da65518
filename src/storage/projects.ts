/**
 * Projects in this browser's own storage. A project refers to its models and its data set by id: they are large, they don't
 * change, and several projects may use the same ones, so each is stored once. Their weights are stored in pieces, since the page
 * stands still while one is copied. Nothing here leaves the machine.
 */
import type { Dataset } from '../data/dataset';
import { withoutValues } from '../formats/bare-model';
import type { SourceModel } from '../formats/protocol';
import type { ProjectDocument } from '../graph/document';
import type { Network } from '../network/network';
import {
  type Database,
  loadPieces,
  type ModelRow,
  openDatabase,
  piecesOf,
  type Row,
  STORES,
  type StoredTraining,
  savePieces,
} from './database';
import { formsOf, type LayerWeights } from './weight-pieces';

export interface StoredProject {
  readonly id: string;
  readonly document: ProjectDocument;
  readonly models: readonly SourceModel[];
  readonly dataset: Dataset | null;
  /** null: never trained, as far as is known here. */
  readonly trained: StoredTraining | null;
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

/** `now`: milliseconds since 1970. */
export function createProjectStorage(name: string, now: () => number): ProjectStorage {
  let opening: Promise<Database> | null = null;
  const written = new WeakSet<object>();
  const open = () => {
    opening ??= openDatabase(name).catch((error: unknown) => {
      // The next call tries again: storage may have been blocked only for a while.
      opening = null;
      throw error;
    });
    return opening;
  };
  // One after the other: what is saved in several transactions must not be swept away or read between them.
  let working: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: (database: Database) => Promise<T>): Promise<T> => {
    const result = working.then(open).then(work);
    working = result.catch(() => undefined);
    return result;
  };
  return {
    save: project =>
      inTurn(async database => {
        const { trained } = project;
        const isNew = trained !== null && !written.has(trained.weights);
        await saveProject(database, project, isNew ? trained : null, now());
        if (isNew) written.add(trained.weights);
      }),
    load: id => inTurn(async database => loadRow(database, await database.get('projects', id))),
    loadLatest: () =>
      inTurn(async database => {
        const { store } = database.transaction('projects');
        const cursor = await store.index('savedAt').openCursor(null, 'prev');
        return loadRow(database, cursor?.value);
      }),
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
    remove: id => inTurn(database => removeProject(database, id)),
  };
}

/**
 * All or nothing: a project never refers to a model that isn't there. Weights come first, in transactions of their own; until
 * something refers to them they are nothing, and the next removal sweeps them away.
 */
async function saveProject(
  database: Database,
  project: StoredProject,
  trained: StoredTraining | null,
  savedAt: number,
): Promise<void> {
  const known = new Set(await database.getAllKeys('models'));
  const added = project.models.filter(model => !known.has(model.id));
  const expected = new Map<string, number>();
  for (const model of added) {
    expected.set(model.id, await savePieces(database, model.id, weightsOf(model.network)));
  }
  const owner = `trained ${project.id} ${savedAt}`;
  if (trained !== null) expected.set(owner, await savePieces(database, owner, trained.weights));

  const transaction = database.transaction([...STORES], 'readwrite');
  const pieces = transaction.objectStore('pieces');
  for (const [of, count] of expected) {
    // Another window may have removed what nothing referred to yet.
    if ((await pieces.count(piecesOf(of))) === count) continue;
    transaction.abort();
    await transaction.done.catch(() => undefined);
    throw new Error('What was saved of the weights has been removed meanwhile.');
  }
  if (trained !== null) {
    const { key, weights } = trained;
    const before = await transaction.objectStore('trained').get(project.id);
    await transaction.objectStore('trained').put({ key, forms: formsOf(weights), owner }, project.id);
    if (before !== undefined && 'owner' in before) await pieces.delete(piecesOf(before.owner));
  }
  for (const model of added) {
    const row = { ...withoutValues(model), forms: formsOf(weightsOf(model.network)) };
    await transaction.objectStore('models').put(row);
  }
  const datasets = transaction.objectStore('datasets');
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

function weightsOf({ layers }: Network): LayerWeights {
  return Object.fromEntries(layers.map(({ name, weights }) => [name, weights]));
}

async function loadRow(database: Database, row: Row | undefined): Promise<StoredProject | null> {
  if (row === undefined) return null;
  const models: SourceModel[] = [];
  // One after the other: each is large.
  for (const id of row.models) {
    const stored = await database.get('models', id);
    if (stored !== undefined) models.push(await loadModel(database, stored));
  }
  const dataset = row.dataset === null ? undefined : await database.get('datasets', row.dataset);
  return {
    id: row.id,
    document: row.document,
    models,
    dataset: dataset ?? null,
    trained: await loadTrained(database, row.id),
  };
}

async function loadModel(database: Database, { forms, ...model }: ModelRow): Promise<SourceModel> {
  if (forms === undefined) return upgradeModel(model);
  const weights = await loadPieces(database, model.id, forms);
  const { network } = model;
  const layers = network.layers.map(layer => ({ ...layer, weights: weights[layer.name] ?? layer.weights }));
  return upgradeModel({ ...model, network: { ...network, layers } });
}

/** What older versions of Graft didn't know of a model. */
function upgradeModel(model: SourceModel): SourceModel {
  const older: Partial<SourceModel> & Pick<SourceModel, 'report'> = model;
  const known: Partial<SourceModel['report']> = older.report;
  const { found = [], warnings = [] } = known;
  return { ...model, architecture: older.architecture ?? null, report: { ...model.report, found, warnings } };
}

async function loadTrained(database: Database, project: string): Promise<StoredTraining | null> {
  const row = await database.get('trained', project);
  if (row === undefined) return null;
  if ('weights' in row) return row;
  return { key: row.key, weights: await loadPieces(database, row.owner, row.forms) };
}

/** Models and data sets go with the last project that used them, and weights with what they belonged to. */
async function removeProject(database: Database, id: string): Promise<void> {
  const transaction = database.transaction([...STORES], 'readwrite');
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
  const trained = await transaction.objectStore('trained').getAll();
  const owners = new Set([...models, ...trained.map(row => ('owner' in row ? row.owner : null))]);
  const pieces = transaction.objectStore('pieces');
  for (const key of await pieces.getAllKeys()) if (!owners.has(key[0])) await pieces.delete(key);
  await transaction.done;
}
