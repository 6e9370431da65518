import { expect, test } from 'vitest';
import { changeSelection, movesOf, sizesOf } from './from-flow';

test('moves are rounded, and end when something is let go', () => {
  const dragging = { type: 'position', id: 'a', position: { x: 1.4, y: 2.6 }, dragging: true } as const;
  expect(movesOf([dragging])).toEqual({ positions: { a: { x: 1, y: 3 } }, ended: false });
  expect(movesOf([{ ...dragging, dragging: false }])?.ended).toBe(true);
  expect(movesOf([{ type: 'select', id: 'a', selected: true }])).toBeNull();
});

test('a selection that stays the same stays the same object', () => {
  const selection = { nodes: ['a'], wires: ['w'] };
  const none = { nodes: [], wires: [] };
  expect(changeSelection(selection, none)).toBe(selection);
  expect(changeSelection(selection, { ...none, nodes: [{ type: 'select', id: 'a', selected: true }] })).toBe(
    selection,
  );
  const nodes = [
    { type: 'select', id: 'a', selected: false },
    { type: 'select', id: 'b', selected: true },
  ] as const;
  expect(changeSelection(selection, { ...none, nodes })).toEqual({ nodes: ['b'], wires: ['w'] });
});

test('sizes are kept by node, and the map stays while nothing is measured anew', () => {
  const measure = (width: number) =>
    [{ type: 'dimensions', id: 'a', dimensions: { width, height: 10 } }] as const;
  const first = sizesOf(new Map(), measure(5));
  expect(first.get('a')).toEqual({ width: 5, height: 10 });
  expect(sizesOf(first, measure(5))).toBe(first);
  expect(sizesOf(first, measure(6)).get('a')?.width).toBe(6);
});
