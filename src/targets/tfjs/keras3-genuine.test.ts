/**
 * Files that Keras 3 and the official converter really wrote (scripts/fixtures/make-keras3-fixtures.py), read, written again and run
 * by TensorFlow.js with Graft's own classes beside its own: the answers must be those that Keras itself gave.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileSketch, input, model, output, sketch } from '../../compiler/sketch';
import type { Probes, ProbeTensor, SourceFile, SourceModel } from '../../formats/protocol';
import { readFiles } from '../../formats/read-files';
import { compareAnswers, loadStock, predictAll } from '../../formats/testing/stock';
import type { Network } from '../../network/network';
// Graft's own classes, for layers that stock TensorFlow.js lacks.
import './load-stock';

const FOLDER = join(import.meta.dirname, '../../formats/testing/keras3');

interface KerasProbes extends Probes {
  /** By path, whether Keras would train a layer. */
  readonly trained: Readonly<Record<string, boolean>>;
}

const BATCH_SHAPE = 'Input shapes were written as Keras 3 does (batch_shape).';
const POLICIES = 'Data types were written as policies; they are plain names now.';
const CALLS = 'Calls were written as Keras 3 does (args and kwargs).';
const NO_LIST = 'A single input or output was written without its list.';
const PREFIXES =
  'Names of weights start with the model’s name, as Keras 3 writes them; they were matched without it.';
const PLACES =
  'Weights are named by their place in a Keras 3 file (layers/dense/vars/0); they were matched by class and rank.';
const TOKENS = "The input 'input_layer' takes whole numbers, as the layer after needs.";
const OPTIMIZER = 'The state of the optimizer is left out.';
const nested = (models: string, from: string, to: string) =>
  `The layers of the nested model${models.includes(' and ') ? 's' : ''} ${models} stand in one list with the others; '${from}' is named '${to}' now.`;

interface Expected {
  /** Beside those that every file of Keras 3 needs. */
  readonly repairs?: readonly string[];
  readonly leftOut?: readonly string[];
}

const NESTED = nested("'tower', 'mix', 'sequential_1/sequential' and 1 more", 'dense', 'tower_dense');
const SAME_NAMES = nested(
  "'second_by_alphabet' and 'first_by_alphabet'",
  'dense',
  'second_by_alphabet_dense',
);
const FROZEN = nested("'base' and 'half'", 'dense', 'base_dense');
const IN_SEQUENTIAL = nested("'base'", 'conv2d', 'base_conv2d');

