import { expect, test } from 'vitest';
import { connect, duplicateSharing } from '../graph/edits';
import { pasteFragment, takeFragment } from './fragments';
import { createTestStore, denseModel } from './testing';

function setup() {
  const store = createTestStore();
  store.getState().addItem({ kind: 'input' }, { x: 0, y: 0 });
  store.getState().addModel(denseModel('cnn', 4, [2]), { x: 300, y: 0 });
  const [input = '', cnn = ''] = Object.keys(store.getState().document.nodes);
  const wire = connect({ node: input, port: 'out0' }, { node: cnn, port: 'in0' });
  store.getState().applyEdit('Wire', wire);
  return { store, input, cnn };
}

test('a copy has the wires between its nodes and none to others', () => {
  const { store, input, cnn } = setup();
  const { document } = store.getState();
  expect(takeFragment(document, [cnn]).wires).toEqual([]);
  const { document: after, ids } = pasteFragment(document, takeFragment(document, [input, cnn]), {
    x: 10,
    y: 5,
  });
  expect(ids).toHaveLength(2);
  expect(Object.keys(after.wires)).toHaveLength(2);
  const [copiedInput = '', copiedCnn = ''] = ids;
  expect(Object.values(after.wires).at(-1)).toMatchObject({
    from: { node: copiedInput },
    to: { node: copiedCnn },
  });
  expect(after.nodes[copiedCnn]).toMatchObject({ name: 'cnn 2', position: { x: 310, y: 5 } });
});

test('what shares weights within the copy shares those of the copy', () => {
  const { store, cnn } = setup();
  store.getState().applyEdit('Use again', duplicateSharing(cnn));
  const { document } = store.getState();
  const sharer = Object.keys(document.nodes).at(-1) ?? '';
  const both = pasteFragment(document, takeFragment(document, [cnn, sharer]), { x: 0, y: 0 });
  expect(both.document.nodes[both.ids[1] ?? '']).toMatchObject({ sharesWith: both.ids[0] });
  const alone = pasteFragment(document, takeFragment(document, [sharer]), { x: 0, y: 0 });
  expect(alone.document.nodes[alone.ids[0] ?? '']).toMatchObject({ sharesWith: cnn });
});

test('cut and paste is two steps, pasted nodes are selected', () => {
  const { store, cnn } = setup();
  store.getState().select({ nodes: [cnn] });
  store.getState().cutSelection();
  expect(store.getState().document.nodes[cnn]).toBeUndefined();
  store.getState().paste();
  const { selection, document, past } = store.getState();
  expect(selection.nodes.map(id => document.nodes[id]?.name)).toEqual(['cnn']);
  expect(past.slice(-2).map(step => step.label)).toEqual(['Cut cnn', 'Paste cnn']);
});
