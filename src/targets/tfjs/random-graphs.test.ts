/**
 * Networks put together at random from the layer table, on the CPU backend: shapes and counts are those that the table says,
 * frozen layers stay the same to the last bit in training, and an exported file answers as the network here. Each graph is made
 * from its number, which the test's name says.
 */
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { must } from '../../base/assert';
import { createRandom, type Random } from '../../base/random';
import { predictAll } from '../../formats/testing/stock';
import { emitLayersModel } from '../../formats/tfjs-layers/emit';
import { parseConfig } from '../../layers/config';
import { inferCall, inferShapes } from '../../layers/infer';
import { initialize } from '../../layers/initializers';
import type { LayerType } from '../../layers/layer-type';
import { LAYER_TYPES, lookUpLayer } from '../../layers/table';
import { findBrokenInvariants } from '../../network/invariants';
import {
  type Call,
  countParameters,
  type Layer,
  type Network,
  type TensorRef,
  tensorKey,
} from '../../network/network';
import { type Shape, sizeOf } from '../../network/shape';
import { lookUpImplementation } from './layers/table';
import { buildLiveModel } from './live-model';
import { loadStock } from './load-stock';

const GRAPHS = 60;
const ROWS = 3;
/** Behind five layers, where differences of the last bit have grown. */
const TOLERANCE = 1e-4;

/** What has a pole or grows without bounds: a few of them in a row leave nothing to compare. */
const WILD =
  /^ops\.(Exp|Expm1|Power|Reciprocal|Divide|TrueDivide|Rsqrt|Sqrt|Log|Log1p|Prod|Std|Cast|Square)$/;

const TYPES = LAYER_TYPES.filter(({ type }) => lookUpImplementation(type) !== undefined && !WILD.test(type));

interface Tensor {
  readonly ref: TensorRef;
  readonly shape: Shape;
  readonly isToken: boolean;
}

function pick<T>(random: Random, list: readonly T[]): T {
  return must(list[random.below(list.length)], 'something to pick from');
}

function makeNetwork(random: Random): Network {
  const start = pick(random, TYPES);
  const first = pick(random, [start.example, ...start.cases]);
  const inputs = first.inputs.map((shape, i) => ({
    name: `x${i}`,
    shape: shape.map((dim, axis) => (axis === 0 ? null : (dim ?? 4))),
    dtype: start.inputs.values === 'tokens' ? ('int32' as const) : ('float32' as const),
  }));
  const tensors: Tensor[] = inputs.map(({ name, shape, dtype }) => ({
    ref: { input: name },
    shape,
    isToken: dtype === 'int32',
  }));
  const layers: Layer[] = [];
  const calls: Call[] = [];
  const used = new Set<string>();
  const add = (type: LayerType, given: Layer['config'], from: readonly Tensor[]) => {
    const { config } = parseConfig(type, given, lookUpLayer);
    const result = inferCall(
      { type: type.type, config },
      from.map(({ shape }) => shape),
      lookUpLayer,
    );
    if (!('shapes' in result)) return;
    // Large ones only take long.
    if (result.shapes.some(shape => sizeOf(shape.map(dim => dim ?? ROWS)) > 2000)) return;
    const name = `layer${layers.length}`;
    layers.push({ name, type: type.type, config, weights: {}, trainable: random.uniform() < 0.6 });
    calls.push({ id: name, layer: name, inputs: from.map(({ ref }) => ref) });
    for (const { ref } of from) used.add(tensorKey(ref));
    for (const [output, shape] of result.shapes.entries()) {
      tensors.push({ ref: { call: name, output }, shape, isToken: false });
    }
  };
  add(start, first.config, tensors);
  const wanted = 2 + random.below(5);
  for (let attempt = 0; attempt < 200 && calls.length < wanted; attempt++) {
    const type = pick(random, TYPES);
    const { config, inputs: shapes } = pick(random, [type.example, ...type.cases]);
    const from = shapes.map(() => pick(random, tensors.slice(-6)));
    const takesTokens = type.inputs.values === 'tokens';
    // A tensor that one call takes twice and another call takes too is gone by then in stock TensorFlow.js (executor.js of
    // tfjs-layers 4.22 counts it once and disposes it early): the file says so loudly, and there is nothing to compare.
    const isDistinct = new Set(from).size === from.length;
    if (isDistinct && from.every(({ isToken }) => isToken === takesTokens)) add(type, config, from);
  }
  const ends = tensors.filter(({ ref }) => 'call' in ref && !used.has(tensorKey(ref)));
  const outputs = ends.map(({ ref }, i) => ({ name: `y${i}`, from: ref }));
  return initialize({ name: 'random', inputs, layers, calls, outputs }, lookUpLayer, random.below(1000));
}

function drawInputs(network: Network, random: Random): tf.Tensor[] {
  return network.inputs.map(({ shape, dtype }) => {
    const sizes = [ROWS, ...shape.slice(1).map(dim => must(dim, 'a size'))];
    const values = Array.from({ length: sizeOf(sizes) }, () =>
      dtype === 'int32' ? random.below(4) : random.uniform() * 2 - 1,
    );
    return tf.tensor(values, sizes, dtype === 'int32' ? 'int32' : 'float32');
  });
}

