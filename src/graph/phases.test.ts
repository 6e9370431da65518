import { expect, it } from 'vitest';
import { EMPTY_DOCUMENT, type GraphNode, type ProjectDocument } from './document';
import { removeNodes, updatePhase } from './edits';
import { makeLoss } from './objectives';
import { documentInPhase } from './phases';
import { DEFAULT_EARLY_STOPPING, DEFAULT_PHASE, makeSchedule, VALIDATION_LOSS } from './training-settings';

const common = { position: { x: 0, y: 0 } };
const trunk: GraphNode = {
  ...common,
  kind: 'model',
  id: 'trunk',
  name: 'trunk',
  model: 'abc',
  start: null,
  end: null,
  taps: [],
  linearEnd: false,
  freeze: { kind: 'all' },
  sharesWith: null,
};
const head: GraphNode = {
  ...common,
  kind: 'layer',
  id: 'head',
  name: 'head',
  type: 'Dense',
  config: {},
  trainable: true,
};
const output: GraphNode = {
  ...common,
  kind: 'output',
  id: 'y',
  name: 'y',
  column: null,
  loss: makeLoss('mean_squared_error'),
  lossWeight: 1,
  metrics: [],
  classWeights: null,
};

const ofOutput = { rows: 'validation', output: 'y', value: 'loss' } as const;
const plateau = makeSchedule('plateau');
const recipe: ProjectDocument = {
  ...EMPTY_DOCUMENT,
  nodes: { trunk, head, y: output },
  training: {
    ...EMPTY_DOCUMENT.training,
    phases: [
      { ...DEFAULT_PHASE, name: 'Head first' },
      {
        ...DEFAULT_PHASE,
        name: 'Top of the trunk',
        schedule: plateau.kind === 'plateau' ? { ...plateau, monitor: ofOutput } : plateau,
        freeze: { trunk: { kind: 'upTo', call: 'conv' } },
        trainable: { head: false },
      },
    ],
    earlyStopping: { ...DEFAULT_EARLY_STOPPING, monitor: ofOutput },
  },
};

it('a phase trains the document as it is but for what it says itself', () => {
  const [first, second] = recipe.training.phases;
  if (second === undefined) throw new Error('One phase only');
  expect(documentInPhase(recipe, first).nodes).toEqual(recipe.nodes);
  expect(documentInPhase(recipe, second).nodes).toEqual({
    trunk: { ...trunk, freeze: { kind: 'upTo', call: 'conv' } },
    head: { ...head, trainable: false },
    y: output,
  });
});

it('nodes that are removed are forgotten by phases and by what is watched, the rest stays the same object', () => {
  const without = removeNodes(['trunk', 'y'])(recipe).training;
  expect(without.phases[1]).toMatchObject({
    freeze: {},
    trainable: { head: false },
    schedule: { kind: 'plateau', monitor: VALIDATION_LOSS },
  });
  expect(without.phases[0]).toBe(recipe.training.phases[0]);
  expect(without.earlyStopping).toEqual({ ...DEFAULT_EARLY_STOPPING, monitor: VALIDATION_LOSS });
  const unrelated = { ...recipe, nodes: { ...recipe.nodes, other: { ...head, id: 'other' } } };
  expect(removeNodes(['other'])(unrelated).training).toBe(recipe.training);
});

it('one phase is changed without the others', () => {
  const { phases } = updatePhase(1, { epochs: 7 })(recipe).training;
  expect(phases.map(({ epochs }) => epochs)).toEqual([DEFAULT_PHASE.epochs, 7]);
  expect(phases[0]).toBe(recipe.training.phases[0]);
});
