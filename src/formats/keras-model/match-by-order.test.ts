import { expect, it } from 'vitest';
import { createNotes } from '../notes';
import { Refusal } from '../refusal';
import { buildNetwork } from './build-network';
import type { NamedWeight } from './named-weight';

/** Dense layers of these sizes, one upon the other. */
function structure(sizes: readonly number[]) {
  const [inputs = 0, ...units] = sizes;
  const layers = units.map((size, i) => ({
    class_name: 'Dense',
    config: { name: `layer_${i}`, units: size, batch_input_shape: i === 0 ? [null, inputs] : null },
  }));
  return {
    modelConfig: { class_name: 'Sequential', config: { name: 'model', layers } },
    kerasVersion: '2.15.0',
  };
}

function named(name: string, shape: readonly number[], value: number): NamedWeight {
  const values = new Float32Array(shape.reduce((size, dim) => size * dim, 1)).fill(value);
  return { name, weight: { shape, dtype: 'float32', values } };
}

/** Under names of layers that the model doesn't have; the bias of the first has the size of the second's input. */
const ofTwo = (inner: number) => [
  named('a/bias', [2], 4),
  named('a/kernel', [inner, 2], 3),
  named('z/bias', [inner], 2),
  named('z/kernel', [3, inner], 1),
];

it('takes from a list what fits one place only, whatever its order', () => {
  const notes = createNotes();
  const network = buildNetwork(structure([3, 4, 2]), { kind: 'list', weights: ofTwo(4) }, notes);
  const first = network.layers.map(({ weights }) => [weights.kernel?.values[0], weights.bias?.values[0]]);
  expect(first).toEqual([
    [1, 2],
    [3, 4],
  ]);
  expect(notes.sentences('repair').join(' ')).toMatch(/4 weights were matched by shape/);
});

it('refuses to guess where several layers have weights of one shape', () => {
  // Both biases are [2]: by the order of the list, those of the two layers would be exchanged.
  const build = () => buildNetwork(structure([3, 2, 2]), { kind: 'list', weights: ofTwo(2) }, createNotes());
  expect(build).toThrow(Refusal);
  expect(build).toThrow(/Nothing tells which of the weights .* belong to which of the layers/);
});

it('goes by the order of HDF5 groups, as Keras does', () => {
  const [bias2, kernel2, bias1, kernel1] = ofTwo(2) as [NamedWeight, NamedWeight, NamedWeight, NamedWeight];
  const groups = [
    { layer: 'x', weights: [kernel1, bias1] },
    { layer: 'y', weights: [kernel2, bias2] },
  ];
  const network = buildNetwork(
    structure([3, 2, 2]),
    { kind: 'groups', groups, backend: null },
    createNotes(),
  );
  expect(network.layers.map(({ weights }) => weights.bias?.values[0])).toEqual([2, 4]);
});
