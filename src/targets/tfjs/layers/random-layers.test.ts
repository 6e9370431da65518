/**
 * What acts at random in training, held to Keras' formulas: which values share a draw, how much is dropped, and what average
 * and spread are left. Math.random is seeded, so that each test always sees the same numbers; bounds are four standard errors.
 */
import * as tf from '@tensorflow/tfjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { must } from '../../../base/assert';
import type { JsonObject } from '../../../base/json';
import { createRandom } from '../../../base/random';
import { sizeOf } from '../../../network/shape';
import type { LayerWeights } from './implementation';
import { applyLayer } from './table';

const unseeded = Math.random;
beforeAll(async () => {
  await tf.setBackend('cpu');
});
beforeEach(() => {
  Math.random = createRandom(20_221).uniform;
  tf.engine().startScope();
});
afterEach(() => {
  tf.engine().endScope();
});
afterAll(() => {
  Math.random = unseeded;
});

const COUNT = 20_000;
const BOUND = 4;

function weightsOf(tensors: Readonly<Record<string, tf.Tensor>> = {}): LayerWeights {
  return {
    get: role => must(tensors[role], role),
    find: role => tensors[role] ?? null,
    assign: role => {
      throw new Error(`${role} was changed`);
    },
    inside: () => weightsOf(),
  };
}

function train(
  type: string,
  config: JsonObject,
  x: tf.Tensor,
  weights: Readonly<Record<string, tf.Tensor>> = {},
): Float32Array {
  return tf.tidy(() => {
    const call = { inputs: [x], masks: [null], training: true, addPenalty: () => {} };
    const { outputs } = applyLayer({ type, config }, { ...call, weights: weightsOf(weights) });
    const output = must(outputs[0], 'an output');
    return Float32Array.from(output.dataSync());
  });
}

function meanOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function spreadOf(values: Float32Array): number {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(values.map(value => (value - mean) ** 2)));
}

function largest(values: Float32Array): number {
  return values.reduce((a, b) => Math.max(a, b), 0);
}

/** Of an average of `count` values with this spread. */
const errorOfMean = (spread: number, count = COUNT) => (BOUND * spread) / Math.sqrt(count);
/** Of the spread of normal values. */
const errorOfSpread = (spread: number, count = COUNT) => (BOUND * spread) / Math.sqrt(2 * count);

describe('Dropout', () => {
  test.each([0.1, 0.5, 0.8])('drops a share of %d and scales up the rest', rate => {
    const values = train('Dropout', { rate }, tf.fill([COUNT, 1], 3));
    const left = values.filter(value => value !== 0);
    const share = 1 - left.length / COUNT;
    expect(Math.abs(share - rate)).toBeLessThan(errorOfMean(Math.sqrt(rate * (1 - rate))));
    expect(largest(left.map(value => Math.abs(value - 3 / (1 - rate))))).toBeLessThan(1e-4);
  });

  test('draws anew each time, and its gradient is the same draw', () => {
    const x = tf.fill([50, 20], 1);
    const first = train('Dropout', { rate: 0.5 }, x);
    expect(train('Dropout', { rate: 0.5 }, x)).not.toEqual(first);
    const config = { type: 'Dropout', config: { rate: 0.5 } };
    const call = { masks: [null], training: true, weights: weightsOf(), addPenalty: () => {} };
    let output: Float32Array | null = null;
    const gradient = tf.grad(input => {
      const [result] = applyLayer(config, { ...call, inputs: [input] }).outputs;
      output = Float32Array.from(must(result, 'an output').dataSync());
      return must(result, 'an output');
    })(x);
    expect(Float32Array.from(gradient.dataSync())).toEqual(output);
  });
});

/** Places that get the same draw have the same letter: along axes of `noise` with size 1 there is one draw. */
const SHARED = [
  ['Dropout', { rate: 0.5, noise_shape: [null, 1, null] }, [8, 5, 40], [8, 1, 40]],
  ['AlphaDropout', { rate: 0.5, noise_shape: [null, 1, null] }, [8, 5, 40], [8, 1, 40]],
  ['SpatialDropout1D', { rate: 0.5 }, [8, 5, 40], [8, 1, 40]],
  ['SpatialDropout2D', { rate: 0.5 }, [8, 3, 2, 40], [8, 1, 1, 40]],
  ['SpatialDropout2D', { rate: 0.5, data_format: 'channels_first' }, [8, 40, 3, 2], [8, 40, 1, 1]],
  ['SpatialDropout3D', { rate: 0.5 }, [8, 3, 2, 2, 40], [8, 1, 1, 1, 40]],
  ['SpatialDropout3D', { rate: 0.5, data_format: 'channels_first' }, [8, 40, 3, 2, 2], [8, 40, 1, 1, 1]],
] as const;

