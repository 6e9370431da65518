/**
 * Files that twelve versions of Keras wrote (scripts/keras/versions.mjs), read and run: the answers must be those that Keras itself
 * gave, what isn't computed must be said, and weights alone must find their places in the model of another file.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { must } from '../../base/assert';
import { applyWeights } from '../../formats/apply-weights';
import type { ImportReport, ReadItem, SourceFile, SourceModel } from '../../formats/protocol';
import { readFiles } from '../../formats/read-files';
import { inferShapes } from '../../layers/infer';
import { lookUpLayer } from '../../layers/table';
import type { Network } from '../../network/network';
import { buildLiveModel } from './live-model';

const FOLDER = join(import.meta.dirname, '../../formats/testing/keras-files');

interface Fixture {
  readonly keras: string;
  readonly folder: string;
  readonly files: readonly string[];
  readonly expected: 'predicts' | 'placeholder' | 'refused';
  /** Relative to max(1, |y|); more than 1e-5 where Keras computes in half precision or rounds to eight bits. */
  readonly tolerance: number | null;
  /** A word that the report must have. */
  readonly says: string | null;
  readonly inputs: readonly PackedArray[] | null;
  readonly outputs: readonly PackedArray[] | null;
}

interface PackedArray {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  /** The values’ bytes in base64. */
  readonly values: string;
}

const FIXTURES: readonly Fixture[] = JSON.parse(readFileSync(join(FOLDER, 'manifest.json'), 'utf8'));
const of = (expected: Fixture['expected']) => FIXTURES.filter(one => one.expected === expected);

/** What the reports have to say beside what the manifest asks for, in repairs and in what is left out. */
const SAID: Readonly<Record<string, RegExp>> = {
  '2.15.0-cudnn-h5':
    /'both' were those of CuDNNLSTM: .* rearranged for LSTM\. .*'last' were those of CuDNNGRU/,
  '2.15.0-cudnn-steps-h5': /CuDNNGRU is GRU, CuDNNLSTM is LSTM.* 'each' were those of CuDNNGRU/,
  '2.15.0-masked-text-list-h5': /A Sequential model was a bare list of layers/,
  '2.15.0-mixed-float16-keras': /made to compute in 'mixed_float16'/,
  '2.15.0-mlp-keras': /The state of the optimizer/,
  '2.15.0-nested-deep-h5': /The layers of the nested models/,
  '2.15.0-odd-names-h5': /Layers were renamed/,
  '2.15.0-text-keras': /Files that came with its layers: 'assets/,
  '3.6.0-mixed-float16-keras': /Casts from one kind of float to another were left out/,
  '3.15.1-not-a-number-keras': /no numbers \(NaN\)/,
};

beforeAll(async () => {
  await tf.setBackend('cpu');
});

function fileOf(folder: string, name: string): SourceFile {
  return { path: `${folder}/${name}`, blob: new Blob([readFileSync(join(FOLDER, folder, name))]) };
}

async function read(folder: string, more: readonly SourceFile[] = []): Promise<ReadItem> {
  const { files } = must(
    FIXTURES.find(one => one.folder === folder),
    folder,
  );
  const [item, ...others] = await readFiles([...files.map(name => fileOf(folder, name)), ...more]);
  expect(others).toEqual([]);
  return must(item, folder);
}

async function readModel(folder: string, more: readonly SourceFile[] = []): Promise<SourceModel> {
  const item = await read(folder, more);
  if (item.kind !== 'model') throw new Error(JSON.stringify(item));
  return item.model;
}

function sentencesOf({ warnings, repairs, leftOut, refusal }: ImportReport): string {
  return [...warnings, ...repairs, ...leftOut, ...Object.values(refusal ?? {})].join(' ');
}

function unpack({ shape, dtype, values }: PackedArray): tf.Tensor {
  const { buffer } = Uint8Array.from(Buffer.from(values, 'base64'));
  return tf.tensor(dtype === 'int32' ? new Int32Array(buffer) : new Float32Array(buffer), [...shape], dtype);
}

function predict(network: Network, inputs: readonly PackedArray[]) {
  const live = buildLiveModel(network);
  const answers = tf.tidy(() =>
    live.run(inputs.map(unpack), { training: false }).map(answer => ({
      shape: answer.shape,
      values: answer.dataSync(),
    })),
  );
  live.dispose();
  return answers;
}

it('holds what the manifest lists', () => {
  const listed = FIXTURES.map(({ folder }) => folder).toSorted();
  expect(readdirSync(FOLDER).filter(name => name !== 'manifest.json')).toEqual(listed);
  expect(Object.keys(SAID).filter(folder => !listed.includes(folder))).toEqual([]);
  expect(new Set(FIXTURES.map(({ keras }) => keras)).size).toBe(12);
});

