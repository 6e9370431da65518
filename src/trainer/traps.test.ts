/**
 * The traps of joining networks with plain TensorFlow.js 4.22, each beside what Graft does. Where one of the plain halves
 * fails, upstream has mended it. Frozen BatchNormalization and loss weights: see `core.test.ts`; a file that hangs the stock
 * loader: see `formats/traps.test.ts`.
 */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { chain, codes, compileSketch, input, layer, model, output, sketch } from '../compiler/sketch';
import { readFiles } from '../formats/read-files';
import { emitLayersModel } from '../formats/tfjs-layers/emit';
import { modelFiles } from '../formats/write-project';
import { DEFAULT_PHASE, DEFAULT_TRAINING } from '../graph/training-settings';
import { initialize } from '../layers/initializers';
import { lookUpLayer } from '../layers/table';
import type { ArrayData } from '../network/arrays';
import type { Network } from '../network/network';
import { loadStock } from '../targets/tfjs/load-stock';
import { train } from './core';
import { predict } from './predict';

async function saved(plain: tf.LayersModel): Promise<tf.io.ModelArtifacts> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  await plain.save(
    tf.io.withSaveHandler(async made => {
      artifacts = made;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  if (artifacts === undefined) throw new Error('Nothing was saved');
  return artifacts;
}

function built(network: Network | null): Network {
  if (network === null) throw new Error('It did not compile');
  return initialize(network, lookUpLayer, 1);
}

describe('two sources with equal layer names', () => {
  it('are saved by plain TensorFlow.js as something that can never be loaded again', async () => {
    const source = (name: string) =>
      tf.sequential({ name, layers: [tf.layers.dense({ units: 2, inputShape: [3], name: 'dense_1' })] });
    const x = tf.input({ shape: [3] });
    const joined = tf.layers
      .add()
      .apply([source('a'), source('b')].map(m => m.apply(x) as tf.SymbolicTensor));
    const artifacts = await saved(tf.model({ inputs: x, outputs: joined as tf.SymbolicTensor }));
    await expect(tf.loadLayersModel(tf.io.fromMemory(artifacts))).rejects.toThrow('Duplicate weight name');
  });

  it('are joined, trained, written, loaded by stock TensorFlow.js and predict the same', async () => {
    const source = (name: string, seed: number) =>
      chain(name, [null, 3], [['dense_1', 'Dense', { units: 2 }]], seed);
    const networks = [source('a', 1), source('b', 2)];
    const [a, b] = networks;
    if (a === undefined || b === undefined) throw new Error('No sources');
    const free = { freeze: { kind: 'none' }, name: 'source' } as const;
    const document = sketch(
      [
        input('x', [3]),
        model('a', a, free),
        model('b', b, free),
        layer('m', 'Add'),
        output('y', { loss: 'mean_squared_error' }),
      ],
      ['x a', 'x b', 'a m.in0', 'b m.in1', 'm y'],
    );
    const result = compileSketch(document, networks);
    const network = built(result.network);
    const inputs: ArrayData[] = [
      { shape: [4, 3], dtype: 'float32', values: Float32Array.from({ length: 12 }, (_, i) => i / 7) },
    ];
    const { weights } = await train(
      {
        network,
        heads: result.heads,
        inputs,
        targets: [{ shape: [4, 2], dtype: 'float32', values: new Float32Array(8).fill(1) }],
        trainRows: Uint32Array.of(0, 1, 2, 3),
        validationRows: new Uint32Array(),
        rowWeights: { training: [null], validation: [null] },
        phases: [{ ...DEFAULT_PHASE, epochs: 2, trainable: network.layers.map(({ name }) => name) }],
        settings: DEFAULT_TRAINING,
        backend: 'cpu',
      },
      {
        onEvent: () => undefined,
        wish: () => 'go',
        untilWishChanges: () => Promise.resolve(),
        now: () => 0,
        breathe: () => Promise.resolve(),
      },
    );
    const trained = {
      ...network,
      layers: network.layers.map(item => ({ ...item, weights: weights[item.name] ?? {} })),
    };
    const [mine] = (await predict({ network: trained, inputs, backend: 'cpu' })).outputs;
    const stock = await loadStock(emitLayersModel(trained));
    const theirs = stock.predict(tf.tensor(inputs[0]?.values ?? [], [4, 3])) as tf.Tensor;
    expect([...theirs.dataSync()]).toEqual([...(mine?.values ?? [])]);
  });
});

describe('freeze flags', () => {
  it('of a frozen nested model are lost by plain TensorFlow.js', async () => {
    const base = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
    base.trainable = false;
    const plain = tf.sequential({ layers: [base, tf.layers.dense({ units: 1 })] });
    expect(plain.trainableWeights).toHaveLength(2);
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(await saved(plain)));
    expect(loaded.trainableWeights).toHaveLength(4);
  });

  it('survive export and import, here and in stock TensorFlow.js', async () => {
    const base = chain(
      'base',
      [null, 3],
      [
        ['one', 'Dense', { units: 2 }],
        ['two', 'Dense', { units: 2 }],
      ],
    );
    const document = sketch(
      [
        input('x', [3]),
        model('base', base, { freeze: { kind: 'upTo', call: 'one' } }),
        layer('head', 'Dense'),
        output('y'),
      ],
      ['x base', 'base head', 'head y'],
    );
    const network = built(compileSketch(document, [base]).network);
    const { modelJson, weightData } = modelFiles(network);
    const [item] = await readFiles([
      { path: 'model.json', blob: new Blob([new TextEncoder().encode(modelJson)]) },
      { path: 'weights.bin', blob: new Blob([new Uint8Array(weightData)]) },
    ]);
    const flags = (list: Network['layers']) => list.map(({ name, trainable }) => [name, trainable]);
    expect(item?.kind === 'model' && flags(item.model.network.layers)).toEqual(flags(network.layers));
    const stock = await loadStock(emitLayersModel(network));
    expect(stock.trainableWeights).toHaveLength(4);
    expect(stock.getLayer('base_one').trainable).toBe(false);
  });
});

describe.each([
  ['Average', [1], [10]],
  ['Add', [1, 1, 8], [4, 4, 8]],
] as const)('%s of %j and %j', (type, small, large) => {
  it('is stretched by plain TensorFlow.js without a word', () => {
    const inputs = [small, large].map(shape => tf.input({ shape: [...shape] }));
    const merge = type === 'Add' ? tf.layers.add() : tf.layers.average();
    expect((merge.apply(inputs) as tf.SymbolicTensor).shape).toEqual([null, ...large]);
  });

  it('is possible, as in Keras, and a warning says so', () => {
    const document = sketch(
      [
        input('s', [...small]),
        input('l', [...large]),
        layer('m', type),
        output('y', { loss: 'mean_squared_error' }),
      ],
      ['s m.in0', 'l m.in1', 'm y'],
    );
    const result = compileSketch(document);
    expect(result.network).not.toBeNull();
    expect(codes(result)).toContain('merge/stretched');
  });
});

describe('a wrong inner size', () => {
  it('is taken by plain TensorFlow.js while building, and only fails when it runs', () => {
    const x = tf.input({ shape: [10] });
    const b = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [16] })] });
    const plain = tf.model({ inputs: x, outputs: b.apply(x) as tf.SymbolicTensor });
    expect(() => plain.predict(tf.ones([1, 10]))).toThrow();
  });

  it('is said on the wire, with the adapter that mends it', () => {
    const b = chain('b', [null, 16], [['dense', 'Dense', { units: 2 }]]);
    const document = sketch([input('x', [10]), model('b', b), output('y')], ['x b', 'b y']);
    const [mistake] = compileSketch(document, [b]).diagnostics;
    expect(mistake).toMatchObject({ code: 'wire/does-not-fit', subject: { kind: 'wire', wire: 'wire-1' } });
    expect(mistake?.fixes[0]?.label).toBe('Add Dense 16');
  });
});
