import { expect, test } from 'vitest';
import { changeType, connect, inOrder } from '../graph/edits';
import { createTestStore } from '../store/testing';
import { tidy } from './tidy';

function chain(count: number) {
  const store = createTestStore();
  for (let i = 0; i < count; i++) store.getState().addItem({ kind: 'layer', type: 'Dense' }, { x: 0, y: 0 });
  const ids = Object.keys(store.getState().document.nodes);
  const wire = (from: number, to: number) =>
    store
      .getState()
      .applyEdit(
        'Wire',
        connect({ node: ids[from] ?? '', port: 'out0' }, { node: ids[to] ?? '', port: 'in0' }),
      );
  return { store, ids, wire };
}

test('what feeds stands left of what is fed, and nothing overlaps', () => {
  const { store, ids, wire } = chain(4);
  wire(0, 1);
  wire(0, 2);
  wire(1, 3);
  const places = tidy(store.getState().document, new Map());
  const [a, b, c, d] = ids.map(id => places[id]);
  expect((a?.x ?? 0) < (b?.x ?? 0) && (b?.x ?? 0) < (d?.x ?? 0)).toBe(true);
  expect(b?.x).toBe(c?.x);
  expect(Math.abs((b?.y ?? 0) - (c?.y ?? 0))).toBeGreaterThan(90);
});

test('no node stands on a wire that passes its column', () => {
  const { store, ids, wire } = chain(4);
  // 0 feeds 3 at once, and by way of 1 and 2.
  wire(0, 1);
  wire(1, 2);
  wire(0, 3);
  store
    .getState()
    .applyEdit(
      'Merge',
      inOrder(
        changeType(ids[3] ?? '', 'Concatenate'),
        connect({ node: ids[2] ?? '', port: 'out0' }, { node: ids[3] ?? '', port: 'in1' }),
      ),
    );
  const places = tidy(store.getState().document, new Map());
  const [from, , beside, to] = ids.map(id => places[id]);
  expect((beside?.x ?? 0) < (to?.x ?? 0)).toBe(true);
  expect(Math.abs((beside?.y ?? 0) - (from?.y ?? 0))).toBeGreaterThanOrEqual(45);
});

test('a circle has a layout too', () => {
  const { store, ids, wire } = chain(3);
  wire(0, 1);
  wire(1, 2);
  wire(2, 0);
  expect(Object.keys(tidy(store.getState().document, new Map())).sort()).toEqual([...ids].sort());
});
