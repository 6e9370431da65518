import { expect, test } from 'vitest';
import { EMPTY_DOCUMENT, type GraphNode, type ProjectDocument } from './document';
import { addNode, connect, inOrder, removeNodes, removeWires } from './edits';

const at = { x: 0, y: 0 };

function input(id: string): GraphNode {
  return { kind: 'input', id, name: id, position: at, rowShape: [2], dtype: 'float32', column: null };
}

/** Inputs a, b, …, each wired to the merge in this order; the wires are `wire-1`, `wire-2`, … */
function merged(type: string, ...sources: readonly string[]): ProjectDocument {
  const merge: GraphNode = {
    kind: 'layer',
    id: 'm',
    name: 'm',
    position: at,
    type,
    config: {},
    trainable: true,
  };
  const wires = sources.map((id, index) =>
    connect({ node: id, port: 'out0' }, { node: 'm', port: `in${index}` }),
  );
  return inOrder(addNode(merge), ...sources.map(id => addNode(input(id))), ...wires)(EMPTY_DOCUMENT);
}

function branches({ wires }: ProjectDocument): readonly string[] {
  return Object.values(wires).map(({ from, to }) => `${from.node} ${to.port}`);
}

test('the branches of a merge of any number move up when one goes', () => {
  const document = merged('Concatenate', 'a', 'b', 'c');
  expect(branches(removeWires(['wire-1'])(document))).toEqual(['b in0', 'c in1']);
  expect(branches(removeNodes(['b'])(document))).toEqual(['a in0', 'c in1']);
});

test('what is taken away in Subtract stays what is taken away', () => {
  const left = removeNodes(['a'])(merged('Subtract', 'a', 'b'));
  expect(branches(left)).toEqual(['b in1']);
  const again = inOrder(
    addNode(input('c')),
    connect({ node: 'c', port: 'out0' }, { node: 'm', port: 'in0' }),
  )(left);
  expect(branches(again)).toEqual(['b in1', 'c in0']);
});