/** What can be computed. `-h5` and `-keras` are the two ways in which the converter gets at a model. */
const COMPUTED: Readonly<Record<string, Expected>> = {
  'bidirectional-gru-default-h5': { repairs: [PREFIXES] },
  'cnn-h5': { repairs: [CALLS, NO_LIST] },
  'cnn-keras': { repairs: [CALLS, NO_LIST, PLACES] },
  'conv-lstm-h5': { repairs: [CALLS, NO_LIST] },
  'conv-lstm-keras': { repairs: [CALLS, NO_LIST, PLACES] },
  'depthwise-h5': { repairs: [CALLS, NO_LIST] },
  'depthwise-keras': { repairs: [CALLS, NO_LIST, PLACES] },
  'dictionaries-h5': { repairs: [CALLS] },
  'dictionaries-keras': { repairs: [CALLS, PLACES] },
  'embedding-h5': { repairs: [TOKENS, PREFIXES] },
  'embedding-keras': { repairs: [TOKENS, PLACES] },
  'frozen-h5': { repairs: [CALLS, NO_LIST, FROZEN] },
  'frozen-keras': { repairs: [CALLS, NO_LIST, FROZEN, PLACES] },
  'frozen-whole-h5': { repairs: [PREFIXES] },
  'gru-default-h5': { repairs: [PREFIXES] },
  'gru-default-keras': { repairs: [PLACES] },
  'hard-sigmoid-h5': { repairs: [PREFIXES] },
  'masked-embedding-h5': { repairs: [PREFIXES] },
  'merges-h5': { repairs: [CALLS] },
  'merges-keras': { repairs: [CALLS, PLACES] },
  'nested-h5': { repairs: [CALLS, NESTED] },
  'nested-in-sequential-h5': { repairs: [CALLS, NO_LIST, IN_SEQUENTIAL, PREFIXES] },
  'nested-in-sequential-keras': { repairs: [CALLS, NO_LIST, IN_SEQUENTIAL, PLACES] },
  'nested-keras': { repairs: [CALLS, NESTED, PLACES] },
  'operation-with-number-h5': { repairs: [CALLS, NO_LIST] },
  'operations-with-arguments-h5': { repairs: [CALLS] },
  'operations-with-arguments-keras': { repairs: [CALLS, PLACES] },
  'operations-h5': { repairs: [CALLS] },
  'operations-keras': { repairs: [CALLS, PLACES] },
  'quantised-float16': { repairs: ['6 weights stored as float16 became float32.', PREFIXES] },
  'quantised-uint16': { repairs: ['6 weights stored as uint16 became float32.', PREFIXES] },
  'quantised-uint8': { repairs: ['6 weights stored as uint8 became float32.', PREFIXES] },
  'recurrent-h5': { repairs: [CALLS, NO_LIST] },
  'recurrent-keras': { repairs: [CALLS, NO_LIST, PLACES] },
  'same-names-keras': { repairs: [CALLS, NO_LIST, SAME_NAMES, PLACES] },
  'sequential-h5': { repairs: [PREFIXES] },
  'sequential-keras': { repairs: [PLACES], leftOut: [OPTIMIZER] },
};

interface Reported {
  readonly code: string;
  /** What the diagnostic says. */
  readonly message: RegExp;
  /** What the import report says, one for each sentence. */
  readonly leftOut: readonly RegExp[];
}

const OPERATIONS: Reported = {
  code: 'model/layer-impossible',
  message: /ops\.Transpose can't use 1, 0: the batch has to stay the first axis/,
  leftOut: [/ops\.Dot/, /ops\.Average/, /can’t be computed: ops\.Transpose/],
};

/** What is read and can't be computed: it must never be computed as something else. */
const REPORTED: Readonly<Record<string, Reported>> = {
  'operations-unlike-layers-h5': OPERATIONS,
  'operations-unlike-layers-keras': OPERATIONS,
};

async function read(name: string): Promise<SourceModel> {
  const files = readdirSync(join(FOLDER, name))
    .filter(file => file !== 'probes.json')
    .map((file): SourceFile => {
      return {
        path: `${name}/${file}`,
        blob: new Blob([new Uint8Array(readFileSync(join(FOLDER, name, file)))]),
      };
    });
  const [item, ...others] = await readFiles(files);
  expect(others).toEqual([]);
  if (item?.kind !== 'model') {
    throw new Error(JSON.stringify(item?.kind === 'refused' ? item.report.refusal : item));
  }
  return item.model;
}

function probesOf(name: string): KerasProbes {
  return JSON.parse(readFileSync(join(FOLDER, name, 'probes.json'), 'utf8'));
}

function toTensors(probes: readonly ProbeTensor[]): tf.Tensor[] {
  return probes.map(({ values, shape, dtype }) => tf.tensor([...values], [...shape], dtype));
}

/** How far stock TensorFlow.js is from what Keras answered. */
async function distance(network: Network, probes: Probes): Promise<number> {
  const answers = predictAll(await loadStock(network), toTensors(probes.inputs));
  return compareAnswers(answers, toTensors(probes.outputs));
}

