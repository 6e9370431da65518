import { beforeAll, describe, expect, test } from 'vitest';
import { must } from '../base/assert';
import { readFiles } from '../formats/read-files';
import { writeExport } from '../formats/write-export';
import { renameProject, updatePhase } from '../graph/edits';
import type { Network } from '../network/network';
import { predict, predictStock } from '../trainer/predict';
import {
  type ExportJob,
  type ExportServices,
  type ExportStep,
  fileStem,
  formatBytes,
  largestDifference,
  proveExport,
  randomProbes,
} from './export-flow';
import { networkOfItem, selectFilledNetwork } from './export-slice';
import { createStoreInProcess } from './in-process';
import { findDifference } from './network-difference';

let job: ExportJob;

/** The real parts; a test replaces one of them where it wants to see the proof fail. */
const services: ExportServices = {
  read: (files, options) => readFiles(files, options),
  write: params => writeExport(params),
  // The worker's table of handlers holds each method's own parameters and result; here two of them are enough.
  call: async (method, params) => {
    const run = method === 'predict' ? predict : predictStock;
    return (await run({ ...params, backend: 'cpu' } as never)) as never;
  },
  networkOf: item => networkOfItem(item, job.document.training.seed),
};

beforeAll(async () => {
  const store = createStoreInProcess();
  await store.getState().openExample('digits-parallel');
  const state = store.getState();
  const network = must(selectFilledNetwork(state), 'the network of the example');
  job = {
    format: 'tfjs',
    pack: null,
    savedAt: '2026-11-22T18:30:00.000Z',
    network,
    document: state.document,
    models: Object.values(state.models),
    trained: null,
    probeInputs: randomProbes(network.inputs, 3, 1),
  };
});

async function run(changed: Partial<ExportServices>, other: Partial<ExportJob> = {}) {
  const steps: [ExportStep, string | null][] = [];
  const outcome = await proveExport({ ...job, ...other }, { ...services, ...changed }, (step, found) =>
    steps.push([step, found]),
  );
  return { outcome, steps };
}

/** The same network, one value of its last layer changed. */
function withOneBitChanged(network: Network): Network {
  const layers = [...network.layers];
  const last = must(layers.pop(), 'a layer');
  const kernel = must(last.weights.kernel, 'its kernel');
  const values = Float32Array.from(kernel.values);
  values[0] = (values[0] ?? 0) + 2 ** -20;
  return {
    ...network,
    layers: [...layers, { ...last, weights: { ...last.weights, kernel: { ...kernel, values } } }],
  };
}

describe('proveExport', () => {
  test('proves an example with the real parts, step by step', async () => {
    const { outcome, steps } = await run({});
    expect(outcome).toMatchObject({ kind: 'proved' });
    expect(outcome.kind === 'proved' && outcome.difference).toBeLessThanOrEqual(1e-5);
    expect(steps.map(([step, found]) => [step, found !== null])).toEqual([
      ['write', false],
      ['write', true],
      ['read', false],
      ['read', true],
      ['run', false],
      ['run', true],
    ]);
  });

  test.each(['keras', 'h5'] as const)(
    'proves a file of Keras (%s), read as a stranger reads it',
    async format => {
      const { outcome } = await run({}, { format });
      expect(outcome).toMatchObject({ kind: 'proved', difference: 0 });
      if (outcome.kind !== 'proved') return;
      expect(outcome.written.remarks.join()).toContain('Keras 3');
      expect(outcome.written.companions.map(file => file.path)).toEqual([
        'probes.json',
        'check.py',
        'README.txt',
      ]);
    },
  );

  test.each(['tfjs', 'keras', 'h5'] as const)(
    'offers no %s file of weights that are no numbers',
    async format => {
      const network = structuredClone(job.network);
      const layer = must(
        network.layers.find(({ weights }) => weights.kernel),
        'a layer with a kernel',
      );
      must(layer.weights.kernel, 'its kernel').values[0] = Number.NaN;
      const { outcome } = await run({}, { format, network });
      expect(outcome.kind === 'failed' && outcome.reason).toContain(`NaN) or infinite: ${layer.name}/kernel`);
    },
  );

  test.each(['keras', 'h5'] as const)(
    'offers no %s file in which a weight comes back changed',
    async format => {
      const { outcome } = await run(
        { write: params => writeExport({ ...params, network: withOneBitChanged(params.network) }) },
        { format },
      );
      expect(outcome.kind === 'failed' && outcome.reason).toContain('other values in its kernel');
    },
  );

  test('brings trained weights back', async () => {
    const network = withOneBitChanged(job.network);
    const trained = Object.fromEntries(network.layers.map(layer => [layer.name, layer.weights]));
    const { outcome } = await run({}, { network, trained });
    expect(outcome.kind).toBe('proved');
  });

  test('offers nothing if a weight comes back changed', async () => {
    const { outcome, steps } = await run({
      write: params => writeExport({ ...params, network: withOneBitChanged(params.network) }),
    });
    expect(outcome).toMatchObject({ kind: 'failed', step: 'read' });
    expect(outcome.kind === 'failed' && outcome.reason).toContain('other values in its kernel');
    expect(steps.some(([step]) => step === 'run')).toBe(false);
  });

  test('offers nothing if the project comes back changed', async () => {
    const { outcome } = await run({
      write: params => writeExport({ ...params, document: updatePhase(0, { epochs: 99 })(params.document) }),
    });
    expect(outcome).toEqual({ kind: 'failed', step: 'read', reason: 'The project came back changed.' });
  });

  test('offers nothing if stock TensorFlow.js answers otherwise', async () => {
    const { outcome } = await run({
      call: async (method, params) => {
        const result = await services.call(method, params);
        if (method !== 'predictStock' || !('outputs' in result)) return result;
        const outputs = result.outputs.map(output => ({
          ...output,
          values: output.values.map(value => value + 1e-4),
        }));
        return { ...result, outputs };
      },
    });
    expect(outcome).toMatchObject({ kind: 'failed', step: 'run' });
    expect(outcome.kind === 'failed' && outcome.reason).toMatch(/differently: by 0?\.?0001/);
  });

  test('says what a part that fails said', async () => {
    const { outcome } = await run({ write: () => Promise.reject(new Error('The disk is full.')) });
    expect(outcome).toEqual({ kind: 'failed', step: 'write', reason: 'The disk is full.' });
  });
});

