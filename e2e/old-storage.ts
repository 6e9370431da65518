/** The database of projects as it was before its version 3, for tests of what comes from then. Runs in the page: nothing is imported. */

interface StoredModel {
  readonly id: string;
  forms?: unknown;
  architecture?: unknown;
  readonly report: { found?: unknown; warnings?: unknown };
  readonly network: { readonly layers: readonly StoredLayer[] };
}

interface StoredLayer {
  readonly name: string;
  readonly weights: Readonly<Record<string, { readonly shape: readonly number[]; values: Float32Array }>>;
}

/** Of the weights of the examples, which are all float32. */
interface Part {
  readonly layer: string;
  readonly role: string;
  readonly from: number;
  readonly values: Float32Array;
}

/**
 * The database as it was before weights were stored in pieces: models whole and without what reports didn't say then.
 * Returns how many models it has.
 */
export async function storeAsVersion2(): Promise<number> {
  const asked = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const now = await asked(indexedDB.open('graft'));
  const all = (store: string) => asked(now.transaction(store).objectStore(store).getAll());
  const [projects, datasets] = [await all('projects'), await all('datasets')];
  const models: StoredModel[] = await all('models');
  for (const model of models) {
    const pieces = now.transaction('pieces').objectStore('pieces');
    const parts: readonly Part[] = (
      await asked(pieces.getAll(IDBKeyRange.bound([model.id], [model.id, []])))
    ).flat();
    for (const layer of model.network.layers) {
      for (const [role, weight] of Object.entries(layer.weights)) {
        const own = parts.filter(part => part.layer === layer.name && part.role === role);
        weight.values = new Float32Array(weight.shape.reduce((product, dim) => product * dim, 1));
        for (const { values, from } of own) weight.values.set(values, from);
      }
    }
    delete model.forms;
    delete model.architecture;
    delete model.report.found;
    delete model.report.warnings;
  }
  now.close();
  await asked(indexedDB.deleteDatabase('graft'));
  const opening = indexedDB.open('graft', 2);
  opening.onupgradeneeded = () => {
    const database = opening.result;
    database.createObjectStore('trained');
    database.createObjectStore('projects', { keyPath: 'id' }).createIndex('savedAt', 'savedAt');
    database.createObjectStore('models', { keyPath: 'id' });
    database.createObjectStore('datasets', { keyPath: 'id' });
  };
  const before = await asked(opening);
  const stores = { projects, models, datasets };
  for (const [name, rows] of Object.entries(stores)) {
    const store = before.transaction(name, 'readwrite').objectStore(name);
    for (const row of rows) await asked(store.put(row));
  }
  before.close();
  return models.length;
}
