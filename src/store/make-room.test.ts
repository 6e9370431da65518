import { expect, test } from 'vitest';
import { connect, insertOnWire } from '../graph/edits';
import { createTestStore } from './testing';

/** Two layers at 0 and 200, wired, and one more at 900. */
function setup() {
  const store = createTestStore();
  for (const x of [0, 200, 900]) store.getState().addItem({ kind: 'layer', type: 'Dense' }, { x, y: 0 });
  const [a = '', b = '', c = ''] = Object.keys(store.getState().document.nodes);
  store.getState().applyEdit('Wire', connect({ node: a, port: 'out0' }, { node: b, port: 'in0' }));
  const xs = () => Object.values(store.getState().document.nodes).map(node => node.position.x);
  return { store, a, b, c, xs };
}

test('what is put between two nodes moves what stands right of it', () => {
  const { store, xs } = setup();
  const layers = [{ type: 'Dense', config: {} }];
  store.getState().applyEdit('Adapt', insertOnWire('wire-1', layers));
  const [a = 0, b = 0, c = 0, added = 0] = xs();
  expect(a).toBe(0);
  expect(added - a).toBeGreaterThan(150);
  expect(b - added).toBeGreaterThan(150);
  expect(c - b).toBe(700);
});

test('two adapters in a row both get their place', () => {
  const { store, xs } = setup();
  const layers = [
    { type: 'Flatten', config: {} },
    { type: 'Dense', config: {} },
  ];
  store.getState().applyEdit('Adapt', insertOnWire('wire-1', layers));
  const [a = 0, b = 0, , first = 0, second = 0] = xs();
  expect([first - a, second - first, b - second].every(distance => distance > 150)).toBe(true);
});

test('where there is room, and where nothing is inserted, nothing moves', () => {
  const { store, b, c, xs } = setup();
  store.getState().applyEdit('Wire', connect({ node: b, port: 'out0' }, { node: c, port: 'in0' }));
  const before = xs();
  store.getState().applyEdit('Adapt', insertOnWire('wire-2', [{ type: 'Dense', config: {} }]));
  expect(xs().slice(0, 3)).toEqual(before);
  store.getState().addItem({ kind: 'layer', type: 'Dense' }, { x: 10, y: 10 });
  expect(xs().slice(0, 3)).toEqual(before);
});

test('a pasted part keeps its arrangement', () => {
  const { store, a, b, xs } = setup();
  store.getState().select({ nodes: [a, b] });
  store.getState().duplicateSelection();
  expect(xs()).toEqual([0, 200, 900, 32, 232]);
});
