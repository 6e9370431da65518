/** The comparison of branches on real parts: the bundled example, its data and the CPU backend. */
import { describe, expect, it } from 'vitest';
import { createRandom } from '../base/random';
import { chain, compileSketch, input, layer, model, output, sketch } from '../compiler/sketch';
import type { Column, Dataset } from '../data/dataset';
import { renameNode, setParam, setTraining } from '../graph/edits';
import { initialize } from '../layers/initializers';
import { lookUpLayer } from '../layers/table';
import type { Network } from '../network/network';
import { predict } from '../trainer/predict';
import { probe } from '../trainer/probe';
import { createStoreInProcess } from './in-process';
import { planProbe } from './insight-plan';
import { judgeRanges } from './insight-ranges';
import { judgeFeatures } from './insight-report';
import type { TrainerService } from './services';
import type { GraftStore } from './store';
import { createTestStore } from './testing';

const ROWS = 150;

/** The example over its first 150 rows: enough for the arithmetic, and quick on the CPU. */
async function openParallel(trainer?: TrainerService): Promise<GraftStore> {
  const example = createStoreInProcess();
  await example.getState().openExample('digits-parallel');
  const { document, models, dataset } = example.getState();
  if (dataset === null) throw new Error('The example has no data');
  const store = trainer === undefined ? example : createTestStore({ trainer });
  store
    .getState()
    .openProject({ document, models: Object.values(models), dataset: firstRows(dataset, ROWS) });
  return store;
}

function firstRows(dataset: Dataset, rows: number): Dataset {
  const columns = dataset.columns.map((column): Column => {
    if (column.kind === 'classes') return { ...column, values: column.values.slice(0, rows) };
    const size = column.rowShape.reduce((product, dim) => product * dim, 1);
    return { ...column, values: column.values.slice(0, rows * size) };
  });
  return { ...dataset, rows, columns, testRows: dataset.testRows.filter(row => row < rows) };
}

function reportOf(store: GraftStore) {
  const { insight } = store.getState();
  if (insight.kind !== 'ready') throw new Error(`No report: ${JSON.stringify(insight)}`);
  return insight.report;
}

describe('the branches of the example', () => {
  it('are compared by their features and by their errors, until the network changes', async () => {
    const store = await openParallel();
    await store.getState().compareBranches();
    const { pairs, sources, rows, errorRows, findings } = reportOf(store);
    const free = ROWS - (store.getState().dataset?.testRows.length ?? 0);
    expect(rows).toBe(free);
    expect(errorRows).toBe(Math.round(free / 5));
    const [pair] = pairs;
    expect(pairs).toHaveLength(1);
    expect(pair?.similarity?.cka).toBeGreaterThan(pair?.similarity?.debiased ?? 1);
    expect(pair?.similarity?.debiased).toBeGreaterThan(0);
    expect(pair?.similarity?.error).toBeLessThan(0.2);
    const [both] = sources;
    expect(sources).toHaveLength(1);
    if (both?.overlap.kind !== 'classes') throw new Error('The digits are classes');
    const { neitherWrong, onlyAWrong, onlyBWrong, bothWrong, oracle } = both.overlap;
    expect(neitherWrong + onlyAWrong + onlyBWrong + bothWrong).toBe(errorRows);
    expect(oracle).toBe(1 - bothWrong / errorRows);
    // The branches are the two sources, so their errors decide.
    expect(pair?.verdict).toBe(both.judgement);
    expect(pair?.verdict.sentence).toContain('shape_cnn');
    expect(findings.filter(({ severity }) => severity !== 'hint')).toEqual([]);

    // As long as the network and the data are what they were, whatever the training is set to.
    const report = reportOf(store);
    const { applyEdit } = store.getState();
    applyEdit('Train less', setTraining({ batchSize: 64 }));
    expect(reportOf(store)).toBe(report);
    const merge = Object.values(store.getState().document.nodes).find(
      node => node.kind === 'layer' && node.type === 'Dense',
    );
    applyEdit('More units', setParam(merge?.id ?? '', 'units', 11));
    expect(store.getState().insight.kind).toBe('none');
  }, 60_000);

  it('are not compared any more once that is cancelled, or the graph changes under it', async () => {
    const aborted: string[] = [];
    // Never answers, as one that takes long.
    const call: TrainerService['call'] = (method, _params, _onEvent, signal) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => {
          aborted.push(method);
          reject(new Error('It was cancelled.'));
        });
      });
    const store = await openParallel({ call, pause() {}, resume() {}, stop() {} });
    const first = store.getState().compareBranches();
    expect(store.getState().insight).toMatchObject({ kind: 'working', doing: 'Getting the data ready' });
    await untilDoing(store, 'Looking at');
    store.getState().cancelComparison();
    await first;
    expect(store.getState().insight.kind).toBe('none');
    const second = store.getState().compareBranches();
    await untilDoing(store, 'Looking at');
    const [node] = Object.values(store.getState().document.nodes);
    store.getState().applyEdit('Rename', renameNode(node?.id ?? '', 'another name'));
    await second;
    expect(store.getState().insight.kind).toBe('none');
    expect(aborted).toEqual(['probe', 'probe']);
  });
});

