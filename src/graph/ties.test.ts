import { expect, test } from 'vitest';
import { EMPTY_DOCUMENT, type ModelNode, type ProjectDocument, type TiedLayer } from './document';
import { removeNodes } from './edits';
import { setTieStart, tieLayers, tieOf, untieLayers } from './ties';

function model(id: string, sharesWith: string | null = null): ModelNode {
  return {
    kind: 'model',
    id,
    name: id,
    position: { x: 0, y: 0 },
    model: 'm',
    start: null,
    end: null,
    taps: [],
    linearEnd: false,
    freeze: { kind: 'none' },
    sharesWith,
  };
}

function documentOf(...nodes: readonly ModelNode[]): ProjectDocument {
  return { ...EMPTY_DOCUMENT, nodes: Object.fromEntries(nodes.map(node => [node.id, node])) };
}

const at = (node: string, layer: string): TiedLayer => ({ node, layer });
const average = { kind: 'average' } as const;
const three = documentOf(model('a'), model('b'), model('c'));
const tied = tieLayers(
  [
    [at('a', 'x'), at('b', 'x1')],
    [at('a', 'y'), at('b', 'y1')],
  ],
  { kind: 'of', node: 'a' },
)(three);

test('a third model joins the tie of a layer', () => {
  const all = tieLayers([[at('b', 'x1'), at('c', 'x2')]], average)(tied);
  expect(tieOf(all, at('a', 'x'))).toEqual({
    layers: [at('b', 'x1'), at('c', 'x2'), at('a', 'x')],
    start: average,
  });
  expect(all.ties).toHaveLength(2);
});

test('a layer that is tied to another one of the same model leaves the first', () => {
  const moved = tieLayers([[at('a', 'x'), at('b', 'y1')]], average)(tied);
  expect(moved.ties).toEqual([{ layers: [at('a', 'x'), at('b', 'y1')], start: average }]);
});

test('what starts the weights can be changed, and a tie be undone', () => {
  const other = setTieStart([at('b', 'x1')], { kind: 'of', node: 'b' })(tied);
  expect(tieOf(other, at('a', 'x'))?.start).toEqual({ kind: 'of', node: 'b' });
  expect(tieOf(other, at('a', 'y'))?.start).toEqual({ kind: 'of', node: 'a' });
  const untied = untieLayers([at('a', 'x')])(tied);
  expect(untied.ties).toEqual([tied.ties[1]]);
  expect(untieLayers([at('a', 'nothing')])(tied)).toBe(tied);
});

test('a model that goes takes its ties along, unless another node has its weights now', () => {
  expect(removeNodes(['b'])(tied).ties).toEqual([]);
  expect(removeNodes(['c'])(tied).ties).toBe(tied.ties);
  const shared = { ...tied, nodes: { ...tied.nodes, a2: model('a2', 'a') } };
  expect(removeNodes(['a'])(shared).ties.map(({ layers, start }) => [layers[0], start])).toEqual([
    [at('a2', 'x'), { kind: 'of', node: 'a2' }],
    [at('a2', 'y'), { kind: 'of', node: 'a2' }],
  ]);
});

test('where the start is gone and others are left, they start from their average', () => {
  const all = tieLayers([[at('a', 'x'), at('c', 'x2')]], { kind: 'of', node: 'a' })(tied);
  expect(tieOf(removeNodes(['a'])(all), at('b', 'x1'))).toEqual({
    layers: [at('c', 'x2'), at('b', 'x1')],
    start: average,
  });
});
