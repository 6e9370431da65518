/** For tests of the store and of what is drawn from it: a store whose services do just what the test says, and small models. */
import type { SourceModel } from '../formats/protocol';
import type { Network } from '../network/network';
import type { ProjectStorage, StoredProject } from '../storage/projects';
import type { FormatsService, Services } from './services';
import { createGraftStore, type GraftStore } from './store';

const unused = (what: string) => () => Promise.reject(new Error(`${what} is not used in this test.`));

export function createTestStore(
  services: Partial<Pick<FormatsService, 'read' | 'applyWeights'>> & Partial<Services> = {},
): GraftStore {
  return createGraftStore({
    formats: {
      read: services.read ?? unused('read'),
      applyWeights: services.applyWeights ?? unused('applyWeights'),
      write: unused('write'),
      bundle: unused('bundle'),
    },
    trainer: { call: unused('call'), pause() {}, resume() {}, stop() {} },
    projects: createMemoryStorage(),
    examples: { list: [], load: unused('load'), datasets: [], loadDataset: unused('loadDataset') },
    ...services,
  });
}

/** Projects in memory; the same contract as those in the browser. */
export function createMemoryStorage(): ProjectStorage & { readonly stored: Map<string, StoredProject> } {
  const stored = new Map<string, StoredProject>();
  return {
    stored,
    async save(project) {
      // Last in the map is saved last.
      stored.delete(project.id);
      stored.set(project.id, project);
    },
    load: async id => stored.get(id) ?? null,
    loadLatest: async () => [...stored.values()].at(-1) ?? null,
    list: async () =>
      [...stored.values()].reverse().map(({ id, document }, index) => ({
        id,
        name: document.name,
        nodes: Object.keys(document.nodes).length,
        savedAt: stored.size - index,
      })),
    async remove(id) {
      stored.delete(id);
    },
  };
}

/** Dense layers `dense_0`, `dense_1`, … of these sizes, the last one with softmax. */
export function denseNetwork(name: string, input: number, sizes: readonly number[]): Network {
  return {
    name,
    inputs: [{ name: 'x', shape: [null, input], dtype: 'float32' }],
    layers: sizes.map((units, index) => ({
      name: `dense_${index}`,
      type: 'Dense',
      config: { units, activation: index === sizes.length - 1 ? 'softmax' : 'relu' },
      weights: {
        kernel: zeros([sizes[index - 1] ?? input, units]),
        bias: zeros([units]),
      },
      trainable: true,
    })),
    calls: sizes.map((_, index) => ({
      id: `dense_${index}`,
      layer: `dense_${index}`,
      inputs: [index === 0 ? { input: 'x' } : { call: `dense_${index - 1}`, output: 0 }],
    })),
    outputs: [{ name: 'y', from: { call: `dense_${sizes.length - 1}`, output: 0 } }],
  };
}

function zeros(shape: readonly number[]) {
  const size = shape.reduce((product, dim) => product * dim, 1);
  return { shape, dtype: 'float32' as const, values: new Float32Array(size) };
}

export function denseModel(name: string, input: number, sizes: readonly number[]): SourceModel {
  const report = {
    file: `${name}/model.json`,
    format: 'TensorFlow.js Layers model',
    writtenBy: 'keras v3.15.1',
    found: [],
    warnings: [],
    repairs: [],
    leftOut: [],
    refusal: null,
  };
  return {
    id: `id-of-${name}`,
    name,
    network: denseNetwork(name, input, sizes),
    report,
    labels: null,
    architecture: null,
  };
}