test.each(SHARED)('%s %j of %j has one draw for all places along an axis', (type, config, shape, noise) => {
  const values = train(type, config, tf.ones([...shape]));
  const [a = 0, b = 0] = [...new Set(values)];
  expect(new Set(values).size).toBe(2);
  const isHigh = tf.tensor(values, [...shape]).greater(Math.min(a, b) + 1e-6);
  const axes = noise.flatMap((size, axis) => (size === 1 ? [axis] : []));
  // All or none along the axes that share a draw.
  const shares = tf.mean(tf.cast(isHigh, 'float32'), axes).dataSync();
  expect([...new Set(shares)].sort()).toEqual([0, 1]);
  const draws = sizeOf(noise);
  expect(Math.abs(meanOf(Float32Array.from(shares)) - 0.5)).toBeLessThan(errorOfMean(0.5, draws));
});

test('GaussianNoise adds noise around 0 of the given spread', () => {
  const noise = train('GaussianNoise', { stddev: 0.3 }, tf.fill([COUNT, 1], 5)).map(value => value - 5);
  expect(Math.abs(meanOf(noise))).toBeLessThan(errorOfMean(0.3));
  expect(Math.abs(spreadOf(noise) - 0.3)).toBeLessThan(errorOfSpread(0.3));
});

test.each([0.1, 0.5, 0.8])(
  'GaussianDropout at %d multiplies with noise around 1, as strong as Dropout',
  rate => {
    const factors = train('GaussianDropout', { rate }, tf.fill([COUNT, 1], 2)).map(value => value / 2);
    const spread = Math.sqrt(rate / (1 - rate));
    expect(Math.abs(meanOf(factors) - 1)).toBeLessThan(errorOfMean(spread));
    expect(Math.abs(spreadOf(factors) - spread)).toBeLessThan(errorOfSpread(spread));
  },
);

test.each([0.1, 0.4])('AlphaDropout at %d keeps average 0 and spread 1, and drops to Keras’ value', rate => {
  const random = createRandom(5);
  const x = tf.tensor(
    Float32Array.from({ length: COUNT }, () => random.normal()),
    [COUNT, 1],
  );
  const values = train('AlphaDropout', { rate }, x);
  expect(Math.abs(meanOf(values))).toBeLessThan(errorOfMean(1));
  // Not normal any more: its fourth moment is below 6, which makes the error of the spread at most sqrt(5 / 4n).
  expect(Math.abs(spreadOf(values) - 1)).toBeLessThan(BOUND * Math.sqrt(5 / (4 * COUNT)));
  // keras/src/layers/regularization/alpha_dropout.py
  const floor = -1.6732632423543774 * 1.0507009873554805;
  const a = ((1 - rate) * (1 + rate * floor ** 2)) ** -0.5;
  const dropped = Math.fround(a * floor - a * floor * rate);
  const share = values.filter(value => Math.abs(value - dropped) < 1e-5).length / COUNT;
  expect(Math.abs(share - rate)).toBeLessThan(errorOfMean(Math.sqrt(rate * (1 - rate))));
});

/**
 * Keras draws one mask for the inputs and one for the state, and uses each at every step. Here each unit passes on its own input
 * (or its own state), so that what it returns is what its mask lets through.
 */
test.each([
  ['dropout', 4, 0],
  ['recurrent_dropout', 0, 4],
] as const)('%s of SimpleRNN is one draw for all steps', (name, inputGain, stateGain) => {
  const [rows, steps, units] = [200, 4, 20];
  const rate = 0.25;
  const diagonal = (gain: number) => tf.mul(tf.eye(units), gain);
  const config = { units, activation: 'linear', return_sequences: true, use_bias: false, [name]: rate };
  const values = train('SimpleRNN', config, tf.ones([rows, steps, units]), {
    // The state needs something to start from.
    kernel: diagonal(inputGain === 0 ? 1 : inputGain),
    recurrent_kernel: diagonal(stateGain),
  });
  const scale = 1 / (1 - rate);
  const expected = (isKept: boolean, step: number) => {
    if (inputGain !== 0) return isKept ? inputGain * scale : 0;
    const factor = isKept ? stateGain * scale : 0;
    return Array.from({ length: step + 1 }, (_, i) => factor ** i).reduce((sum, term) => sum + term, 0);
  };
  let kept = 0;
  let gap = 0;
  for (let place = 0; place < rows * units; place++) {
    const [row, unit] = [Math.floor(place / units), place % units];
    const at = (step: number) => must(values[(row * steps + step) * units + unit], 'a value');
    const isKept = at(steps - 1) > 1.5;
    if (isKept) kept++;
    for (let step = 0; step < steps; step++) {
      const wanted = expected(isKept, step);
      gap = Math.max(gap, Math.abs(at(step) - wanted) / (1 + wanted));
    }
  }
  expect(gap).toBeLessThan(1e-5);
  const draws = rows * units;
  expect(Math.abs(kept / draws - (1 - rate))).toBeLessThan(errorOfMean(Math.sqrt(rate * (1 - rate)), draws));
});
