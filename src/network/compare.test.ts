import { describe, expect, test } from 'vitest';
import { createRandom } from '../base/random';
import { areAlike, compareNetworks, findSharedBase, matchInputs } from './compare';
import type { Layer, Network, Weight } from './network';

const asSaid = ({ config }: Layer) => config;

function weight(seed: number, ...shape: readonly number[]): Weight {
  const random = createRandom(seed);
  const size = shape.reduce((product, dim) => product * dim, 1);
  return { shape, dtype: 'float32', values: Float32Array.from({ length: size }, () => random.normal()) };
}

/** A Dense layer of `units`, its weights drawn from `seed`. */
interface Drawn {
  readonly units: number;
  readonly seed: number;
  readonly activation?: string;
}

/** Dense layers one after the other on rows of 6 values, named `<prefix>_0`, … */
function dense(prefix: string, ...drawn: readonly Drawn[]): Network {
  const layers = drawn.map(({ units, seed, activation = 'relu' }, index): Layer => {
    const before = drawn[index - 1]?.units ?? 6;
    return {
      name: `${prefix}_${index}`,
      type: 'Dense',
      config: { units, activation, kernel_initializer: { class_name: prefix, config: { seed } } },
      weights: { kernel: weight(seed, before, units), bias: weight(seed + 1000, units) },
      trainable: seed % 2 === 0,
    };
  });
  return {
    name: prefix,
    inputs: [{ name: `${prefix}_in`, shape: [null, 6], dtype: 'float32' }],
    layers,
    calls: layers.map(({ name }, index) => ({
      id: name,
      layer: name,
      inputs: [index === 0 ? { input: `${prefix}_in` } : { call: `${prefix}_${index - 1}`, output: 0 }],
    })),
    outputs: [{ name: 'out', from: { call: `${prefix}_${drawn.length - 1}`, output: 0 } }],
  };
}

function baseOf(a: Network, b: Network) {
  return findSharedBase(a, b, matchInputs(a, b), asSaid).map(match => [match.a, match.b]);
}

function withLayer(network: Network, name: string, change: (layer: Layer) => Layer): Network {
  const layers = network.layers.map(layer => (layer.name === name ? change(layer) : layer));
  return { ...network, layers };
}

describe('a network with itself', () => {
  const network = dense('a', { units: 5, seed: 1 }, { units: 4, seed: 2 });

  test('is equal throughout, under other names too', () => {
    const again = dense('b', { units: 5, seed: 1 }, { units: 4, seed: 2 });
    for (const other of [network, again]) {
      const { matches, onlyA, onlyB } = compareNetworks(network, other, asSaid);
      expect(matches.map(({ weights }) => weights.kind)).toEqual(['equal', 'equal']);
      expect([onlyA, onlyB]).toEqual([[], []]);
      expect(baseOf(network, other)).toEqual(other.layers.map(({ name }, index) => [`a_${index}`, name]));
    }
  });
});

describe('two fine-tunings of one base', () => {
  const one = dense('one', { units: 8, seed: 1 }, { units: 8, seed: 2 }, { units: 3, seed: 3 });
  const two = dense('two', { units: 8, seed: 1 }, { units: 8, seed: 2 }, { units: 3, seed: 4 });

  test('share what was frozen and no more', () => {
    expect(baseOf(one, two)).toEqual([
      ['one_0', 'two_0'],
      ['one_1', 'two_1'],
    ]);
    const { matches } = compareNetworks(one, two, asSaid);
    expect(matches.map(({ weights }) => weights.kind)).toEqual(['equal', 'equal', 'different']);
  });

  test('do not share a layer that moved in one bit, nor what stands behind it', () => {
    const moved = withLayer(two, 'two_0', layer => {
      const { kernel, bias } = layer.weights;
      if (kernel === undefined || bias === undefined) throw new Error('Dense without weights');
      const values = Float32Array.from(kernel.values);
      new Uint32Array(values.buffer).set([(new Uint32Array(kernel.values.slice().buffer)[7] ?? 0) ^ 1], 7);
      return { ...layer, weights: { kernel: { ...kernel, values }, bias } };
    });
    expect(baseOf(one, moved)).toEqual([]);
    const [first, second] = compareNetworks(one, moved, asSaid).matches;
    expect(first?.weights.kind).toBe('close');
    expect(second?.weights.kind).toBe('equal');
  });

  test('have no base where they are only of the same shapes', () => {
    const stranger = dense('s', { units: 8, seed: 11 }, { units: 8, seed: 12 }, { units: 3, seed: 13 });
    expect(baseOf(one, stranger)).toEqual([]);
    const { matches } = compareNetworks(one, stranger, asSaid);
    expect(matches.map(({ a, b, weights }) => [a, b, weights.kind])).toEqual([
      ['one_0', 's_0', 'different'],
      ['one_1', 's_1', 'different'],
      ['one_2', 's_2', 'different'],
    ]);
  });
});