/** Of 1 + the value. */
function largestGap(a: tf.Tensor, b: tf.Tensor, words: string): number {
  expect(a.shape, words).toEqual(b.shape);
  const [left, right] = [[...a.dataSync()], b.dataSync()];
  return left.reduce((worst, x, i) => {
    const y = right[i] ?? Number.NaN;
    const gap = Math.abs(x - y) / (1 + Math.abs(y));
    return Math.max(worst, Number.isNaN(gap) ? Number.POSITIVE_INFINITY : gap);
  }, 0);
}

const unseeded = Math.random;
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => {
  Math.random = createRandom(5).uniform;
});
afterAll(() => {
  Math.random = unseeded;
});

describe.each(Array.from({ length: GRAPHS }, (_, i) => i))('graph %d', number => {
  const network = makeNetwork(createRandom(number));
  const steps = network.calls.map(({ id, inputs }) => {
    const layer = must(
      network.layers.find(({ name }) => name === id),
      id,
    );
    return `${id} = ${layer.type} ${JSON.stringify(layer.config)} of ${inputs.map(tensorKey)}`;
  });
  const words = [
    ...network.inputs.map(({ name, shape }) => `${name} ${JSON.stringify(shape)}`),
    ...steps,
  ].join('\n');

  test('is sound, and runs with the shapes and the number of parameters that the table says', () => {
    expect(findBrokenInvariants(network), words).toEqual([]);
    const { shapes, problems } = inferShapes(network, lookUpLayer);
    expect(problems, words).toEqual([]);
    const live = buildLiveModel(network);
    const inputs = drawInputs(network, createRandom(number));
    const answers = tf.tidy(() => live.run(inputs, { training: false }));
    const wanted = network.outputs.map(({ from }) =>
      must(shapes.get(tensorKey(from)), 'a shape').map(dim => dim ?? ROWS),
    );
    expect(
      answers.map(({ shape }) => shape),
      words,
    ).toEqual(wanted);
    const counts = [...live.variables.values()].flatMap(own => [...own.values()].map(({ size }) => size));
    expect(counts.reduce((a, b) => a + b, 0)).toBe(countParameters(network));
    live.dispose();
    tf.dispose([...inputs, ...answers]);
  });

  test('exported, answers as it does here', async () => {
    const live = buildLiveModel(network);
    const inputs = drawInputs(network, createRandom(number));
    const here = tf.tidy(() => live.run(inputs, { training: false }));
    const model = await loadStock(emitLayersModel(network));
    const there = predictAll(model, inputs);
    const gaps = here.map((answer, i) => largestGap(must(there[i], 'an output'), answer, words));
    expect(Math.max(...gaps), words).toBeLessThanOrEqual(TOLERANCE);
    model.dispose();
    live.dispose();
    tf.dispose([...inputs, ...here, ...there]);
  });

  test('keeps its frozen layers to the last bit while the others train', async () => {
    const live = buildLiveModel(network);
    const inputs = drawInputs(network, createRandom(number));
    const frozen = network.layers.filter(({ trainable }) => !trainable);
    const trained = network.layers
      .filter(({ trainable }) => trainable)
      .flatMap(({ name }) => [...(live.variables.get(name)?.values() ?? [])])
      .filter(({ trainable }) => trainable);
    const lossOf = () =>
      live
        .run(inputs, { training: true })
        .map(output => tf.mean(tf.square(tf.sub(output, 0.5))))
        .reduce<tf.Scalar>((sum, term) => tf.add(sum, term.asScalar()), tf.scalar(0));
    if (trained.length > 0) {
      const optimizer = tf.train.sgd(0.01);
      for (let step = 0; step < 3; step++) {
        const { value, grads } = tf.variableGrads(lossOf, trained);
        expect(Number.isFinite((await value.data())[0]), words).toBe(true);
        optimizer.applyGradients(grads);
        tf.dispose([value, ...Object.values(grads)]);
      }
      optimizer.dispose();
    } else tf.tidy(lossOf);
    for (const { name, weights } of frozen) {
      for (const [role, { values }] of Object.entries(weights)) {
        const now = await must(live.variables.get(name)?.get(role), `${name} ${role}`).data();
        expect(now, `${name} ${role}\n${words}`).toEqual(values);
      }
    }
    live.dispose();
    tf.dispose(inputs);
  });
});

test('the graphs have most types of the table, frozen and trained ones among them', () => {
  const networks = Array.from({ length: GRAPHS }, (_, i) => makeNetwork(createRandom(i)));
  const layers = networks.flatMap(network => network.layers);
  expect(new Set(layers.map(({ type }) => type)).size).toBeGreaterThan(TYPES.length / 2);
  expect(
    layers.filter(({ trainable, weights }) => !trainable && Object.keys(weights).length > 0).length,
  ).toBeGreaterThan(5);
  expect(networks.filter(({ outputs }) => outputs.length > 1).length).toBeGreaterThan(5);
});