function untilDoing(store: GraftStore, what: string): Promise<void> {
  return new Promise(resolve => {
    const unsubscribe = store.subscribe(({ insight }) => {
      if (insight.kind !== 'working' || !insight.doing.startsWith(what)) return;
      unsubscribe();
      resolve();
    });
  });
}

it('does nothing without data, and says what failed', async () => {
  const empty = createTestStore();
  await empty.getState().compareBranches();
  expect(empty.getState().insight.kind).toBe('none');
  const calls = {
    call: () => Promise.reject(new Error('The GPU is gone.')),
    pause() {},
    resume() {},
    stop() {},
  };
  const broken = await openParallel(calls);
  await broken.getState().compareBranches();
  expect(broken.getState().insight).toMatchObject({ kind: 'failed', reason: 'The GPU is gone.' });
});

describe('value ranges', () => {
  const rows = 64;
  const random = createRandom(7);

  /** One image in and one model behind it, probed with values of 0 to `top`. */
  async function probed(network: Network, top: number, second?: Network) {
    const nodes = [
      input('image', [6, 6, 1], { column: 'image' }),
      model('net', network),
      output('y'),
      ...(second === undefined ? [] : [model('other', second), layer('join', 'Add')]),
    ];
    const wires =
      second === undefined
        ? ['image net', 'net y']
        : ['image net', 'image other', 'net join.in0', 'other join.in1', 'join y'];
    const document = sketch(nodes, wires);
    const networks = second === undefined ? [network] : [network, second];
    const compiled = compileSketch(document, networks);
    if (compiled.network === null) throw new Error(JSON.stringify(compiled.diagnostics));
    const byName = new Map(networks.map(each => [each.name, each]));
    const start = initialize(compiled.network, lookUpLayer, 1);
    const plan = planProbe(document, compiled, start, byName, null);
    const values = Float32Array.from(
      { length: rows * 36 },
      () => (Math.floor(random.uniform() * 256) / 255) * top,
    );
    const { stats } = await probe({
      network: plan.network,
      inputs: [{ shape: [rows, 6, 6, 1], dtype: 'float32', values }],
      pairs: [],
      backend: 'cpu',
    });
    const findings = judgeRanges(plan, stats, byName);
    return { document, findings: findings.filter(({ code }) => code !== 'range/dead-features') };
  }

  const dense = ['scores', 'Dense', { units: 3 }] as const;
  const plain = chain('plain', [null, 6, 6, 1], [['flat', 'Flatten'], dense]);
  const rescaled = chain(
    'rescaled',
    [null, 6, 6, 1],
    [['scale', 'Rescaling', { scale: 1 / 255 }], ['flat', 'Flatten'], dense],
  );

  /** A model whose BatchNormalization has kept the statistics of what flows into it for values of 0 to `top`. */
  async function trainedOn(top: number): Promise<Network> {
    const fresh = chain(
      'normed',
      [null, 6, 6, 1],
      [
        ['conv', 'Conv2D', { filters: 4, kernel_size: [3, 3] }],
        ['norm', 'BatchNormalization'],
        ['pool', 'GlobalAveragePooling2D'],
      ],
    );
    const values = Float32Array.from({ length: rows * 36 }, () => random.uniform() * top);
    const upTo = {
      ...fresh,
      calls: fresh.calls.slice(0, 1),
      layers: fresh.layers.slice(0, 1),
      outputs: [{ name: 'o', from: { call: 'conv', output: 0 } }],
    };
    const { outputs } = await predict({
      network: upTo,
      inputs: [{ shape: [rows, 6, 6, 1], dtype: 'float32', values }],
      backend: 'cpu',
    });
    const seen = outputs[0]?.values ?? new Float32Array();
    const channel = (index: number) => Float32Array.from(seen).filter((_, i) => i % 4 === index);
    const mean = (list: Float32Array) => list.reduce((sum, value) => sum + value, 0) / list.length;
    const layers = fresh.layers.map(each => {
      if (each.name !== 'norm') return each;
      const means = [0, 1, 2, 3].map(index => mean(channel(index)));
      const variances = means.map((middle, index) =>
        mean(channel(index).map(value => (value - middle) ** 2)),
      );
      const of = (list: readonly number[]) => ({
        shape: [4],
        dtype: 'float32' as const,
        values: Float32Array.from(list),
      });
      return {
        ...each,
        weights: { ...each.weights, moving_mean: of(means), moving_variance: of(variances) },
      };
    });
    return { ...fresh, layers };
  }

  it('asks where nothing in the model says what it was trained on', async () => {
    const { findings, document } = await probed(plain, 255);
    expect(findings.map(({ code, severity }) => [code, severity])).toEqual([['range/ask', 'hint']]);
    expect(findings[0]?.message).toContain(
      'image gives values from 0 to 255. Was net trained on such values?',
    );
    const fixed = findings[0]?.fixes[0]?.edit(document);
    expect(Object.values(fixed?.nodes ?? {}).find(node => node.kind === 'layer')).toMatchObject({
      type: 'Rescaling',
      config: { scale: 1 / 255 },
    });
    expect((await probed(plain, 1)).findings).toEqual([]);
  });

  it('knows from a Rescaling within that large values are expected', async () => {
    expect((await probed(rescaled, 255)).findings).toEqual([]);
    const { findings } = await probed(rescaled, 1);
    expect(findings.map(({ code, severity }) => [code, severity])).toEqual([['range/too-small', 'warning']]);
    expect(findings[0]?.fixes.map(({ label }) => label)).toEqual(['Add Rescaling × 255']);
  });

  it('knows from kept statistics, behind a convolution too, either way round', async () => {
    const ofParts = await trainedOn(1);
    expect((await probed(ofParts, 1)).findings).toEqual([]);
    const bytes = (await probed(ofParts, 255)).findings;
    expect(bytes.map(({ code }) => code)).toEqual(['range/other-than-trained']);
    expect(bytes[0]?.message).toMatch(/spread 2\d\d times as widely as those that it was trained on/);
    expect(bytes[0]?.fixes.map(({ label }) => label)).toEqual(['Add Rescaling 1/255']);
    const ofBytes = await trainedOn(255);
    expect((await probed(ofBytes, 255)).findings).toEqual([]);
    expect((await probed(ofBytes, 1)).findings[0]?.fixes.map(({ label }) => label)).toEqual([
      'Add Rescaling × 255',
    ]);
  });

  it('says that branches of an Add differ by orders of magnitude, and offers to bring them together', async () => {
    const loud = {
      ...plain,
      name: 'loud',
      layers: plain.layers.map(each => ({
        ...each,
        weights: Object.fromEntries(
          Object.entries(each.weights).map(([role, weight]) => [
            role,
            { ...weight, values: weight.values.map(value => value * 500) },
          ]),
        ),
      })),
    };
    const { findings, document } = await probed(plain, 1, loud);
    const differ = findings.find(({ code }) => code === 'range/scales-differ');
    expect(differ?.severity).toBe('warning');
    expect(differ?.message).toMatch(/^other gives values about 500 times as large as net/);
    expect(differ?.fixes.map(({ label }) => label)).toEqual([
      'Add BatchNormalization',
      'Add LayerNormalization',
      'Add Rescaling × 0.002',
    ]);
    for (const fix of differ?.fixes ?? [])
      expect(compileSketch(fix.edit(document), [plain, loud]).network).not.toBeNull();
  });

  it('counts features that never change, and says so of a whole branch', async () => {
    const silent = {
      ...plain,
      name: 'silent',
      layers: plain.layers.map(each => ({
        ...each,
        weights: Object.fromEntries(
          Object.entries(each.weights).map(([role, weight]) => [
            role,
            { ...weight, values: weight.values.map(() => 0) },
          ]),
        ),
      })),
    };
    const { findings } = await probed(plain, 1, silent);
    expect(findings.map(({ code }) => code)).toEqual(['range/constant']);
    expect(findings[0]?.message).toContain('What other gives is the same in all 64 rows');
  });
});

describe('features alone', () => {
  const similarity = (debiased: number, error: number) => ({ rows: 100, cka: debiased, debiased, error });
  it('say nearly the same, different, or neither', () => {
    expect(judgeFeatures(similarity(0.95, 0.02)).kind).toBe('redundant');
    expect(judgeFeatures(similarity(0.2, 0.05)).kind).toBe('complementary');
    expect(judgeFeatures(similarity(0.7, 0.1)).kind).toBe('unclear');
    expect(judgeFeatures(similarity(0.9, 0.2)).kind).toBe('unclear');
    expect(judgeFeatures(null).kind).toBe('unclear');
  });
});