test('a setting that changes what is computed parts two layers; how they were first drawn and names do not', () => {
  const a = dense('a', { units: 5, seed: 1 });
  const b = dense('b', { units: 5, seed: 1, activation: 'tanh' });
  const [left, right] = [a.layers[0] as Layer, b.layers[0] as Layer];
  expect(areAlike(left, right, asSaid)).toBe(false);
  expect(compareNetworks(a, b, asSaid)).toEqual({ matches: [], onlyA: ['a_0'], onlyB: ['b_0'] });
  // As the layer table would: what isn't said has its default.
  const plain = { ...right, config: { units: 5 } };
  const canonical = ({ config }: Layer) => ({ activation: 'relu', ...config });
  expect(areAlike(left, plain, canonical)).toBe(true);
});

test('a layer more in one of them does not part those that follow', () => {
  const a = dense('a', { units: 5, seed: 1 }, { units: 5, seed: 2 }, { units: 3, seed: 3 });
  const b = dense(
    'b',
    { units: 5, seed: 1 },
    { units: 6, seed: 9 },
    { units: 5, seed: 8 },
    { units: 3, seed: 3 },
  );
  const { matches, onlyA, onlyB } = compareNetworks(a, b, asSaid);
  expect(matches.map(match => [match.a, match.b, match.weights.kind])).toEqual([
    ['a_0', 'b_0', 'equal'],
    ['a_2', 'b_3', 'equal'],
  ]);
  expect([onlyA, onlyB]).toEqual([['a_1'], ['b_1', 'b_2']]);
});

describe('branches', () => {
  /** Two Dense layers beside each other on one input, the order of the calls being either. */
  function forked(prefix: string, order: readonly number[]): Network {
    const layer = (seed: number): Layer => ({
      name: `${prefix}_${seed}`,
      type: 'Dense',
      config: { units: 4 },
      weights: { kernel: weight(seed, 6, 4) },
      trainable: true,
    });
    const from = { input: `${prefix}_in` };
    const ref = (seed: number) => ({ call: `${prefix}_${seed}`, output: 0 });
    return {
      name: prefix,
      inputs: [{ name: from.input, shape: [null, 6], dtype: 'float32' }],
      layers: [...order.map(layer), { ...layer(0), name: `${prefix}_add`, type: 'Add', weights: {} }],
      calls: [
        ...order.map(seed => ({ id: `${prefix}_${seed}`, layer: `${prefix}_${seed}`, inputs: [from] })),
        { id: `${prefix}_add`, layer: `${prefix}_add`, inputs: [ref(1), ref(2)] },
      ],
      outputs: [{ name: 'out', from: { call: `${prefix}_add`, output: 0 } }],
    };
  }

  test('are told apart by their weights where they are of the same kind', () => {
    expect(baseOf(forked('a', [1, 2]), forked('b', [2, 1]))).toEqual([
      ['a_1', 'b_1'],
      ['a_2', 'b_2'],
      ['a_add', 'b_add'],
    ]);
  });
});

test('a layer that is called twice goes with one that is called twice', () => {
  const twice = (prefix: string, seed: number): Network => {
    const network = dense(prefix, { units: 6, seed });
    const [call] = network.calls;
    if (call === undefined) throw new Error('No call');
    const again = { id: `${call.id}:1`, layer: call.layer, inputs: [{ call: call.id, output: 0 }] };
    return { ...network, calls: [call, again] };
  };
  expect(baseOf(twice('a', 1), twice('b', 1))).toEqual([
    ['a_0', 'b_0'],
    ['a_0:1', 'b_0:1'],
  ]);
  const apart = dense('c', { units: 6, seed: 1 }, { units: 6, seed: 1 });
  expect(baseOf(twice('a', 1), apart)).toEqual([['a_0', 'c_0']]);
});

test('inputs go together by shape and type in their order', () => {
  const network = dense('a', { units: 5, seed: 1 });
  const image = { name: 'image', shape: [null, 8, 8, 1], dtype: 'float32' } as const;
  const a = { ...network, inputs: [image, ...network.inputs] };
  const b = { ...network, inputs: [...network.inputs, { ...image, name: 'picture' }] };
  expect([...matchInputs(a, b)]).toEqual([
    ['image', 'picture'],
    ['a_in', 'a_in'],
  ]);
});
