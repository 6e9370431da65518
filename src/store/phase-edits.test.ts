import { describe, expect, test } from 'vitest';
import { EMPTY_DOCUMENT, type Freeze, type ProjectDocument } from '../graph/document';
import { addNode, inOrder, updateModel } from '../graph/edits';
import { newModelNode } from './new-nodes';
import { addPhase, planFineTuning, removePhase } from './phase-edits';
import { denseModel } from './testing';

const trunk = denseModel('trunk', 4, [4, 4, 4, 4, 4, 2]);
const networks = new Map([[trunk.id, trunk.network]]);

function withTrunk(freeze: Freeze): ProjectDocument {
  const node = newModelNode(EMPTY_DOCUMENT, trunk, { x: 0, y: 0 });
  return inOrder(addNode(node), updateModel(node.id, { freeze }))(EMPTY_DOCUMENT);
}

describe('a fine-tuning phase', () => {
  test('lets the top third of a frozen trunk train, at a tenth of the rate, for half as long', () => {
    const plan = planFineTuning(withTrunk({ kind: 'all' }), networks);
    expect(plan?.phase).toMatchObject({
      name: 'Fine-tuning',
      epochs: 10,
      optimizer: { kind: 'adam', learningRate: 0.0001 },
      // Of six layers the last two.
      freeze: { 'trunk-1': { kind: 'upTo', call: 'dense_3' } },
    });
    expect(plan?.sentence).toBe(
      'Then the top third of trunk trains too, at a tenth of the learning rate: 0.0001.',
    );
  });

  test('freezes less, never more', () => {
    expect(planFineTuning(withTrunk({ kind: 'upTo', call: 'dense_1' }), networks)).toBeNull();
    expect(planFineTuning(withTrunk({ kind: 'none' }), networks)).toBeNull();
    const plan = planFineTuning(withTrunk({ kind: 'upTo', call: 'dense_4' }), networks);
    expect(plan?.phase.freeze).toEqual({ 'trunk-1': { kind: 'upTo', call: 'dense_3' } });
  });

  test('of a trunk of one layer lets all of it train', () => {
    const small = denseModel('small', 4, [2]);
    const document = addNode(newModelNode(EMPTY_DOCUMENT, small, { x: 0, y: 0 }))(EMPTY_DOCUMENT);
    const plan = planFineTuning(document, new Map([[small.id, small.network]]));
    expect(plan?.phase.freeze).toEqual({ 'small-1': { kind: 'none' } });
    expect(plan?.sentence).toContain('all of small trains too');
  });

  test('does not come twice: after it nothing more is to be let go', () => {
    const document = withTrunk({ kind: 'all' });
    const plan = planFineTuning(document, networks);
    if (plan === null) throw new Error('No plan');
    expect(planFineTuning(addPhase(plan.phase)(document), networks)).toBeNull();
  });
});

test('phases go one by one, but the last stays', () => {
  const [first] = EMPTY_DOCUMENT.training.phases;
  const two = addPhase({ ...first, name: 'Second' })(EMPTY_DOCUMENT);
  expect(removePhase(0)(two).training.phases.map(({ name }) => name)).toEqual(['Second']);
  expect(removePhase(0)(EMPTY_DOCUMENT)).toBe(EMPTY_DOCUMENT);
});
