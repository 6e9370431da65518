import { expect, test } from 'vitest';
import { connect, setParam } from '../graph/edits';
import { selectCompiled } from '../store/selectors';
import type { GraftStore } from '../store/store';
import { createTestStore, denseModel } from '../store/testing';
import { createToFlow, wireFix } from './to-flow';

const sizes = new Map<string, { width: number; height: number }>();

function setup() {
  const store = createTestStore();
  const state = store.getState();
  state.addItem({ kind: 'input' }, { x: 0, y: 0 });
  state.addItem({ kind: 'layer', type: 'Dense' }, { x: 300, y: 0 });
  state.addModel(denseModel('head', 7, [5, 3]), { x: 600, y: 0 });
  const [input = '', dense = '', head = ''] = Object.keys(store.getState().document.nodes);
  state.applyEdit('Wire', connect({ node: input, port: 'out0' }, { node: dense, port: 'in0' }));
  state.applyEdit('Wire', connect({ node: dense, port: 'out0' }, { node: head, port: 'in0' }));
  state.select({});
  const toFlow = createToFlow();
  const draw = () => drawn(store, toFlow);
  return { store, input, dense, head, draw };
}

function drawn(store: GraftStore, toFlow: ReturnType<typeof createToFlow>) {
  const state = store.getState();
  return toFlow({ ...state, compiled: selectCompiled(state), sizes });
}

test('a wire says what flows; one that does not fit says both shapes and offers the smallest fix', () => {
  const { store, draw } = setup();
  const [first, second] = draw().edges;
  expect(first?.data).toMatchObject({ pill: '1', state: 'fits', fix: null });
  expect(second?.data).toMatchObject({ pill: '32 → 7', state: 'wrong' });
  expect(second?.data?.fix).toMatch(/Dense 7/);
  const fix = wireFix(selectCompiled(store.getState()), second?.id ?? '');
  store.getState().applyEdit(fix?.label ?? '', fix?.edit ?? (document => document));
  expect(draw().edges.every(edge => edge.data?.state !== 'wrong')).toBe(true);
});

test('a drag moves one node and leaves all others the same objects', () => {
  const { store, dense, draw } = setup();
  const before = draw();
  store.getState().dragNodes({ [dense]: { x: 333, y: 44 } });
  const after = draw();
  const changed = after.nodes.filter((node, i) => node !== before.nodes[i]);
  expect(changed.map(node => [node.id, node.position])).toEqual([[dense, { x: 333, y: 44 }]]);
  expect(changed[0]?.data.card).toBe(before.nodes.find(node => node.id === dense)?.data.card);
  expect(after.edges.every((edge, i) => edge === before.edges[i])).toBe(true);
});

test('an edit draws only what it changes', () => {
  const { store, input, dense, head, draw } = setup();
  const before = draw();
  store.getState().applyEdit('Set units', setParam(dense, 'units', 7));
  const after = draw();
  const card = (flow: typeof before, id: string) => flow.nodes.find(node => node.id === id)?.data.card;
  expect(card(after, input)).toBe(card(before, input));
  expect(card(after, head)).toBe(card(before, head));
  expect(card(after, dense)?.subtitle).toBe('7');
});

test('a wire takes the colour of its selected end', () => {
  const { store, head, draw } = setup();
  store.getState().select({ nodes: [head] });
  expect(draw().edges.map(edge => edge.data?.tone)).toEqual([null, 'model']);
});

test('what is deleted is forgotten', () => {
  const { store, draw } = setup();
  draw();
  store.getState().newProject();
  expect(draw()).toEqual({ nodes: [], edges: [] });
});