describe('what can be computed', () => {
  it.each(of('predicts'))('$folder', async ({ folder, inputs, outputs, tolerance, says }) => {
    const { network, report } = await readModel(folder);
    expect(inferShapes(network, lookUpLayer).problems).toEqual([]);
    expect(sentencesOf(report)).toContain(says ?? '');
    expect(sentencesOf(report)).toMatch(SAID[folder] ?? /^/);
    const answers = predict(network, must(inputs, 'inputs'));
    const wanted = must(outputs, 'outputs').map(output => {
      const tensor = unpack(output);
      const values = tensor.dataSync();
      tensor.dispose();
      return { shape: tensor.shape, values };
    });
    expect(answers.map(({ shape }) => shape)).toEqual(wanted.map(({ shape }) => shape));
    for (const [index, { values }] of wanted.entries()) {
      const found = must(answers[index], 'an answer').values;
      // NaN proves nothing, but where it is what was asked for.
      expect(values.some(Number.isNaN)).toBe(says === 'NaN');
      const distances = [...values].map((y, place) => {
        const x = found[place] ?? Number.NaN;
        return Number.isNaN(y) && Number.isNaN(x) ? 0 : Math.abs(x - y) / Math.max(1, Math.abs(y));
      });
      expect(Math.max(...distances)).toBeLessThanOrEqual(must(tolerance, 'a tolerance'));
    }
  });
});

describe('what is read and not computed', () => {
  it.each(of('placeholder'))('$folder', async ({ folder, says }) => {
    const { network, report } = await readModel(folder);
    const unknown = network.layers.filter(({ type }) => lookUpLayer(type) === undefined);
    expect(unknown).toHaveLength(1);
    expect(report.leftOut.join(' ')).toContain(says ?? unknown[0]?.type);
    expect(report.leftOut.join(' ')).toMatch(SAID[folder] ?? /^/);
  });
});

describe('what is refused', () => {
  it.each(of('refused'))('$folder', async ({ folder, says }) => {
    const item = await read(folder);
    if (item.kind !== 'refused') throw new Error('It was read');
    const { reason, wayOut } = must(item.report.refusal, 'a refusal');
    expect(`${reason} ${wayOut}`).toContain(says ?? 'has to have the shape');
    expect(wayOut).not.toBe('');
    expect(reason).not.toMatch(/nobody foresaw/);
  });
});

it('takes labels and a licence from beside the model', async () => {
  const { labels } = await readModel('2.15.0-teachable-machine-teachable');
  expect(labels).toEqual(['Katze', 'Hund', 'Nichts davon']);
  const licence = { path: '2.1.6-mlp-h5/LICENSE', blob: new Blob(['MIT License\n\nCopyright']) };
  const { report } = await readModel('2.1.6-mlp-h5', [licence]);
  expect(report.found).toContain('A licence: MIT License.');
});

/** A model, and its weights in a file of their own. */
const APPLIED = [
  ['3.15.1-nested-functional-keras', '3.15.1-nested-functional-json-weights', 'model.weights.h5'],
  ['2.15.0-nested-functional-windows', '2.15.0-nested-functional-json-weights', 'model.weights.h5'],
  ['2.15.0-nested-functional-windows', '2.15.0-nested-functional-json-h5', 'weights.h5'],
  ['2.14.0-nested-in-sequential-keras', '2.14.0-nested-in-sequential-json-weights', 'model.weights.h5'],
] as const;

describe('weights of their own', () => {
  const zeroed = (model: SourceModel): SourceModel => {
    const layers = model.network.layers.map(layer => ({
      ...layer,
      weights: Object.fromEntries(
        Object.entries(layer.weights).map(([role, weight]) => [
          role,
          { ...weight, values: new Float32Array(weight.values.length) },
        ]),
      ),
    }));
    return { ...model, network: { ...model.network, layers } };
  };

  it.each(APPLIED)('of %s from %s/%s', async (whole, folder, name) => {
    const model = await readModel(whole);
    const item = await applyWeights(zeroed(model), fileOf(folder, name));
    if (item.kind !== 'model') throw new Error(JSON.stringify(item));
    expect(item.model.network).toEqual(model.network);
    expect(item.model.id).toBe(model.id);
  });

  it.each([
    ['3.15.1-nested-functional-keras', '3.15.1-mlp-json-weights', 'model.weights.h5'],
    ['2.15.0-mlp-keras', '2.15.0-nested-functional-json-h5', 'weights.h5'],
  ])('are refused where they don’t fit: %s from %s', async (whole, folder, name) => {
    const item = await applyWeights(await readModel(whole), fileOf(folder, name));
    if (item.kind !== 'refused') throw new Error('It was read');
    expect(item.report.refusal?.reason).toMatch(/isn’t in the weight files|has to have the shape|don’t fit/);
  });
});
