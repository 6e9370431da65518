import { describe, expect, test } from 'vitest';
import { createRandom } from '../base/random';
import type { Network } from '../network/network';
import { computeFans, initialize, startValues } from './initializers';
import { INITIALIZERS } from './params';
import { lookUpLayer } from './table';

const SEED = 20240607;

function draw(class_name: string, shape: readonly number[], config = {}) {
  return startValues({ shape, initializer: { class_name, config } }, createRandom(SEED));
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function stddev(values: Float32Array): number {
  const average = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length);
}

function largest(values: Float32Array): number {
  return values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
}

describe('the size of the fans', () => {
  test.each([
    { shape: [], fanIn: 1, fanOut: 1 },
    { shape: [7], fanIn: 7, fanOut: 7 },
    { shape: [3, 5], fanIn: 3, fanOut: 5 },
    { shape: [3, 3, 2, 8], fanIn: 18, fanOut: 72 },
    { shape: [2, 3, 4, 5, 6], fanIn: 120, fanOut: 144 },
  ])('is that of Keras for $shape', ({ shape, fanIn, fanOut }) => {
    expect(computeFans(shape)).toEqual({ fanIn, fanOut });
  });
});

describe('each initializer', () => {
  const shape = [100, 300];

  test.each([
    { name: 'GlorotUniform', spread: Math.sqrt(1 / 200), limit: Math.sqrt(3 / 200) },
    { name: 'GlorotNormal', spread: Math.sqrt(1 / 200), limit: (2 * Math.sqrt(1 / 200)) / 0.8796256 },
    { name: 'HeUniform', spread: Math.sqrt(2 / 100), limit: Math.sqrt(6 / 100) },
    { name: 'HeNormal', spread: Math.sqrt(2 / 100), limit: (2 * Math.sqrt(2 / 100)) / 0.8796256 },
    { name: 'LecunUniform', spread: Math.sqrt(1 / 100), limit: Math.sqrt(3 / 100) },
    { name: 'LecunNormal', spread: Math.sqrt(1 / 100), limit: (2 * Math.sqrt(1 / 100)) / 0.8796256 },
    { name: 'RandomUniform', spread: 0.1 / Math.sqrt(12), limit: 0.05 },
    { name: 'RandomNormal', spread: 0.05, limit: 1 },
    { name: 'TruncatedNormal', spread: 0.05 * 0.8796256, limit: 0.1 },
    { name: 'VarianceScaling', spread: Math.sqrt(1 / 100), limit: (2 * Math.sqrt(1 / 100)) / 0.8796256 },
  ])('$name has the spread and the limit of Keras', ({ name, spread, limit }) => {
    const values = draw(name, shape);
    // 30,000 values: the mean is off by spread / 173, the spread by about 0.4 %; five times that is allowed.
    expect(Math.abs(mean(values))).toBeLessThan((5 * spread) / Math.sqrt(values.length));
    expect(stddev(values) / spread).toBeCloseTo(1, 1.5);
    expect(largest(values)).toBeLessThanOrEqual(limit * (1 + 1e-6));
  });

  test('VarianceScaling follows its scale, mode and distribution', () => {
    const values = draw('VarianceScaling', shape, { scale: 3, mode: 'fan_out', distribution: 'uniform' });
    expect(largest(values)).toBeLessThanOrEqual(Math.sqrt(9 / 300));
    expect(stddev(values)).toBeCloseTo(Math.sqrt(3 / 300), 3);
    const normal = draw('VarianceScaling', shape, { distribution: 'untruncated_normal' });
    expect(stddev(normal)).toBeCloseTo(0.1, 2);
    expect(largest(normal)).toBeGreaterThan(0.3);
  });

  test('the plain ones', () => {
    expect([...draw('Zeros', [3])]).toEqual([0, 0, 0]);
    expect([...draw('Ones', [3])]).toEqual([1, 1, 1]);
    expect([...draw('Constant', [2], { value: 2.5 })]).toEqual([2.5, 2.5]);
    expect([...draw('Identity', [2, 3], { gain: 2 })]).toEqual([2, 0, 0, 0, 2, 0]);
    expect([...draw('Identity', [3, 2])]).toEqual([1, 0, 0, 1, 0, 0]);
  });

  test('the bias of the gate that forgets starts at 1', () => {
    const rest = { class_name: 'Constant', config: { value: 5 } };
    expect([...draw('UnitForgetBias', [8], { rest })]).toEqual([5, 5, 1, 1, 5, 5, 5, 5]);
  });

  test('nonsense in its config counts as not said', () => {
    expect(draw('RandomNormal', [10], { stddev: 'x' })).toEqual(draw('RandomNormal', [10]));
  });

  test.each(INITIALIZERS)('%s gives numbers for every shape', name => {
    for (const shape of [[], [1], [5], [1, 1], [4, 3], [3, 3, 2, 4], [2, 2, 2, 1, 1]]) {
      const values = draw(name, shape);
      expect(values).toHaveLength(shape.reduce((size, dim) => size * dim, 1));
      expect(values.every(Number.isFinite)).toBe(true);
    }
  });
});