describe('findDifference', () => {
  test('finds none between a network and its copy', () => {
    expect(findDifference(job.network, structuredClone(job.network))).toBeNull();
  });

  test.each<[string, (network: Network) => Network, RegExp]>([
    ['an output', n => ({ ...n, outputs: n.outputs.map(o => ({ ...o, name: 'x' })) }), /outputs/],
    ['a call', n => ({ ...n, calls: n.calls.slice(1) }), /wired/],
    [
      'a setting',
      n => ({ ...n, layers: n.layers.map(l => ({ ...l, config: { ...l.config, units: 3 } })) }),
      /settings/,
    ],
    [
      'a freeze flag',
      n => ({ ...n, layers: n.layers.map(l => ({ ...l, trainable: !l.trainable })) }),
      /freeze/,
    ],
  ])('finds %s that differs', (_, change, words) => {
    expect(findDifference(job.network, change(job.network))).toMatch(words);
  });
});

test('the largest difference counts every output, and NaN is never equal', () => {
  const data = (...values: number[]) => ({
    shape: [1, values.length],
    dtype: 'float32' as const,
    values: Float32Array.from(values),
  });
  expect(largestDifference([data(1, 2), data(0)], [data(1, 2), data(0.5)])).toBe(0.5);
  expect(largestDifference([data(Number.NaN)], [data(Number.NaN)])).toBeNaN();
  expect(largestDifference([data(1)], [data(1, 2)])).toBeNull();
});

test('probes are the same for the same seed and whole numbers where tokens are taken', () => {
  const inputs = [
    { name: 'a', shape: [null, 2], dtype: 'float32' as const },
    { name: 'b', shape: [null, null], dtype: 'int32' as const },
  ];
  const probes = randomProbes(inputs, 2, 5);
  expect(probes).toEqual(randomProbes(inputs, 2, 5));
  expect(probes.map(({ shape }) => shape)).toEqual([
    [2, 2],
    [2, 4],
  ]);
  expect([...(probes[1]?.values ?? [])].every(Number.isInteger)).toBe(true);
});

test.each([
  ['Digits: shape and stroke', 'digits-shape-and-stroke'],
  ['  Über/ÄÖ  ', 'über-äö'],
  ['???', 'graft'],
])('%s is the file %s', (name, stem) => {
  expect(fileStem(renameProject(name)(job.document).name)).toBe(stem);
});

test.each([
  [12, '12 bytes'],
  [1234, '1.2 kB'],
  [215_400, '215 kB'],
  [12_345_678, '12 MB'],
])('%i bytes are written %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
