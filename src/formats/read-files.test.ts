import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ImportReport, ReadItem, SourceFile, SourceModel } from './protocol';
import { readFiles } from './read-files';
import {
  compareAnswers,
  jsonBytes,
  loadStock,
  predictAll,
  randomInputs,
  type SavedFiles,
  saveModel,
  toFiles,
} from './testing/stock';

type LooseJson = Record<string, unknown>;

let saved: SavedFiles;
let original: tf.LayersModel;
beforeAll(async () => {
  const x = tf.input({ shape: [3], name: 'x' });
  const y = tf.layers.dense({ units: 4, activation: 'tanh', name: 'a' }).apply(x) as tf.SymbolicTensor;
  const z = tf.layers.dense({ units: 2, name: 'b' }).apply(y) as tf.SymbolicTensor;
  original = tf.model({ inputs: x, outputs: z, name: 'small' });
  saved = await saveModel(original);
});

function expectModel(items: readonly ReadItem[], at = 0): SourceModel {
  const item = items[at];
  if (item?.kind !== 'model') throw new Error(JSON.stringify(item?.kind === 'refused' ? item.report : item));
  return item.model;
}

function expectRefusal(
  items: readonly ReadItem[],
): NonNullable<ImportReport['refusal']> & { format: string } {
  expect(items).toHaveLength(1);
  const [item] = items;
  if (item?.kind !== 'refused' || item.report.refusal === null) throw new Error(`Not refused: ${item?.kind}`);
  return { ...item.report.refusal, format: item.report.format };
}

async function expectSameAnswers(model: SourceModel, tolerance = 1e-6) {
  const inputs = randomInputs(model.network.inputs);
  const answers = predictAll(await loadStock(model.network), inputs);
  expect(compareAnswers(answers, predictAll(original, inputs))).toBeLessThan(tolerance);
}

const weightsOf = (
  json: LooseJson,
): { name: string; shape: number[]; dtype: string; quantization?: object }[] =>
  (json.weightsManifest as { weights: never[] }[])[0]?.weights ?? [];

/** A copy of the saved model.json, changed. */
function changed(change: (json: LooseJson) => void): LooseJson {
  const json = structuredClone(saved.json);
  change(json);
  return json;
}

const text = (path: string, content: string): SourceFile => ({ path, blob: new Blob([strToU8(content)]) });
const bin = (path: string, length: number): SourceFile => ({
  path,
  blob: new Blob([new Uint8Array(length).fill(200)]),
});

