import { expect, test } from 'vitest';
import { freePlace, parseItem } from './new-items';
import { createTestStore, denseModel } from './testing';

test('a drag that comes from elsewhere is no item', () => {
  for (const text of ['', 'null', '{', '[]', '{"kind":"layer"}', '{"kind":"bomb","type":"x"}']) {
    expect(parseItem(text)).toBeNull();
  }
  expect(parseItem('{"kind":"layer","type":"Add","more":1}')).toEqual({ kind: 'layer', type: 'Add' });
});

test('what is clicked one after the other lies side by side', () => {
  const store = createTestStore();
  for (let i = 0; i < 8; i++) store.getState().addItem({ kind: 'layer', type: 'Dense' }, null);
  const places = Object.values(store.getState().document.nodes).map(node => node.position);
  for (const [i, a] of places.entries()) {
    for (const b of places.slice(i + 1)) {
      expect(Math.abs(a.x - b.x) >= 200 || Math.abs(a.y - b.y) >= 100).toBe(true);
    }
  }
  expect(freePlace(store.getState().document, { x: 5000, y: 0 })).toEqual({ x: 5000, y: 0 });
});

test('the same model once more has another name and its own place', () => {
  const store = createTestStore();
  const model = denseModel('cnn', 4, [2]);
  store.getState().addModel(model, { x: 0, y: 0 });
  store.getState().addItem({ kind: 'model', model: model.id }, null);
  expect(Object.values(store.getState().document.nodes).map(node => node.name)).toEqual(['cnn', 'cnn 2']);
});

test('an item whose model is gone adds nothing', () => {
  const store = createTestStore();
  store.getState().addItem({ kind: 'model', model: 'nowhere' }, null);
  expect(store.getState().past).toEqual([]);
});
