import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { must } from '../base/assert';
import { compile } from '../compiler/compile';
import { readBundledDataset } from '../data/bundled-dataset';
import type { ClassesColumn, Dataset } from '../data/dataset';
import { splitRows } from '../data/split';
import { toInput, toTarget } from '../data/to-arrays';
import type { Probes, ReadItem, SourceFile } from '../formats/protocol';
import { readFiles } from '../formats/read-files';
import { lookUpLayer } from '../layers/table';
import { EXAMPLES, loadExample } from './examples';

const MODELS = ['shape_cnn', 'stroke_lstm', 'digit_encoder', 'profile_mlp'];
const DIGITS = 'examples/digits';

async function fetchBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(new URL(`../../public/${path}`, import.meta.url)));
}

async function fetchJson<T>(path: string): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await fetchBytes(path)));
}

async function loadStock(name: string): Promise<tf.LayersModel> {
  const json = await fetchJson<tf.io.ModelJSON>(`${DIGITS}/models/${name}/model.json`);
  const bytes = await fetchBytes(`${DIGITS}/models/${name}/weights.bin`);
  return tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: json.modelTopology,
      weightSpecs: json.weightsManifest.flatMap(group => group.weights),
      weightData: bytes.slice().buffer,
    }),
  );
}

/** As the formats worker does it. */
async function read(files: readonly SourceFile[]): Promise<readonly ReadItem[]> {
  return readFiles(files);
}

let dataset: Dataset;
beforeAll(async () => {
  await tf.setBackend('cpu');
  dataset = await readBundledDataset(DIGITS, fetchBytes);
});

const columnOf = (name: string) =>
  must(
    dataset.columns.find(column => column.name === name),
    name,
  );
const classesOf = (name: string) => columnOf(name) as ClassesColumn;

describe('the digits', () => {
  it('are 1,797 rows, of which 360 are test rows with the classes in equal parts', () => {
    expect(dataset.rows).toBe(1797);
    expect(new Set(dataset.testRows).size).toBe(360);
    const perClass = Array(10).fill(0);
    for (const row of dataset.testRows) perClass[classesOf('digit').values[row] ?? 0] += 1;
    for (const count of perClass) expect(Math.abs(count - 36)).toBeLessThanOrEqual(1);
  });

  it('have columns that agree with each other', () => {
    const image = columnOf('image').values;
    const profile = columnOf('profile').values;
    const { classes } = classesOf('even');
    for (let row = 0; row < dataset.rows; row++) {
      const pixels = image.subarray(row * 64, (row + 1) * 64);
      const sums = Array<number>(16).fill(0);
      for (const [i, ink] of pixels.entries()) {
        const [y, x] = [Math.floor(i / 8), 8 + (i % 8)];
        sums[y] = (sums[y] ?? 0) + ink / 128;
        sums[x] = (sums[x] ?? 0) + ink / 128;
      }
      expect([...profile.subarray(row * 16, (row + 1) * 16)]).toEqual(sums);
      const digit = classesOf('digit').values[row] ?? 0;
      expect(classes[classesOf('even').values[row] ?? -1]).toBe(digit % 2 === 0 ? 'even' : 'odd');
    }
    expect(Math.max(...image)).toBe(16);
  });

  it('give their credit with a link', () => {
    expect(dataset.credit).toMatch(/UCI Machine Learning Repository.*https:\/\/doi\.org.*CC BY 4\.0/);
  });
});

