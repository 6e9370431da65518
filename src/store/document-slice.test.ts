import { expect, test } from 'vitest';
import { connect, removeNodes } from '../graph/edits';
import { selectCompiled } from './selectors';
import { createTestStore, denseModel } from './testing';

const file = { path: 'cnn/model.json', blob: new Blob([new Uint8Array()]) };

test('a model appears where it was dropped, selected, as one step, with its report', async () => {
  const model = denseModel('cnn', 4, [3, 2]);
  const store = createTestStore({ read: async () => [{ kind: 'model', model }] });
  await store.getState().importFiles([file], { x: 10, y: 20 });
  const state = store.getState();
  const [node] = Object.values(state.document.nodes);
  expect(node).toMatchObject({
    kind: 'model',
    name: 'cnn',
    position: { x: 10, y: 20 },
    freeze: { kind: 'all' },
  });
  expect(state.selection.nodes).toEqual([node?.id]);
  expect(state.past.map(step => step.label)).toEqual(['Add cnn']);
  expect(state.reports.map(shown => shown.name)).toEqual(['cnn']);
  expect(state.imports).toEqual([]);
});

test('files that are dropped on the same place don’t cover each other', async () => {
  const models = ['cnn', 'lstm'].map(name => denseModel(name, 4, [3, 2]));
  const store = createTestStore({ read: async () => models.map(model => ({ kind: 'model', model })) });
  await store.getState().importFiles([file], { x: 10, y: 20 });
  await store.getState().importFiles([file], { x: 10, y: 20 });
  const places = Object.values(store.getState().document.nodes).map(({ position }) => position);
  expect(places[0]).toEqual({ x: 10, y: 20 });
  for (const [i, a] of places.entries()) {
    for (const b of places.slice(i + 1)) {
      expect(Math.abs(a.x - b.x) >= 236 || Math.abs(a.y - b.y) >= 164).toBe(true);
    }
  }
  expect(store.getState().reveal?.nodes).toHaveLength(2);
});

test('a model that is used again has its own name and place, and is selected', async () => {
  const model = denseModel('cnn', 4, [3, 2]);
  const store = createTestStore({ read: async () => [{ kind: 'model', model }] });
  await store.getState().importFiles([file], { x: 10, y: 20 });
  const [first] = Object.keys(store.getState().document.nodes);
  store.getState().addSharing(first ?? '');
  const { document, selection, past } = store.getState();
  const again = document.nodes[selection.nodes[0] ?? ''];
  expect(again).toMatchObject({ name: 'cnn 2', sharesWith: first });
  expect(again?.position).not.toEqual({ x: 10, y: 20 });
  expect(past.map(step => step.label)).toEqual(['Add cnn', 'Use cnn again']);
});

test('nothing stays selected that was deleted or undone', async () => {
  const models = ['cnn', 'lstm'].map(name => denseModel(name, 4, [3, 2]));
  const store = createTestStore({ read: async () => models.map(model => ({ kind: 'model', model })) });
  await store.getState().importFiles([file], null);
  const ids = Object.keys(store.getState().document.nodes);
  store.getState().select({ nodes: ids });
  store.getState().undo();
  expect(store.getState().selection.nodes).toEqual(ids.slice(0, 1));
  store.getState().applyEdit('Delete', removeNodes(ids));
  expect(store.getState().selection.nodes).toEqual([]);
});

test('undo takes the node back and keeps the model for the palette', async () => {
  const store = createTestStore({ read: async () => [{ kind: 'model', model: denseModel('cnn', 4, [2]) }] });
  await store.getState().importFiles([file], null);
  store.getState().undo();
  expect(store.getState().document.nodes).toEqual({});
  expect(Object.keys(store.getState().models)).toHaveLength(1);
});

test('a drag is in the session until it is let go, and then one step', () => {
  const store = createTestStore();
  store.getState().addItem({ kind: 'input' }, { x: 0, y: 0 });
  const [id] = Object.keys(store.getState().document.nodes);
  if (id === undefined) throw new Error('no node');
  const before = store.getState().document;
  for (const x of [5, 10, 15]) store.getState().dragNodes({ [id]: { x, y: 0 } });
  expect(store.getState().document).toBe(before);
  store.getState().dropNodes();
  expect(store.getState().document.nodes[id]?.position).toEqual({ x: 15, y: 0 });
  expect(store.getState().past.map(step => step.label)).toEqual(['Add input', 'Move']);
  expect(store.getState().drag).toBeNull();
});

test('moving compiles nothing anew, wiring does', () => {
  const store = createTestStore();
  store.getState().addItem({ kind: 'input' }, { x: 0, y: 0 });
  store.getState().addItem({ kind: 'layer', type: 'Dense' }, { x: 300, y: 0 });
  const [input, dense] = Object.keys(store.getState().document.nodes);
  if (input === undefined || dense === undefined) throw new Error('no nodes');
  const compiled = selectCompiled(store.getState());
  store.getState().dragNodes({ [dense]: { x: 400, y: 50 } });
  store.getState().dropNodes();
  expect(selectCompiled(store.getState())).toBe(compiled);
  store.getState().applyEdit('Wire', connect({ node: input, port: 'out0' }, { node: dense, port: 'in0' }));
  expect(selectCompiled(store.getState())).not.toBe(compiled);
  expect(selectCompiled(store.getState()).nodes.get(dense)?.outputs[0]?.shape).toEqual([null, 32]);
});

test('another project has a history of its own', () => {
  const store = createTestStore();
  store.getState().addItem({ kind: 'input' }, null);
  const { projectId } = store.getState();
  store.getState().newProject();
  const state = store.getState();
  expect(state.projectId).not.toBe(projectId);
  expect([state.past, state.future, state.selection.nodes]).toEqual([[], [], []]);
});
