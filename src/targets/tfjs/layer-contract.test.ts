/**
 * What every entry of the layer table promises, on the CPU backend: sound weights, a file that TensorFlow.js opens (with Graft's
 * own classes where stock has none that is right), and answers from that file that equal what runs here. That what runs here
 * is what Keras computes is for `layers/goldens.test.ts` to show.
 */
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { must } from '../../base/assert';
import type { JsonObject } from '../../base/json';
import { compareAnswers, predictAll, randomInputs, saveModel } from '../../formats/testing/stock';
import { emitLayersModel } from '../../formats/tfjs-layers/emit';
import { parseConfig } from '../../layers/config';
import { inferShapes } from '../../layers/infer';
import { initialize } from '../../layers/initializers';
import type { LayerType } from '../../layers/layer-type';
import { LAYER_TYPES, lookUpLayer } from '../../layers/table';
import { findBrokenInvariants } from '../../network/invariants';
import { type Layer, type Network, tensorKey } from '../../network/network';
import type { Shape } from '../../network/shape';
import { buildLiveModel } from './live-model';
import { loadStock } from './load-stock';

interface Case {
  readonly type: LayerType;
  readonly config: JsonObject;
  readonly inputs: readonly Shape[];
}

const CASES = LAYER_TYPES.flatMap(type =>
  [type.example, ...type.cases].map(({ config, inputs }): readonly [string, Case] => [
    `${type.type} ${JSON.stringify(config)} of ${JSON.stringify(inputs)}`,
    { type, config, inputs },
  ]),
);

const SEED = 11;
const LAYER = 'it';

beforeAll(() => tf.setBackend('cpu'));

describe.each(CASES)('%s', (_, one) => {
  const network = shaken(oneLayer(one));

  test('has sound weights of the table’s shapes', () => {
    expect(findBrokenInvariants(network)).toEqual([]);
    const layer = theLayer(network);
    const specs = one.type.weights(layer.config, one.inputs, lookUpLayer);
    expect(Object.entries(layer.weights).map(([role, { shape }]) => ({ role, shape }))).toEqual(
      specs.map(({ role, shape }) => ({ role, shape })),
    );
  });

  test('answers in a file, and in a copy that TensorFlow.js saved, as it does here', async () => {
    const live = buildLiveModel(network);
    const model = await loadStock(emitLayersModel(network));
    const inputs = randomInputs(network.inputs, one.inputs[0]?.[0] ?? 2);
    const here = tf.tidy(() => live.run(inputs, { training: false }));
    const wanted = outputShapes(network);
    expect(here.map(answer => answer.rank)).toEqual(wanted.map(shape => shape.length));
    for (const [i, answer] of here.entries()) {
      const shape = must(wanted[i], 'a shape');
      expect(fits(answer.shape, shape), `${answer.shape} for ${JSON.stringify(shape)}`).toBe(true);
    }
    expect(compareAnswers(answersOf(model, inputs), here)).toBeLessThanOrEqual(1e-5);
    // Stock TensorFlow.js forgets the depth multiplier when it saves: nobody can open such a copy.
    if (one.type.type === 'SeparableConv2D' && one.config.depth_multiplier !== undefined) return;
    const { json, weightData } = await saveModel(model);
    const [{ weights: weightSpecs }] = json.weightsManifest as [{ weights: tf.io.WeightsManifestEntry[] }];
    const again = await tf.loadLayersModel(
      tf.io.fromMemory({ modelTopology: json.modelTopology as object, weightSpecs, weightData }),
    );
    expect(compareAnswers(answersOf(again, inputs), here)).toBeLessThanOrEqual(1e-5);
    for (const whole of [live, model, again]) whole.dispose();
    tf.dispose([...inputs, ...here]);
  });
});

let before = 0;
beforeAll(() => {
  before = tf.memory().numTensors;
});
afterAll(() => {
  // TensorFlow.js keeps what it was asked for in `predictAll`: three answers a case at most, and nothing of the models.
  expect(tf.memory().numTensors - before).toBeLessThanOrEqual(CASES.length * 6);
});

function oneLayer({ type, config, inputs }: Case): Network {
  const parsed = parseConfig(type, config, lookUpLayer);
  expect(parsed.problems).toEqual([]);
  const network: Network = {
    name: 'one_layer',
    inputs: inputs.map((shape, i) => ({
      name: `x${i}`,
      shape,
      dtype: type.inputs.values === 'tokens' ? 'int32' : 'float32',
    })),
    layers: [{ name: LAYER, type: type.type, config: parsed.config, weights: {}, trainable: true }],
    calls: [{ id: LAYER, layer: LAYER, inputs: inputs.map((_, i) => ({ input: `x${i}` })) }],
    outputs: [],
  };
  const outputs = outputShapes(network).map((_, output) => ({
    name: output === 0 ? LAYER : `${LAYER}_${output}`,
    from: { call: LAYER, output },
  }));
  return initialize({ ...network, outputs }, lookUpLayer, SEED);
}

function outputShapes(network: Network): Shape[] {
  const { shapes, problems } = inferShapes(network, lookUpLayer);
  expect(problems).toEqual([]);
  const found: Shape[] = [];
  for (let output = 0; ; output++) {
    const shape = shapes.get(tensorKey({ call: LAYER, output }));
    if (shape === undefined) return found;
    found.push(shape);
  }
}

function theLayer(network: Network): Layer {
  return must(network.layers[0], 'the layer');
}

/** Trained weights aren't all alike: without this a mix-up of gamma and beta, or of two biases, wouldn't show. */
function shaken(network: Network): Network {
  const layer = theLayer(network);
  const weights = Object.fromEntries(
    Object.entries(layer.weights).map(([role, weight], w) => [
      role,
      { ...weight, values: Float32Array.from(weight.values, (x, i) => x + 0.1 * Math.abs(Math.sin(w + i))) },
    ]),
  );
  return { ...network, layers: [{ ...layer, weights }] };
}

/** `predict` turns single values into rows of one value; a model that wants single values must be applied. */
function answersOf(model: tf.LayersModel, inputs: tf.Tensor[]): tf.Tensor[] {
  if (inputs.every(input => input.rank > 1)) return predictAll(model, inputs);
  return [model.apply(inputs) as tf.Tensor | tf.Tensor[]].flat();
}

function fits(actual: readonly number[], shape: Shape): boolean {
  return actual.length === shape.length && shape.every((dim, i) => dim === null || dim === actual[i]);
}

test('Subtract takes the second branch from the first', () => {
  const type = must(lookUpLayer('Subtract'), 'Subtract');
  const live = buildLiveModel(oneLayer({ type, config: {}, inputs: type.example.inputs }));
  const [answer] = live.run([tf.tensor2d([[1, 2, 3, 4]]), tf.tensor2d([[4, 4, 4, 5]])], { training: false });
  expect([...must(answer, 'a result').dataSync()]).toEqual([-3, -2, -1, -1]);
});

test('a new LSTM remembers: only the gate that forgets starts at 1', () => {
  const type = must(lookUpLayer('LSTM'), 'LSTM');
  const network = oneLayer({ type, config: { units: 2 }, inputs: [[null, 5, 3]] });
  expect([...must(theLayer(network).weights.bias, 'the bias').values]).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
});