describe.each(MODELS)('%s in stock TensorFlow.js', name => {
  it('answers the probes as Keras did', async () => {
    const model = await loadStock(name);
    const probes = await fetchJson<Probes>(`${DIGITS}/models/${name}/probes.json`);
    const input = must(probes.inputs[0], 'an input');
    const output = must(probes.outputs[0], 'an output');
    expect(input.shape[0]).toBe(8);
    const answer = model.predict(tf.tensor([...input.values], [...input.shape])) as tf.Tensor;
    expect(answer.shape).toEqual(output.shape);
    const worst = [...answer.dataSync()].reduce(
      (most, value, i) => Math.max(most, Math.abs(value - must(output.values[i], 'a value'))),
      0,
    );
    expect(worst).toBeLessThanOrEqual(1e-5);
  });

  it('gets as many test rows right as it says', async () => {
    const model = await loadStock(name);
    const about = await fetchJson<
      Record<string, { column: string; parameters: number; testRowsRight: number }>
    >(`${DIGITS}/models/about.json`);
    const { column, parameters, testRowsRight } = must(about[name], name);
    expect(model.countParams()).toBe(parameters);
    const shape = must(model.inputs[0], 'an input').shape;
    const all = tf.tensor(columnOf(column).values, [dataset.rows, ...shape.slice(1).map(Number)]);
    const rows = all.gather(tf.tensor1d(Int32Array.from(dataset.testRows), 'int32'));
    const guesses = (model.predict(rows) as tf.Tensor).argMax(-1).dataSync();
    const right = dataset.testRows.filter((row, i) => classesOf('digit').values[row] === guesses[i]);
    expect(right).toHaveLength(testRowsRight);
  });
});

describe.each(EXAMPLES)('the example $id', ({ id, name }) => {
  it('names models by their ids and the data set by its id', async () => {
    const { document, models, dataset } = await loadExample(id, { fetchBytes, read });
    expect(document).toMatchObject({ version: 2, name, data: { dataset: dataset.id } });
    expect(models.length).toBeGreaterThan(0);
    for (const model of models) expect(model.id).not.toBe(model.name);
    for (const node of Object.values(document.nodes))
      if (node.kind === 'model') expect(models.map(model => model.id)).toContain(node.model);
  });

  it('has wires between nodes that there are, one for each input port', async () => {
    const { document } = await loadExample(id, { fetchBytes, read });
    const wires = Object.entries(document.wires);
    for (const [key, wire] of wires) {
      expect(wire.id).toBe(key);
      expect(document.nodes).toHaveProperty([wire.from.node]);
      expect(document.nodes).toHaveProperty([wire.to.node]);
    }
    expect(new Set(wires.map(([, { to }]) => `${to.node} ${to.port}`)).size).toBe(wires.length);
    for (const [key, node] of Object.entries(document.nodes)) expect(node.id).toBe(key);
  });

  it('needs no repair and compiles without a word', async () => {
    const { document, models, dataset } = await loadExample(id, { fetchBytes, read });
    for (const { report } of models) expect(report).toMatchObject({ repairs: [], leftOut: [] });
    const networks = new Map(models.map(model => [model.id, model.network]));
    const columns = dataset.columns.map(column =>
      column.kind === 'numbers'
        ? { name: column.name, rowShape: column.rowShape, classes: null }
        : { name: column.name, rowShape: [], classes: column.classes.length },
    );
    const { network, diagnostics } = compile(document, networks, lookUpLayer, columns);
    expect(diagnostics).toEqual([]);
    expect(network).not.toBeNull();
  });

  it('maps its inputs and outputs to columns that suit them', async () => {
    const { document, dataset } = await loadExample(id, { fetchBytes, read });
    const { train, validation } = splitRows(dataset, document.training.validationSplit, 1);
    expect([train.length, validation.length]).toEqual([1150, 287]);
    for (const node of Object.values(document.nodes)) {
      if (node.kind === 'input')
        expect(toInput(columnOf(node.column ?? ''), [null, ...node.rowShape], node.dtype)).toHaveProperty(
          'array.shape',
          [1797, ...node.rowShape],
        );
      if (node.kind === 'output') {
        const size = node.loss.kind === 'binary_crossentropy' ? 1 : 10;
        expect(toTarget(columnOf(node.column ?? ''), node.loss.kind, [null, size])).toHaveProperty('array');
      }
    }
  });
});

describe('loadExample', () => {
  it('says which example or model is missing', async () => {
    await expect(loadExample('nothing', { fetchBytes, read })).rejects.toThrow(
      "There is no example 'nothing'.",
    );
    const refuse = async (): Promise<readonly ReadItem[]> => [];
    await expect(loadExample('digits-stack', { fetchBytes, read: refuse })).rejects.toThrow(
      /The model (digit_encoder|profile_mlp) couldn't be read/,
    );
  });
});
