import * as tf from '@tensorflow/tfjs';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { must } from '../base/assert';
import { EMPTY_DOCUMENT, type ModelNode, type ProjectDocument } from '../graph/document';
import type { Layer, Network, Weight } from '../network/network';
import { hashNetwork } from './network-id';
import type { Probes, ReadProject, SourceModel, WriteParams } from './protocol';
import { readFiles } from './read-files';
import { compareAnswers, loadStock, predictAll, randomInputs } from './testing/stock';
import { writeProject } from './write-project';

function weight(shape: readonly number[], start: number): Weight {
  const length = shape.reduce((a, b) => a * b, 1);
  return { shape, dtype: 'float32', values: Float32Array.from({ length }, (_, i) => Math.cos(start + i)) };
}

function dense(name: string, seed: number, trainable = true): Layer {
  const weights = { kernel: weight([3, 3], seed), bias: weight([3], seed + 1) };
  return { name, type: 'Dense', config: { units: 3, activation: 'silu' }, weights, trainable };
}

/** Subtract is written as two stock layers, the input is an output too, and one layer is frozen. */
function network(name: string, seed: number): Network {
  return {
    name,
    inputs: [{ name: 'x', shape: [null, 3], dtype: 'float32' }],
    layers: [
      dense('a', seed, false),
      dense('b', seed + 10),
      { name: 'difference', type: 'Subtract', config: {}, weights: {}, trainable: true },
    ],
    calls: [
      { id: 'a', layer: 'a', inputs: [{ input: 'x' }] },
      { id: 'b', layer: 'b', inputs: [{ call: 'a', output: 0 }] },
      { id: 'a:1', layer: 'a', inputs: [{ call: 'b', output: 0 }] },
      {
        id: 'difference',
        layer: 'difference',
        inputs: [
          { call: 'a:1', output: 0 },
          { call: 'a', output: 0 },
        ],
      },
    ],
    outputs: [
      { name: 'how they differ', from: { call: 'difference', output: 0 } },
      { name: 'the input', from: { input: 'x' } },
      { name: 'again', from: { call: 'difference', output: 0 } },
    ],
  };
}

function source(name: string, seed: number): SourceModel {
  const net = network(name, seed);
  return {
    id: hashNetwork(net),
    name,
    network: net,
    labels: seed === 1 ? ['cat', 'dog'] : null,
    architecture: seed === 1 ? { modelConfig: { class_name: 'Sequential' }, kerasVersion: '2.15' } : null,
    report: {
      file: `${name}/model.json`,
      format: 'TensorFlow.js Layers model',
      writtenBy: 'Keras 2.15',
      found: ['2 layers.'],
      warnings: ['One weight is no number.'],
      repairs: ['One thing was mended.'],
      leftOut: [],
      refusal: null,
    },
  };
}

// Both have the same layer names.
const models = [source('first', 1), source('second', 2)];
const node: ModelNode = {
  kind: 'model',
  id: 'first-1',
  name: 'first',
  position: { x: 1, y: 2 },
  model: models[0]?.id ?? '',
  start: null,
  end: 'b',
  taps: ['a'],
  linearEnd: true,
  freeze: { kind: 'upTo', call: 'a' },
  sharesWith: null,
};
const document: ProjectDocument = { ...EMPTY_DOCUMENT, name: 'Both', nodes: { [node.id]: node } };
const probes: Probes = {
  inputs: [{ name: 'x', shape: [1, 3], dtype: 'float32', values: [1, 2, 3] }],
  outputs: [],
};
const main = network('joined', 5);
const trained = Object.fromEntries(main.layers.filter(l => l.type === 'Dense').map(l => [l.name, l.weights]));
const params: WriteParams = {
  format: 'tfjs',
  savedAt: '2026-11-22T18:30:00.000Z',
  network: main,
  probes,
  document,
  models,
  trained,
};

async function readProject(zip: Uint8Array<ArrayBuffer>): Promise<ReadProject> {
  const [item, ...others] = await readFiles([{ path: 'both.zip', blob: new Blob([zip]) }]);
  expect(others).toEqual([]);
  if (item?.kind !== 'project') throw new Error(JSON.stringify(item));
  return item.project;
}

async function refusalOf(zip: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  const [item] = await readFiles([{ path: 'both.zip', blob: new Blob([zip]) }]);
  return item?.kind === 'refused' ? item.report.refusal?.reason : undefined;
}

async function edited(path: string, edit: (text: string) => string): Promise<Uint8Array<ArrayBuffer>> {
  const files = unzipSync((await writeProject(params)).file);
  return zipSync({ ...files, [path]: strToU8(edit(strFromU8(files[path] ?? new Uint8Array()))) });
}

