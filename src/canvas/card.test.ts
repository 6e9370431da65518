import { expect, test } from 'vitest';
import { connect, updateModel } from '../graph/edits';
import { selectCompiled, selectNodeProblems } from '../store/selectors';
import type { GraftStore } from '../store/store';
import { createTestStore, denseModel } from '../store/testing';
import { describeCard } from './card';

function cardOf(store: GraftStore, id: string) {
  const state = store.getState();
  const node = state.document.nodes[id];
  if (node === undefined) throw new Error(`no node ${id}`);
  return describeCard({
    node,
    document: state.document,
    facts: selectCompiled(state).nodes.get(id),
    problems: selectNodeProblems(state, id),
    model: node.kind === 'model' ? state.models[node.model] : undefined,
  });
}

function withModel(sizes: readonly number[]) {
  const store = createTestStore();
  store.getState().addModel(denseModel('cnn', 4, sizes), null);
  return { store, id: Object.keys(store.getState().document.nodes)[0] ?? '' };
}

test('a model says who wrote it, how many layers it has, and that it is frozen', () => {
  const { store, id } = withModel([8, 3]);
  const card = cardOf(store, id);
  expect(card).toMatchObject({ name: 'cnn', subtitle: 'Keras 3 · 2 layers', chip: { frozen: true } });
  expect(card.rows.map(row => [row.label, row.value])).toContainEqual(['parameters', '67']);
  expect(card.spinePorts).toMatchObject({ input: { id: 'in0' }, output: { id: 'out0' } });
});

test('what trains is counted on the chip', () => {
  const { store, id } = withModel([8, 3]);
  store.getState().applyEdit('Train', updateModel(id, { freeze: { kind: 'none' } }));
  expect(cardOf(store, id).chip).toEqual({ frozen: false, text: 'trains 67' });
});

test('a cut is strong on the spine, and what comes after it is off', () => {
  const { store, id } = withModel([8, 5, 3]);
  store.getState().applyEdit('Cut', updateModel(id, { end: 'dense_1' }));
  const card = cardOf(store, id);
  expect(card.spine).toEqual(['used', 'cut', 'off']);
  expect(card.rows[0]).toMatchObject({ label: 'cut after', value: 'dense_1' });
});

test('the spine of a deep model has twenty bars and still shows its cut', () => {
  const { store, id } = withModel(Array.from({ length: 77 }, () => 2));
  store.getState().applyEdit('Cut', updateModel(id, { end: 'dense_40' }));
  const { spine } = cardOf(store, id);
  expect(spine).toHaveLength(20);
  expect(spine?.filter(bar => bar === 'cut')).toHaveLength(1);
  expect(spine?.at(-1)).toBe('off');
});

test('a tap is a port of its own with its name', () => {
  const { store, id } = withModel([8, 3]);
  store.getState().applyEdit('Tap', updateModel(id, { taps: ['dense_0'] }));
  const outputs = cardOf(store, id).rows.flatMap(row => (row.output === null ? [] : [row.output.id]));
  expect(outputs).toEqual(['out0', 'tap:dense_0']);
});

test('a merge names its branches and keeps a port free', () => {
  const { store, id } = withModel([8]);
  store.getState().addItem({ kind: 'layer', type: 'Add' }, null);
  const add = Object.keys(store.getState().document.nodes)[1] ?? '';
  for (const port of ['in0', 'in1']) {
    store.getState().applyEdit('Wire', connect({ node: id, port: 'out0' }, { node: add, port }));
  }
  const rows = cardOf(store, add).rows;
  expect(rows.map(row => [row.label, row.input?.id, row.faint])).toEqual([
    ['cnn', 'in0', false],
    ['cnn', 'in1', false],
    ['branch 3', 'in2', true],
  ]);
  expect(rows[2]?.input?.optional).toBe(true);
});

test('a node whose model is missing keeps its ports and says what to do', () => {
  const { store, id } = withModel([8]);
  store.setState({ models: {} });
  const card = cardOf(store, id);
  expect(card.spine).toBeNull();
  expect(card.spinePorts).toMatchObject({ input: { id: 'in0' }, output: { id: 'out0' } });
  expect(card.problem).toMatchObject({ wrong: true });
});
