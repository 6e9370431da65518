import { expect, it } from 'vitest';
import { createNotes } from '../notes';
import { Refusal } from '../refusal';
import { buildNetwork } from './build-network';
import type { NamedWeight, WeightSource } from './named-weight';

function structure(className: string, units: number, features: number, more = {}) {
  const config = { name: 'memory', units, batch_input_shape: [null, 4, features], ...more };
  return {
    modelConfig: {
      class_name: 'Sequential',
      config: { name: 'model', layers: [{ class_name: className, config }] },
    },
    kerasVersion: '2.2.4',
  };
}

/** Named as Keras 2 names them; the values of each weight count up from 0. */
function counting(shapes: readonly (readonly number[])[]): readonly NamedWeight[] {
  return shapes.map((shape, i) => {
    const values = Float32Array.from({ length: shape.reduce((size, dim) => size * dim, 1) }, (_, n) => n);
    const name = `memory/${['kernel', 'recurrent_kernel', 'bias'][i]}:0`;
    return { name, weight: { shape, dtype: 'float32', values } };
  });
}

const inList = (weights: readonly NamedWeight[]): WeightSource => ({ kind: 'list', weights });
const inGroup = (weights: readonly NamedWeight[]): WeightSource => ({
  kind: 'groups',
  groups: [{ layer: 'memory', weights }],
  backend: null,
});

it.each([
  ['a list', inList],
  ['HDF5 groups', inGroup],
])('turns the kernels of each gate and adds the biases of CuDNNLSTM, from %s', (_, source) => {
  const notes = createNotes();
  const weights = counting([[3, 8], [2, 8], [16]]);
  const { layers } = buildNetwork(structure('CuDNNLSTM', 2, 3), source(weights), notes);
  expect(layers[0]?.type).toBe('LSTM');
  expect(layers[0]?.config).toMatchObject({ recurrent_activation: 'sigmoid', use_bias: true });
  const { kernel, recurrent_kernel, bias } = layers[0]?.weights ?? {};
  // The first gate was [[0, 1], [8, 9], [16, 17]]: its numbers, read row by row, now go down the columns.
  const firstGate = [0, 8, 16].map(row => [...(kernel?.values.slice(row, row + 2) ?? [])]);
  expect(firstGate).toEqual([
    [0, 9],
    [1, 16],
    [8, 17],
  ]);
  expect([...(recurrent_kernel?.values ?? [])]).toEqual([
    0, 8, 2, 10, 4, 12, 6, 14, 1, 9, 3, 11, 5, 13, 7, 15,
  ]);
  expect(bias?.shape).toEqual([8]);
  expect([...(bias?.values ?? [])]).toEqual([8, 10, 12, 14, 16, 18, 20, 22]);
  expect(notes.sentences('repair').join(' ')).toMatch(/'memory' were those of CuDNNLSTM/);
});

it('gives CuDNNGRU its two biases, with reset_after', () => {
  const weights = counting([[3, 6], [2, 6], [12]]);
  const { layers } = buildNetwork(structure('CuDNNGRU', 2, 3), inGroup(weights), createNotes());
  expect(layers[0]?.type).toBe('GRU');
  expect(layers[0]?.config).toMatchObject({ recurrent_activation: 'sigmoid', reset_after: true });
  expect(layers[0]?.weights.bias).toMatchObject({ shape: [2, 6], values: weights[2]?.weight.values });
});

it('takes the weights of a CuDNNLSTM into an LSTM, and leaves those of an LSTM alone', () => {
  const kernels = [
    [3, 8],
    [2, 8],
  ];
  const read = (bias: number) => {
    const [layer] = buildNetwork(
      structure('LSTM', 2, 3),
      inGroup(counting([...kernels, [bias]])),
      createNotes(),
    ).layers;
    return layer?.weights;
  };
  expect(read(16)?.bias?.values[0]).toBe(8);
  expect(read(16)?.kernel?.values[1]).toBe(9);
  expect(read(8)?.bias?.values[0]).toBe(0);
  expect(read(8)?.kernel?.values[1]).toBe(1);
});

it.each([
  ['a bias of neither kind', 'CuDNNLSTM', {}, [[3, 8], [2, 8], [12]], /‘bias’ .*\[8\] and has \[12\]/],
  [
    'a kernel for other inputs',
    'CuDNNLSTM',
    {},
    [[4, 8], [2, 8], [16]],
    /‘kernel’ .*\[3, 8\] and has \[4, 8\]/,
  ],
  [
    'a GRU that keeps no second bias',
    'GRU',
    { reset_after: false },
    [[3, 6], [2, 6], [12]],
    /\[6\] and has \[12\]/,
  ],
])('refuses %s', (_, className, more, shapes, reason) => {
  const build = () =>
    buildNetwork(structure(className, 2, 3, more), inGroup(counting(shapes)), createNotes());
  expect(build).toThrow(Refusal);
  expect(build).toThrow(reason);
});