describe('what belongs together', () => {
  it('reads a folder and takes its name', async () => {
    const model = expectModel(
      await readFiles([...toFiles(saved, 'my digits'), text('my digits/README.md', 'hello')]),
    );
    expect(model.name).toBe('my digits');
    expect(model.labels).toBeNull();
    expect(model.report).toMatchObject({
      file: 'my digits/model.json',
      format: 'TensorFlow.js Layers model',
      refusal: null,
    });
    await expectSameAnswers(model);
  });

  it('reads several models of one drop, also where all folders are lost', async () => {
    const other = changed(json => {
      for (const spec of weightsOf(json)) spec.quantization = { dtype: 'uint8', scale: 0.01, min: -1 };
    });
    const files = [
      { path: 'model.json', blob: new Blob([jsonBytes(other)]) },
      ...toFiles(saved, 'x').map(file => ({ ...file, path: file.path.slice(2) })),
      bin('weights.bin', 26),
    ];
    const items = await readFiles(files);
    expect(items.map(item => item.kind)).toEqual(['model', 'model']);
    expect(expectModel(items, 0).id).not.toBe(expectModel(items, 1).id);
    const folders = await readFiles([...toFiles(saved, 'one'), ...toFiles(saved, 'two')]);
    expect([expectModel(folders, 0).name, expectModel(folders, 1).name]).toEqual(['one', 'two']);
    expect(expectModel(folders, 0).id).toBe(expectModel(folders, 1).id);
  });

  it('reads a zip, whatever the JSON file is called', async () => {
    const zip = zipSync({
      'deep/er/encoder.json': jsonBytes(saved.json),
      'deep/er/weights.bin': new Uint8Array(saved.weightData),
    });
    const model = expectModel(await readFiles([{ path: 'download (1).zip', blob: new Blob([zip]) }]));
    expect(model.name).toBe('encoder');
    expect(model.report.file).toBe('download (1).zip/deep/er/encoder.json');
    await expectSameAnswers(model);
  });

  it('joins shards that cut tensors apart, without extensions', async () => {
    const bytes = new Uint8Array(saved.weightData);
    const json = changed(j => {
      j.weightsManifest = [
        { paths: ['./group1-shard1of3', 'group1-shard2of3', 'group1-shard3of3'], weights: weightsOf(j) },
      ];
    });
    const cuts = [0, 7, 50, bytes.length];
    const shards = [1, 2, 3].map(n => ({
      path: `m/group1-shard${n}of3`,
      blob: new Blob([bytes.slice(cuts[n - 1], cuts[n])]),
    }));
    await expectSameAnswers(
      expectModel(await readFiles([{ path: 'm/model.json', blob: new Blob([jsonBytes(json)]) }, ...shards])),
    );
  });

  it('brings the labels of a Teachable Machine export', async () => {
    const json = changed(j => {
      delete j.format;
    });
    const [, weights] = toFiles(saved, 'tm');
    const metadata = {
      tmVersion: '2.4.5',
      packageName: '@teachablemachine/image',
      modelName: 'tm-my-image-model',
      labels: ['cat', 'dog'],
    };
    const zip: Zippable = {
      'model.json': jsonBytes(json),
      'weights.bin': new Uint8Array((await weights?.blob.arrayBuffer()) ?? []),
      'metadata.json': jsonBytes(metadata),
    };
    const model = expectModel(await readFiles([{ path: 'tm-pets.zip', blob: new Blob([zipSync(zip)]) }]));
    expect(model.labels).toEqual(['cat', 'dog']);
    expect(model.name).toBe('tm-pets');
    expect(model.report.format).toBe('Teachable Machine model');
  });

  it.each([
    ['uint8', 1, 4e-2],
    ['uint16', 2, 2e-4],
    ['float16', 2, 5e-3],
  ] as const)('decodes weights quantised as %s', async (dtype, width, tolerance) => {
    const values = new Float32Array(saved.weightData);
    const [min, max] = [Math.min(...values), Math.max(...values)];
    const scale = (max - min) / (256 ** width - 1);
    const codes = Array.from(values, value =>
      dtype === 'float16' ? toHalf(value) : Math.round((value - min) / scale),
    );
    const bytes = width === 1 ? Uint8Array.from(codes) : new Uint8Array(Uint16Array.from(codes).buffer);
    const json = changed(j => {
      for (const spec of weightsOf(j))
        spec.quantization = dtype === 'float16' ? { dtype } : { dtype, scale, min };
    });
    const model = expectModel(
      await readFiles([
        { path: 'model.json', blob: new Blob([jsonBytes(json)]) },
        { path: 'weights.bin', blob: new Blob([bytes]) },
      ]),
    );
    expect(model.report.repairs).toEqual([`4 weights stored as ${dtype} became float32.`]);
    await expectSameAnswers(model, tolerance);
  });

  it('keeps two sources with equal layer names apart', async () => {
    const other = { json: saved.json, weightData: saved.weightData.slice(0) };
    new Float32Array(other.weightData)[0] = 42;
    const items = await readFiles([...toFiles(saved, 'one'), ...toFiles(other, 'two')]);
    expect(expectModel(items, 1).network.layers[0]?.weights.kernel?.values[0]).toBe(42);
    expect(expectModel(items, 0).network.layers[0]?.weights.kernel?.values[0]).not.toBe(42);
  });

  it('notes weights that are no numbers', async () => {
    const weightData = saved.weightData.slice(0);
    new Float32Array(weightData)[2] = Number.NaN;
    expect(expectModel(await readFiles(toFiles({ json: saved.json, weightData }))).report.warnings).toEqual([
      "Some weights are no numbers (NaN) or infinite, in 'a/kernel': what depends on them will be NaN too.",
    ]);
  });

  const examples = 'public/examples/digits/models';
  it.runIf(existsSync(examples))('reads the examples, which answer as Keras did', async () => {
    const folders = readdirSync(examples, { withFileTypes: true }).filter(entry => entry.isDirectory());
    for (const { name } of folders) {
      const load = (file: string) => ({
        path: `${name}/${file}`,
        blob: new Blob([new Uint8Array(readFileSync(`${examples}/${name}/${file}`))]),
      });
      const { network, report } = expectModel(
        await readFiles([load('model.json'), load('weights.bin'), load('probes.json')]),
      );
      expect(report.leftOut).toEqual([]);
      const probes = JSON.parse(await load('probes.json').blob.text());
      const tensors = (list: { values: number[]; shape: number[] }[]) =>
        list.map(({ values, shape }) => tf.tensor(values, shape));
      const answers = predictAll(await loadStock(network), tensors(probes.inputs));
      expect(compareAnswers(answers, tensors(probes.outputs))).toBeLessThan(1e-5);
    }
  });
});

