/** The TensorFlow.js code is run, given the exported weights, and must predict what the live model predicts. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../base/random';
import { compareAnswers } from '../../formats/testing/stock';
import { modelFiles } from '../../formats/write-project';
import { lookUpLayer } from '../../layers/table';
import { draw, mixedNetworks, tableNetworks } from '../../layers/testing/networks';
import type { ArrayData } from '../../network/arrays';
import type { Network } from '../../network/network';
import { registerGraftLayers } from '../tfjs/graft-layer';
import { writeJavaScriptModule } from './write-script';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGraftLayers();
});

/** Of the files that the test compares. */
const REFUSED = 6;

const write = (network: Network) => writeJavaScriptModule({ network, folder: 'model' }, lookUpLayer);

describe.each([...tableNetworks(), ...mixedNetworks()])('$name', ({ network }) => {
  test('does in its code what its file does', async () => {
    const { modelJson, weightData } = modelFiles(network);
    const json = JSON.parse(modelJson);
    const weightSpecs = json.weightsManifest.flatMap((group: { weights: unknown }) => group.weights);
    const handler = tf.io.fromMemory({ modelTopology: json.modelTopology, weightSpecs, weightData });
    const exported = await use(() => tf.loadLayersModel(handler), network);
    const coded = await use(() => runCode(write(network), handler), network);
    // Where TensorFlow.js refuses one of them, be it in the test's own sizes, it refuses both for one reason.
    expect(coded.refusal).toBe(exported.refusal);
    expect(compareAnswers(coded.answers, exported.answers)).toBeLessThanOrEqual(1e-6);
    expect(coded.layers).toEqual(exported.layers);
    tf.dispose([...coded.answers, ...exported.answers]);
  });
});

interface Use {
  readonly answers: readonly tf.Tensor[];
  /** By name. */
  readonly layers: Readonly<Record<string, unknown>>;
  readonly refusal: string | null;
}

async function use(make: () => Promise<tf.LayersModel>, network: Network): Promise<Use> {
  try {
    const model = await make();
    const inputs = probes(network).map(({ values, shape, dtype }) => tf.tensor(values, [...shape], dtype));
    const layers = Object.fromEntries(model.layers.map(layer => [layer.name, plain(layer)]));
    const answers = [model.predict(inputs)].flat();
    tf.dispose(inputs);
    model.dispose();
    return { answers, layers, refusal: null };
  } catch (error) {
    return { answers: [], layers: {}, refusal: error instanceof Error ? error.message : String(error) };
  }
}

test('TensorFlow.js refuses few of these files', async () => {
  const refused: string[] = [];
  for (const { name, network } of [...tableNetworks(), ...mixedNetworks()]) {
    const { modelJson, weightData } = modelFiles(network);
    const { modelTopology, weightsManifest } = JSON.parse(modelJson);
    const weightSpecs = weightsManifest.flatMap((group: { weights: unknown }) => group.weights);
    const handler = tf.io.fromMemory({ modelTopology, weightSpecs, weightData });
    const { refusal, answers } = await use(() => tf.loadLayersModel(handler), network);
    if (refusal !== null) refused.push(name);
    tf.dispose([...answers]);
  }
  // A rise means that the test above compares less than it did.
  expect(refused.length, refused.join(', ')).toBeLessThanOrEqual(REFUSED);
});

/** What the layer is set to, but for how often it is named within wrappers and where null says what nothing does. */
function plain(layer: tf.layers.Layer): unknown {
  const { batchInputShape: _, dtype: __, ...config } = layer.getConfig();
  const drop = new Set(layer.weights.length === 0 ? ['trainable'] : []);
  return JSON.parse(
    JSON.stringify(config, function (this: Record<string, unknown>, key, value) {
      const isInner = key === 'name' && this !== config;
      // It assumes it everywhere: see `write-layer.ts`.
      if (isInner || drop.has(key) || value === 'channelsLast') return undefined;
      return value ?? undefined;
    }),
  );
}

/** Runs a module's code; its imports are given to it, and its model.json is the handler's. */
async function runCode(code: string, handler: tf.io.IOHandler): Promise<tf.LayersModel> {
  const body = code.replace(/^import .*$/gm, '');
  const given = { ...tf, loadLayersModel: () => tf.loadLayersModel(handler) };
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
  return new AsyncFunction('tf', `'use strict';${body}\nreturn model;`)(given);
}

function probes(network: Network): ArrayData[] {
  const random = createRandom(4);
  return network.inputs.map(({ shape, dtype }) => {
    const sizes = [2, ...shape.slice(1).map(size => size ?? 4)];
    const count = sizes.reduce((product, size) => product * size, 1);
    return dtype === 'int32'
      ? { shape: sizes, dtype, values: Int32Array.from({ length: count }, () => random.below(2)) }
      : { shape: sizes, dtype: 'float32', values: Float32Array.from({ length: count }, random.uniform) };
  });
}

describe('code', () => {
  test('is what one would write', () => {
    const draft = draw('Digits');
    const image = draft.input('image', [null, 8, 8, 1]);
    const conv = draft.layer('conv', 'Conv2D', { filters: 4, kernel_size: 3, activation: 'relu' }, false);
    const flat = draft.call(draft.layer('flat', 'Flatten', {}), draft.call(conv, image));
    draft.output(
      'digit',
      draft.call(draft.layer('digit', 'Dense', { units: 10, activation: 'softmax' }), flat),
    );
    const lines = write(draft.finish()).split('\n');
    expect(
      lines.slice(
        0,
        lines.indexOf(
          '/** Fills the model with the weights that Graft exported; the zip is unpacked in the folder. */',
        ),
      ),
    ).toEqual([
      '// A neural network made with Graft, for TensorFlow.js 4 (https://www.tensorflow.org/js).',
      "import * as tf from '@tensorflow/tfjs';",
      '',
      '// Digits',
      "const image = tf.input({shape: [8, 8, 1], name: 'image'});",
      '',
      'const conv = tf.layers.conv2d({',
      '  filters: 4,',
      '  kernelSize: [3, 3],',
      "  activation: 'relu',",
      "  kernelInitializer: 'glorotUniform',",
      '  trainable: false,',
      "  name: 'conv',",
      '}).apply(image);',
      "const flat = tf.layers.flatten({name: 'flat'}).apply(conv);",
      'const digit = tf.layers.dense({',
      '  units: 10,',
      "  activation: 'softmax',",
      "  kernelInitializer: 'glorotUniform',",
      "  name: 'digit',",
      '}).apply(flat);',
      '',
      "const model = tf.model({inputs: image, outputs: digit, name: 'Digits'});",
      '',
    ]);
  });

  test('says what is missing, and builds what is left', async () => {
    const draft = draw('Part');
    const x = draft.input('x', [null, 4]);
    const known = draft.call(draft.layer('known', 'Dense', { units: 2 }), x);
    const odd = draft.call(draft.layer('odd', 'Mine\n*/ throw 1;//', { a: 1 }), known);
    draft.output('lost', draft.call(draft.layer('after', 'ReLU', {}), odd));
    draft.output('kept', known);
    const code = write(draft.finish());
    expect(code).toContain('// MISSING: odd is a Mine */ throw 1;//, which Graft');
    expect(code).toContain('// The output lost needs what is missing above.');
    const model = await runCode(code, { load: () => Promise.reject(new Error('not loaded')) });
    expect(model.outputs.map(({ shape }) => shape)).toEqual([[null, 2]]);
    model.dispose();
  });
});
