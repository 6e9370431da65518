import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { kindsOf, makeSettings } from '../graph/options';
import { type Clipping, OPTIMIZERS, type OptimizerSettings } from '../graph/training-settings';
import { clipGradients } from './clipping';
import { flat, type Nested, readGolden, worstDifference } from './goldens/read-golden';
import { createOptimizer, type NamedVariable, type Optimizer } from './optimizers';
import { learningRateAt, type TimedSchedule } from './schedules';

interface Golden {
  readonly start: Readonly<Record<string, Nested>>;
  /** For each weight and step: what is added to half the weight to make its gradient. */
  readonly noise: Readonly<Record<string, readonly Nested[]>>;
  readonly cases: readonly Case[];
}

interface Case {
  /** What isn't said has its default. */
  readonly optimizer: Pick<OptimizerSettings, 'kind' | 'learningRate'>;
  readonly clipping: Clipping | null;
  readonly schedule?: TimedSchedule;
  readonly stepsPerEpoch?: number;
  /** All values of all weights after each step. */
  readonly path: readonly (readonly number[])[];
}

const GOLDEN = readGolden<Golden>('optimizers');
const STEPS = 10;
/** Relative; below 0.1 absolute. */
const TOLERANCE = 1e-4;
const FLOOR = 0.1;

beforeAll(() => tf.setBackend('cpu'));

// The options of a case are those of its kind.
const settingsOf = (given: Case['optimizer']) =>
  ({ ...makeSettings(OPTIMIZERS, given.kind), ...given }) as OptimizerSettings;

function startVariables(): NamedVariable[] {
  return Object.entries(GOLDEN.start).map(([name, values]) => ({
    name,
    variable: tf.tidy(() => tf.variable(tf.tensor(values as tf.TensorLike))),
  }));
}

function gradientsOf(variables: readonly NamedVariable[], step: number): tf.Tensor[] {
  return variables.map(({ name, variable }) =>
    tf.add(tf.mul(variable, 0.5), tf.tensor(GOLDEN.noise[name]?.[step] as tf.TensorLike)),
  );
}

const valuesOf = (variables: readonly NamedVariable[]) =>
  variables.flatMap(({ variable }) => [...variable.dataSync()]);

function makeStep(
  { clipping, schedule, stepsPerEpoch = 1 }: Omit<Case, 'path' | 'optimizer'>,
  optimizer: Optimizer,
  learningRate: number,
  variables: readonly NamedVariable[],
  step: number,
): void {
  const rate =
    schedule === undefined
      ? learningRate
      : learningRateAt(schedule, learningRate, step / stepsPerEpoch, STEPS);
  tf.tidy(() =>
    optimizer.applyGradients(variables, clipGradients(clipping, gradientsOf(variables, step)), rate),
  );
}

const dispose = (variables: readonly NamedVariable[]) =>
  tf.dispose(variables.map(({ variable }) => variable));

describe('ten steps as real Keras makes them', () => {
  it('covers every optimiser and every way to clip', () => {
    const { cases } = GOLDEN;
    expect(new Set(cases.map(({ optimizer }) => optimizer.kind))).toEqual(new Set(kindsOf(OPTIMIZERS)));
    expect(new Set(cases.map(({ clipping }) => clipping?.kind))).toEqual(
      new Set([undefined, 'value', 'norm', 'globalNorm']),
    );
  });

  it.each(
    GOLDEN.cases.map(item => [JSON.stringify([item.optimizer, item.clipping, item.schedule]), item] as const),
  )('%s', (_, item) => {
    const settings = settingsOf(item.optimizer);
    const optimizer = createOptimizer(settings);
    const variables = startVariables();
    for (const [step, wanted] of item.path.entries()) {
      makeStep(item, optimizer, settings.learningRate, variables, step);
      expect(worstDifference(valuesOf(variables), wanted, FLOOR), `step ${step + 1}`).toBeLessThan(TOLERANCE);
    }
    optimizer.dispose();
    dispose(variables);
  });
});

/** Every option that adds slots. */
const GREEDY: readonly OptimizerSettings[] = [
  ...kindsOf(OPTIMIZERS).map(kind => ({ ...makeSettings(OPTIMIZERS, kind), weightDecay: 0.01 })),
  makeSettings(OPTIMIZERS, 'sgd', { momentum: 0.9, nesterov: true }),
  makeSettings(OPTIMIZERS, 'rmsprop', { momentum: 0.9, centered: true }),
  makeSettings(OPTIMIZERS, 'adam', { amsgrad: true }),
];

const plainStep = (optimizer: Optimizer, variables: readonly NamedVariable[], step: number) =>
  makeStep({ clipping: { kind: 'globalNorm', limit: 1 } }, optimizer, 0.02, variables, step);