describe('Orthogonal', () => {
  test.each([[[20, 20]], [[30, 8]], [[8, 32]], [[3, 3, 4, 16]]])(
    'has perpendicular rows or columns of length gain for %j',
    shape => {
      const values = draw('Orthogonal', shape, { gain: 2 });
      const columns = shape[shape.length - 1] ?? 1;
      const rows = values.length / columns;
      const at = (i: number, j: number) =>
        (rows >= columns ? values[j * columns + i] : values[i * columns + j]) ?? Number.NaN;
      const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
      for (let a = 0; a < count; a++) {
        for (let b = 0; b < count; b++) {
          let dot = 0;
          for (let k = 0; k < length; k++) dot += at(a, k) * at(b, k);
          expect(dot).toBeCloseTo(a === b ? 4 : 0, 5);
        }
      }
    },
  );

  test('has no preferred direction: its mean is near 0', () => {
    expect(Math.abs(mean(draw('Orthogonal', [64, 64])))).toBeLessThan(0.01);
  });
});

describe('initialize', () => {
  function twoLayers(first: string): Network {
    const layer = (name: string, units: number) => ({
      name,
      type: 'Dense',
      config: { units },
      weights: {},
      trainable: true,
    });
    return {
      name: 'n',
      inputs: [{ name: 'in', shape: [null, 4], dtype: 'float32' }],
      layers: [layer(first, 3), layer('last', 2)],
      calls: [
        { id: first, layer: first, inputs: [{ input: 'in' }] },
        { id: 'last', layer: 'last', inputs: [{ call: first, output: 0 }] },
      ],
      outputs: [{ name: 'out', from: { call: 'last', output: 0 } }],
    };
  }
  const weightsOf = (network: Network, name: string) =>
    network.layers.find(layer => layer.name === name)?.weights;

  test('fills every layer that has no weights', () => {
    const filled = initialize(twoLayers('a'), lookUpLayer, 1);
    expect(weightsOf(filled, 'a')?.kernel?.shape).toEqual([4, 3]);
    expect(weightsOf(filled, 'last')?.kernel?.shape).toEqual([3, 2]);
    expect([...(weightsOf(filled, 'last')?.bias?.values ?? [])]).toEqual([0, 0]);
    expect(Object.keys(weightsOf(filled, 'a') ?? {})).toEqual(['kernel', 'bias']);
  });

  test('is the same for the same seed, and another for another', () => {
    const [one, same, other] = [1, 1, 2].map(seed => initialize(twoLayers('a'), lookUpLayer, seed));
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });

  test('gives each weight its own stream, whatever else is there', () => {
    const [one, two] = [twoLayers('a'), twoLayers('b')].map(net => initialize(net, lookUpLayer, 7));
    expect(one && weightsOf(one, 'last')).toEqual(two && weightsOf(two, 'last'));
    expect(one && weightsOf(one, 'a')).not.toEqual(two && weightsOf(two, 'b'));
  });

  test('leaves what has weights as it is', () => {
    const filled = initialize(twoLayers('a'), lookUpLayer, 1);
    expect(initialize(filled, lookUpLayer, 2)).toBe(filled);
    const [first, last] = filled.layers;
    const half = { ...filled, layers: [first, { ...last, weights: {} }] } as Network;
    const again = initialize(half, lookUpLayer, 2);
    expect(again.layers[0]).toBe(first);
    expect(again.layers[1]?.weights.kernel?.values).not.toEqual(last?.weights.kernel?.values);
  });

  test('leaves what it can’t know as it is', () => {
    const broken = twoLayers('a');
    const network: Network = {
      ...broken,
      inputs: [{ name: 'in', shape: [null, null], dtype: 'float32' }],
      layers: [...broken.layers, { name: 'x', type: 'Unheard', config: {}, weights: {}, trainable: true }],
    };
    expect(initialize(network, lookUpLayer, 1)).toBe(network);
  });
});