/** The model between its inputs and outputs on an otherwise empty canvas. */
function compileAlone(network: Network) {
  const dtypeOf = (dtype: string) => (dtype === 'int32' ? dtype : 'float32');
  const ins = network.inputs.map(({ shape, dtype }, i) =>
    input(`in${i}`, shape.slice(1), { dtype: dtypeOf(dtype) }),
  );
  const outs = network.outputs.map((_, i) => output(`out${i}`, { loss: 'mean_squared_error' }));
  const wires = [...ins.map(({ id }) => `${id} m.${id}`), ...outs.map(({ id }) => `m.${id} ${id}`)];
  const compiled = compileSketch(sketch([...ins, model('m', network), ...outs], wires), [network]);
  return { compiled, errors: compiled.diagnostics.filter(({ severity }) => severity === 'error') };
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

it('knows what to expect of every fixture', () => {
  expect([...Object.keys(COMPUTED), ...Object.keys(REPORTED)].toSorted()).toEqual(
    readdirSync(FOLDER).toSorted(),
  );
});

describe.each(Object.entries(COMPUTED))('%s', (name, { repairs = [], leftOut = [] }) => {
  it('answers as in Keras and says what was changed', async () => {
    const { network, report } = await read(name);
    // Quantised models are held against Keras with the weights as the converter itself reads them back.
    expect(await distance(network, probesOf(name))).toBeLessThanOrEqual(1e-5);
    expect(report.writtenBy).toBe('keras v3.15.1, TensorFlow.js Converter v4.22.0');
    expect(report.repairs.toSorted()).toEqual([BATCH_SHAPE, POLICIES, ...repairs].toSorted());
    expect(report.leftOut).toEqual(leftOut);
  });

  it('trains what Keras would train', async () => {
    const { network } = await read(name);
    const expected = Object.entries(probesOf(name).trained)
      .map(([path, trained]) => ({ name: path.replaceAll('/', '_'), trained }))
      .toSorted((a, b) => a.name.localeCompare(b.name));
    const found = network.layers
      .filter(({ weights }) => Object.keys(weights).length > 0)
      .map(layer => ({ name: layer.name, trained: layer.trainable }))
      .toSorted((a, b) => a.name.localeCompare(b.name));
    expect(found).toEqual(expected);
    const stock = await loadStock(network);
    const training = new Set(stock.trainableWeights.map(({ originalName }) => originalName.split('/')[0]));
    expect([...training].toSorted()).toEqual(
      expected
        .filter(({ trained }) => trained)
        .map(layer => layer.name)
        .toSorted(),
    );
  });

  it('compiles', async () => {
    const { compiled, errors } = compileAlone((await read(name)).network);
    expect(errors).toEqual([]);
    expect(compiled.network).not.toBeNull();
  });
});

describe.each(Object.entries(REPORTED))('%s', (name, { code, message, leftOut }) => {
  it('is read with its weights and reported, not computed as something else', async () => {
    const { network, report } = await read(name);
    for (const [i, sentence] of leftOut.entries()) expect(report.leftOut[i]).toMatch(sentence);
    expect(report.leftOut).toHaveLength(leftOut.length);
    const weighted = network.layers.filter(({ weights }) => Object.keys(weights).length > 0);
    expect(weighted.map(layer => layer.name).toSorted()).toEqual(
      Object.keys(probesOf(name).trained).toSorted(),
    );
    const { compiled, errors } = compileAlone(network);
    expect(errors.map(error => error.code)).toEqual([code]);
    expect(errors[0]?.message).toMatch(message);
    expect(compiled.network).toBeNull();
  });
});

/** Weights lie in [-0.6, 0.6]: `step` is the distance of neighbouring values there, half of which is lost at most. */
const STEPS = [
  { dtype: 'uint8', step: 1.2 / 255 },
  { dtype: 'uint16', step: 1.2 / 65_535 },
  { dtype: 'float16', step: 2 ** -11 },
];

describe.each(STEPS)('weights quantised to $dtype', ({ dtype, step }) => {
  it('change the answers by little more than half a step', async () => {
    const lost = await distance((await read(`quantised-${dtype}`)).network, probesOf('sequential-h5'));
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThan(step);
  });
});
