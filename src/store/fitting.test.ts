import { expect, test } from 'vitest';
import { connect } from '../graph/edits';
import { portKey, selectFitting } from './fitting';
import { createTestStore, denseModel } from './testing';

/** An input of 4 values, a model that takes 4, one that takes 9, an Add with one branch of 4. */
function setup() {
  const store = createTestStore();
  const state = store.getState();
  state.addItem({ kind: 'input' }, null);
  state.addModel(denseModel('four', 4, [2]), null);
  state.addModel(denseModel('nine', 9, [2]), null);
  state.addItem({ kind: 'layer', type: 'Add' }, null);
  state.addItem({ kind: 'output' }, null);
  const [input = '', four = '', nine = '', add = '', output = ''] = Object.keys(
    store.getState().document.nodes,
  );
  state.applyEdit('Shape', document => ({
    ...document,
    nodes: {
      ...document.nodes,
      [input]: Object.assign({}, document.nodes[input], { rowShape: [4] }),
    },
  }));
  return { store, input, four, nine, add, output };
}

test('nothing is judged while no wire is drawn', () => {
  const { store } = setup();
  expect(selectFitting(store.getState()).size).toBe(0);
});

test('a wire from an output fits the inputs that take its shape, and the others say why not', () => {
  const { store, input, four, nine, output } = setup();
  store.getState().setPendingWire({ port: { node: input, port: 'out0' }, end: 'from' });
  const fitting = selectFitting(store.getState());
  expect(fitting.get(portKey({ node: four, port: 'in0' }))).toBeNull();
  expect(fitting.get(portKey({ node: output, port: 'in0' }))).toBeNull();
  expect(fitting.get(portKey({ node: nine, port: 'in0' }))).toBe('nine takes 9, and this is 4.');
  expect(fitting.has(portKey({ node: input, port: 'out0' }))).toBe(false);
});

test('a wire drawn backwards looks for outputs', () => {
  const { store, input, four, nine } = setup();
  store.getState().setPendingWire({ port: { node: nine, port: 'in0' }, end: 'to' });
  const fitting = selectFitting(store.getState());
  expect(fitting.get(portKey({ node: input, port: 'out0' }))).toBe('nine takes 9, and this is 4.');
  expect(fitting.has(portKey({ node: four, port: 'in0' }))).toBe(false);
});

test('a merge judges a branch with those that it has', () => {
  const { store, input, four, add } = setup();
  const { applyEdit, setPendingWire } = store.getState();
  applyEdit('Wire', connect({ node: four, port: 'out0' }, { node: add, port: 'in0' }));
  applyEdit('Wire', connect({ node: input, port: 'out0' }, { node: four, port: 'in0' }));
  setPendingWire({ port: { node: input, port: 'out0' }, end: 'from' });
  expect(selectFitting(store.getState()).get(portKey({ node: add, port: 'in1' }))).toMatch(/equal sizes/);
});