describe('writeProject', () => {
  it('comes back as the same project', async () => {
    const project = await readProject((await writeProject(params)).file);
    expect(project.document).toEqual(document);
    expect(project.models).toEqual(models);
    expect(project.trained).toEqual(trained);
    expect(project.models[0]?.network.layers.map(layer => layer.trainable)).toEqual([false, true, true]);
    const again = (await writeProject({ ...params, ...project })).file;
    expect(await readProject(again)).toEqual(project);
  });

  it('says when nothing was trained', async () => {
    expect((await readProject((await writeProject({ ...params, trained: null })).file)).trained).toBeNull();
  });

  it('can be unpacked, moved into a folder and dropped', async () => {
    const files = Object.entries(unzipSync((await writeProject(params)).file)).map(([path, bytes]) => ({
      path: `both/${path}`,
      blob: new Blob([bytes]),
    }));
    expect(await readFiles(files)).toMatchObject([{ kind: 'project', report: { file: 'both' } }]);
  });

  it('holds a model that stock TensorFlow.js opens, and that comes back as the same Network', async () => {
    const { layersModel, file } = await writeProject(params);
    const { modelJson, weightData } = must(layersModel, 'its model');
    const files = unzipSync(file);
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining(['model.json', 'weights.bin', 'probes.json', 'README.txt']),
    );
    expect(strFromU8(files['README.txt'] ?? new Uint8Array())).toContain("tf.zeros([1, 3], 'float32')");
    const [item] = await readFiles([
      { path: 'm/joined.json', blob: new Blob([strToU8(modelJson)]) },
      { path: 'm/weights.bin', blob: new Blob([new Uint8Array(weightData)]) },
    ]);
    if (item?.kind !== 'model') throw new Error('not a model');
    expect(item.model.network).toEqual(main);
    const json = JSON.parse(modelJson);
    const stock = await tf.loadLayersModel(
      tf.io.fromMemory({ ...json, weightSpecs: json.weightsManifest[0].weights, weightData }),
    );
    const inputs = randomInputs(main.inputs);
    const answers = predictAll(stock, inputs);
    expect(compareAnswers(answers, predictAll(await loadStock(item.model.network), inputs))).toBe(0);
    expect(compareAnswers(answers.slice(0, 1), answers.slice(2))).toBe(0);
    expect(compareAnswers(answers.slice(1, 2), inputs)).toBe(0);
  });

  it('believes the topology where another program has changed it', async () => {
    const { modelJson, weightData } = must((await writeProject(params)).layersModel, 'its model');
    const json = JSON.parse(modelJson);
    json.modelTopology.config.layers.find((layer: { name: string }) => layer.name === 'b').config.activation =
      'tanh';
    const [item] = await readFiles([
      { path: 'model.json', blob: new Blob([strToU8(JSON.stringify(json))]) },
      { path: 'weights.bin', blob: new Blob([new Uint8Array(weightData)]) },
    ]);
    if (item?.kind !== 'model') throw new Error('not a model');
    expect(item.model.network.layers.find(layer => layer.name === 'b')?.config.activation).toBe('tanh');
    expect(item.model.network.layers.map(layer => layer.type)).toEqual(
      expect.arrayContaining(['Rescaling', 'Add', 'Activation']),
    );
  });

  it('refuses projects that were damaged, with what is wrong', async () => {
    const project = 'graft/project.json';
    const set = (change: (json: Record<string, unknown>) => void) =>
      edited(project, text => {
        const json = JSON.parse(text);
        change(json);
        return JSON.stringify(json);
      });
    expect(await refusalOf(await edited(project, text => text.slice(0, -9)))).toMatch(/isn’t valid JSON/);
    expect(
      await refusalOf(await edited(project, text => text.replace('"linearEnd":true', '"linearEnd":3'))),
    ).toMatch(/^The project is damaged at nodes\.first-1\.linearEnd/);
    expect(await refusalOf(await set(json => Object.assign(json, { version: 2 })))).toMatch(
      /saved by a newer Graft/,
    );
    expect(await refusalOf(await set(json => Object.assign(json, { models: 'none' })))).toMatch(
      /damaged at models/,
    );
    expect(
      await refusalOf(await edited('graft/models/2/model.json', text => text.replaceAll('silu', 'tanh'))),
    ).toMatch(/^Its source model 'second' was changed or damaged/);
    const { 'graft/models/1/weights.bin': _, ...files } = unzipSync((await writeProject(params)).file);
    expect(await refusalOf(zipSync(files))).toBe("The weight file 'weights.bin' is missing.");
  });
});
