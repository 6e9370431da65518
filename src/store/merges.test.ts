import { expect, test } from 'vitest';
import { connect } from '../graph/edits';
import { branchesOf, changeMerge, otherMerges } from './merges';
import { selectCompiled } from './selectors';
import { createTestStore, denseModel } from './testing';

/** Models that give 6 and 3, put side by side and led to an output. */
function setup() {
  const store = createTestStore();
  const state = store.getState();
  state.addItem({ kind: 'input' }, null);
  state.addModel(denseModel('six', 1, [6]), null);
  state.addModel(denseModel('three', 1, [3]), null);
  state.addItem({ kind: 'layer', type: 'Concatenate' }, null);
  const [input = '', six = '', three = '', merge = ''] = Object.keys(store.getState().document.nodes);
  const out = (node: string) => ({ node, port: 'out0' });
  state.applyEdit('Wire', connect(out(input), { node: six, port: 'in0' }));
  state.applyEdit('Wire', connect(out(input), { node: three, port: 'in0' }));
  state.applyEdit('Wire', connect(out(six), { node: merge, port: 'in0' }));
  state.applyEdit('Wire', connect(out(three), { node: merge, port: 'in1' }));
  return { store, merge };
}

test('the branches are named with what they give', () => {
  const { store, merge } = setup();
  const { document } = store.getState();
  const branches = branchesOf(document, selectCompiled(store.getState()), merge);
  expect(branches.map(branch => [branch.source.name, branch.shape])).toEqual([
    ['six', [null, 6]],
    ['three', [null, 3]],
  ]);
});

test('the other merges say what is in the way', () => {
  const { store, merge } = setup();
  const node = store.getState().document.nodes[merge];
  if (node?.kind !== 'layer') throw new Error('no merge');
  const branches = branchesOf(store.getState().document, selectCompiled(store.getState()), merge);
  const others = otherMerges(node, branches);
  expect(others.map(other => other.type)).not.toContain('Concatenate');
  expect(others.find(other => other.type === 'Add')?.problem).toMatch(/equal sizes/);
});

test('turning a merge into one that does not fit adapts its branches, in one step', () => {
  const { store, merge } = setup();
  const { applyEdit, models, past } = store.getState();
  applyEdit('To Add', changeMerge(merge, 'Add', models));
  expect(store.getState().past).toHaveLength(past.length + 1);
  const compiled = selectCompiled(store.getState());
  const onWires = compiled.diagnostics.filter(({ subject }) => subject.kind === 'wire');
  expect(onWires.filter(({ severity }) => severity !== 'hint')).toEqual([]);
  expect(compiled.nodes.get(merge)?.outputs[0]?.shape).not.toBeNull();
});