function toHalf(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0;
  const exponent = ((bits >> 23) & 0xff) - 112;
  return exponent <= 0
    ? (bits >> 16) & 0x8000
    : ((bits >> 16) & 0x8000) | (exponent << 10) | ((bits >> 13) & 0x3ff);
}

describe('refusals', () => {
  const model = (json: LooseJson, ...files: SourceFile[]) => [
    { path: 'model.json', blob: new Blob([jsonBytes(json)]) },
    ...files,
  ];
  const weights = () => ({ path: 'weights.bin', blob: new Blob([saved.weightData]) });
  const config = (json: LooseJson) =>
    (
      json.modelTopology as {
        config: {
          layers: { name: string; inbound_nodes: unknown[]; config: LooseJson }[];
          output_layers: unknown[];
        };
      }
    ).config;

  const cases: readonly (readonly [string, () => SourceFile[], RegExp])[] = [
    ['a missing shard', () => model(saved.json), /^The weight file 'weights\.bin' is missing\.$/],
    [
      'cut-off weights',
      () => model(saved.json, bin('weights.bin', 100)),
      /^The weights need 104 bytes, and 'weights\.bin' has 100: the download was cut off/,
    ],
    [
      'an LFS pointer for weights',
      () =>
        model(
          saved.json,
          text('weights.bin', 'version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 104\n'),
        ),
      /^weights\.bin is a Git LFS pointer/,
    ],
    [
      'an LFS pointer for the model',
      () => [text('model.json', 'version https://git-lfs.github.com/spec/v1')],
      /Git LFS pointer/,
    ],
    ['broken JSON', () => [text('model.json', '{"modelTopology": {')], /^model\.json isn’t valid JSON/],
    [
      'a __proto__ key',
      () => [
        text(
          'model.json',
          '{"modelTopology": {"class_name": "Sequential", "config": {"__proto__": {"x": 1}}}}',
        ),
      ],
      /__proto__/,
    ],
    [
      'a depth bomb',
      () => [text('model.json', `{"modelTopology": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`)],
      /nested more than 200 levels deep/,
    ],
    [
      'a graph that never resolves',
      () =>
        model(
          changed(json => {
            const [, , b] = config(json).layers;
            if (b !== undefined) b.inbound_nodes = [[['a', 1, 0, {}]]];
          }),
          weights(),
        ),
      /^The model 'small' refers to call 2 of 'a', which it doesn’t have\.$/,
    ],
    [
      'a layer that isn’t there',
      () =>
        model(
          changed(json => {
            config(json).output_layers = [['gone', 0, 0]];
          }),
          weights(),
        ),
      /refers to call 1 of 'gone'/,
    ],
    [
      'a graph in a circle',
      () =>
        model(
          changed(json => {
            const [, a] = config(json).layers;
            if (a !== undefined) a.inbound_nodes = [[['b', 0, 0, {}]]];
          }),
          weights(),
        ),
      /wait for each other: its graph runs in a circle/,
    ],
    [
      'huge declared sizes',
      () =>
        model(
          changed(json => {
            const [kernel] = weightsOf(json);
            if (kernel !== undefined) kernel.shape = [1e9, 1e9];
          }),
          weights(),
        ),
      /declares 1000000000 × 1000000000 values, more than any file holds/,
    ],
    [
      'a negative size',
      () =>
        model(
          changed(json => {
            const [kernel] = weightsOf(json);
            if (kernel !== undefined) kernel.shape = [-3, 4];
          }),
          weights(),
        ),
      /has no valid shape/,
    ],
    [
      'weights of another shape',
      () =>
        model(
          changed(json => {
            const [kernel] = weightsOf(json);
            if (kernel !== undefined) kernel.shape = [4, 3];
          }),
          weights(),
        ),
      /^The weight ‘kernel’ of the layer 'a' has to have the shape \[3, 4\] and has \[4, 3\]/,
    ],
    [
      'a weight that isn’t listed',
      () =>
        model(
          changed(json => {
            weightsOf(json).pop();
          }),
          weights(),
        ),
      /^The weight ‘bias’ \[2\] of the layer 'b' isn’t in the weight files\.$/,
    ],
    [
      'a structure without weights',
      () =>
        model(
          changed(json => {
            delete json.weightsManifest;
          }),
        ),
      /only the structure of a model, without weights/,
    ],
    [
      'an input without a shape',
      () =>
        model({
          modelTopology: {
            class_name: 'Sequential',
            config: { layers: [{ class_name: 'Flatten', config: { name: 'f' } }] },
          },
        }),
      /doesn’t say what shape the model’s input has/,
    ],
    [
      'Keras 1',
      () =>
        model({
          modelTopology: { keras_version: '1.2.2', model_config: { class_name: 'Sequential', config: [] } },
        }),
      /written by Keras 1\.2\.2/,
    ],
    [
      'a subclassed model',
      () => model({ modelTopology: { class_name: 'MyModel', config: { name: 'x' } } }),
      /only code could rebuild it/,
    ],
    [
      'a TensorFlow.js graph model',
      () => model({ format: 'graph-model', modelTopology: { node: [] } }),
      /graph model: a frozen list of operations/,
    ],
    ['an old graph model that doesn’t say so', () => model({ modelTopology: { node: [] } }), /graph model/],
    [
      'HDF5 with a model',
      () => [
        {
          path: 'model.h5',
          blob: new Blob([
            Uint8Array.from([0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10, ...strToU8('…model_config…')]),
          ]),
        },
      ],
      /damaged|cut off/,
    ],
    [
      'a .keras file that is HDF5 and ends after its signature',
      () => [
        { path: 'model.keras', blob: new Blob([Uint8Array.from([0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10])]) },
      ],
      /damaged|cut off/,
    ],
    [
      'a .keras file with other weights than HDF5',
      () => [
        {
          path: 'x.keras',
          blob: new Blob([
            zipSync({
              'metadata.json': strToU8('{}'),
              'config.json': strToU8('{}'),
              'model.weights.h5': strToU8('x'),
            }),
          ]),
        },
      ],
      /model\.weights\.h5 in it is damaged/,
    ],
    [
      'PyTorch',
      () => [{ path: 'x.pt', blob: new Blob([zipSync({ 'archive/data.pkl': strToU8('x') })]) }],
      /PyTorch/,
    ],
    [
      'a damaged zip',
      () => [{ path: 'x.zip', blob: new Blob([strToU8('PK\u0003\u0004 and no more')]) }],
      /damaged zip/,
    ],
    [
      'a zip bomb',
      () => [{ path: 'x.zip', blob: new Blob([zipSync({ 'model.json': new Uint8Array(40 * 2 ** 20) })]) }],
      /200 times its size/,
    ],
    [
      'an empty zip',
      () => [{ path: 'x.zip', blob: new Blob([zipSync({ 'a.txt': strToU8('x') })]) }],
      /^There is no model in it\.$/,
    ],
    [
      'a picture',
      () => [{ path: 'x.png', blob: new Blob([Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 1, 2])]) }],
      /It is a picture, not a model/,
    ],
    ['weights alone', () => [bin('weights.bin', 8)], /weights without the structure/],
    [
      'several other files',
      () => [text('a.txt', 'a'), text('b.csv', 'b')],
      /^None of them is a model: 'a\.txt' and 'b\.csv'\.$/,
    ],
    ['an empty file', () => [bin('model.bin', 0)], /without the structure/],
  ];

  it.each(cases)('%s, with a way out', async (_, files, reason) => {
    const dropped = files();
    const refusal = expectRefusal(await readFiles(dropped));
    expect(refusal.reason).toMatch(reason);
    expect(refusal.wayOut.length).toBeGreaterThan(10);
  });

  it('stops nested models that double with each level', async () => {
    let inner: LooseJson = {
      class_name: 'Sequential',
      name: 'm0',
      config: {
        name: 'm0',
        layers: [{ class_name: 'Flatten', config: { name: 'f', batch_input_shape: [null, 2] } }],
      },
    };
    for (let level = 1; level < 24; level++) {
      const name = `m${level}`;
      const before = `m${level - 1}`;
      inner = {
        class_name: 'Functional',
        name,
        config: {
          name,
          layers: [
            {
              class_name: 'InputLayer',
              name: 'in',
              config: { name: 'in', batch_input_shape: [null, 2] },
              inbound_nodes: [],
            },
            { ...inner, inbound_nodes: [[['in', 0, 0]], [[before, 1, 0]]] },
          ],
          input_layers: [['in', 0, 0]],
          output_layers: [[before, 2, 0]],
        },
      };
    }
    expect(expectRefusal(await readFiles(model({ modelTopology: inner }))).reason).toMatch(
      /more than 20,000 calls/,
    );
  });

  it('refuses a zip in a zip', async () => {
    const zip = zipSync({ 'inner.zip': zipSync({ 'a.txt': strToU8('x') }) });
    expect(expectRefusal(await readFiles([{ path: 'x.zip', blob: new Blob([zip]) }])).reason).toMatch(
      /zip within a zip/,
    );
  });

  it('has nothing to say about nothing, and reads on after a refusal', async () => {
    expect(await readFiles([])).toEqual([]);
    const items = await readFiles([
      ...toFiles(saved),
      text('weights.onnx', 'x'),
      { path: '__MACOSX/x/model.json', blob: new Blob([strToU8('{')]) },
    ]);
    expect(items.map(item => item.kind)).toEqual(['model', 'refused']);
  });

  it('survives files cut off anywhere and bytes changed at random', async () => {
    const whole = jsonBytes(saved.json);
    for (let cut = 1; cut < whole.length; cut += 97) {
      const items = await readFiles([
        { path: 'model.json', blob: new Blob([whole.slice(0, cut)]) },
        weights(),
      ]);
      expect(items.every(item => item.kind === 'refused')).toBe(true);
    }
    for (let at = 0; at < whole.length; at += 31) {
      const bytes = whole.slice();
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      for (const item of await readFiles([{ path: 'model.json', blob: new Blob([bytes]) }, weights()])) {
        if (item.kind === 'refused') expect(item.report.refusal?.reason).not.toMatch(/nobody foresaw/);
      }
    }
  });
});