describe.each(GREEDY.map(settings => [JSON.stringify(settings), settings] as const))('%s', (_, settings) => {
  it('keeps as many tensors from step to step, and none after it is disposed', () => {
    const before = tf.memory().numTensors;
    const variables = startVariables();
    const optimizer = createOptimizer(settings);
    plainStep(optimizer, variables, 0);
    const first = tf.memory().numTensors;
    for (let step = 1; step < STEPS; step++) plainStep(optimizer, variables, step);
    expect(tf.memory().numTensors).toBe(first);
    optimizer.dispose();
    dispose(variables);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('goes on from what was saved with the very same steps, though its weights stand in another order', async () => {
    const variables = startVariables();
    const one = createOptimizer(settings);
    for (let step = 0; step < 4; step++) plainStep(one, variables, step);
    // Through a message, as between two workers.
    const saved = structuredClone(await one.save());
    expect(saved).toMatchObject({ kind: settings.kind, steps: 4 });
    const copies = variables.map(({ name, variable }) => ({
      name,
      variable: tf.tidy(() => tf.variable(variable.clone())),
    }));
    const other = createOptimizer(settings);
    other.restore(saved);
    copies.reverse();
    for (let step = 4; step < STEPS; step++) {
      plainStep(one, variables, step);
      plainStep(other, copies, step);
    }
    expect(valuesOf(copies.toReversed())).toEqual(valuesOf(variables));
    for (const optimizer of [one, other]) optimizer.dispose();
    dispose([...variables, ...copies]);
  });
});

it('starts slots of weights that are new to it, and leaves those of others alone', () => {
  const settings = makeSettings(OPTIMIZERS, 'sgd', { momentum: 0.9 });
  const optimizer = createOptimizer(settings);
  const [kernel, bias] = startVariables();
  if (kernel === undefined || bias === undefined) throw new Error('No weights');
  const pull = (named: readonly NamedVariable[]) =>
    tf.tidy(() =>
      optimizer.applyGradients(
        named,
        named.map(({ variable }) => tf.onesLike(variable)),
        0.1,
      ),
    );
  pull([kernel]);
  const start = valuesOf([bias]);
  pull([bias, kernel]);
  // The first step of the bias has no momentum yet; the kernel's second has 0.9 of its first.
  const [first = 0] = start;
  expect((valuesOf([bias])[0] ?? 0) - first).toBeCloseTo(-0.1, 6);
  const moved = (valuesOf([kernel])[0] ?? 0) - (flat(GOLDEN.start.kernel ?? 0)[0] ?? 0);
  expect(moved).toBeCloseTo(-0.1 - 0.19, 6);
  optimizer.dispose();
  dispose([kernel, bias]);
});

it('refuses what another kind of optimiser saved', async () => {
  const saved = await createOptimizer(makeSettings(OPTIMIZERS, 'adam')).save();
  const other = createOptimizer(makeSettings(OPTIMIZERS, 'lion'));
  expect(() => other.restore(saved)).toThrow("adam can't go on as lion");
});

describe('what TensorFlow.js has instead', () => {
  it('is an Adadelta whose first step is two thousand times as long as Keras’', () => {
    const [keras] = readGolden<Golden>('optimizers').cases.filter(
      ({ optimizer }) => optimizer.kind === 'adadelta',
    );
    const variables = startVariables();
    const stock = tf.train.adadelta(1, 0.95, 1e-7);
    const start = valuesOf(variables);
    tf.tidy(() => {
      const gradients = gradientsOf(variables, 0);
      stock.applyGradients(
        variables.map(({ variable }, index) => ({
          name: variable.name,
          tensor: gradients[index] ?? tf.scalar(0),
        })),
      );
    });
    const length = (values: readonly number[]) =>
      Math.hypot(...values.map((value, index) => value - (start[index] ?? 0)));
    expect(length(valuesOf(variables)) / length(keras?.path[0] ?? [])).toBeGreaterThan(100);
    stock.dispose();
    dispose(variables);
  });
});

describe('clipping', () => {
  it('leaves a gradient of zeros what it is, and shows one that is no number', () => {
    for (const kind of ['norm', 'globalNorm'] as const) {
      const [zeros, none] = tf.tidy(() =>
        [
          [0, 0],
          [Number.POSITIVE_INFINITY, 1],
        ].map(values => [...(clipGradients({ kind, limit: 1 }, [tf.tensor1d(values)])[0]?.dataSync() ?? [])]),
      ) as unknown as number[][];
      expect(zeros).toEqual([0, 0]);
      expect(none).toEqual([Number.NaN, Number.NaN]);
    }
  });
});
