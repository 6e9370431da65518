/**
 * What real Keras computes (`scripts/keras/training.py` wrote it) and what Graft computes from the same numbers, on the backend
 * that runs: for tests in Node and in the browser.
 */
import * as tf from '@tensorflow/tfjs';
import type { LossSettings, MetricSettings } from '../../graph/objectives';
import { makeSettings } from '../../graph/options';
import { type Clipping, OPTIMIZERS, type OptimizerSettings } from '../../graph/training-settings';
import { clipGradients } from '../clipping';
import { computeLoss, lossValues } from '../losses';
import { finishMetric, sumMetric } from '../metrics';
import { createOptimizer, type NamedVariable, type Optimizer } from '../optimizers';
import { learningRateAt, type TimedSchedule } from '../schedules';
import losses from './losses.json';
import metrics from './metrics.json';
import optimizers from './optimizers.json';
import schedules from './schedules.json';

export type Nested = number | readonly Nested[];

/** The largest difference, relative to Keras' value where that is above `floor` and to `floor` where it is below. */
export function worstDifference(found: Nested, keras: Nested, floor: number): number {
  const [given, wanted] = [flat(found), flat(keras)];
  if (given.length !== wanted.length) throw new Error(`${given.length} values, Keras has ${wanted.length}`);
  return Math.max(
    ...wanted.map((value, index) => {
      const difference = Math.abs((given[index] ?? Number.NaN) - value);
      // NaN must not pass for the smaller number.
      return Number.isNaN(difference)
        ? Number.POSITIVE_INFINITY
        : difference / Math.max(Math.abs(value), floor);
    }),
  );
}

function flat(values: Nested): number[] {
  return typeof values === 'number' ? [values] : values.flatMap(flat);
}

const toTensor = (values: Nested, dtype: 'float32' | 'int32' = 'float32') =>
  tf.tensor(values as tf.TensorLike, undefined, dtype);

const readAll = async (tensor: tf.Tensor) => [...(await tensor.data())];

// --- losses

interface LossCase {
  readonly loss: LossSettings;
  readonly target: Nested;
  /** The target is class numbers. */
  readonly integers: boolean;
  readonly prediction: Nested;
  /** The loss of each row and position. */
  readonly values: Nested;
  readonly weights: readonly number[];
  /** Reduced to one value, without and with the weights; the gradient is the prediction's. */
  readonly plain: Reduced;
  readonly weighted: Reduced;
}

interface Reduced {
  readonly value: number;
  readonly gradient: Nested;
}

export const LOSS_CASES = losses.cases as unknown as readonly LossCase[];

export async function runLossCase({
  loss,
  target,
  integers,
  prediction,
  weights,
}: LossCase): Promise<Pick<LossCase, 'values' | 'plain' | 'weighted'>> {
  const y = toTensor(target, integers ? 'int32' : 'float32');
  const p = toTensor(prediction);
  const each = lossValues(loss, y, p);
  const ofRows = tf.tensor1d([...weights]);
  const reduce = async (factors: tf.Tensor1D | null): Promise<Reduced> => {
    const { value, grad } = tf.valueAndGrad(x => computeLoss(loss, y, x, factors))(p);
    const [result = Number.NaN] = await readAll(value);
    const gradient = await readAll(grad);
    tf.dispose([value, grad]);
    return { value: result, gradient };
  };
  const found = { values: await readAll(each), plain: await reduce(null), weighted: await reduce(ofRows) };
  tf.dispose([y, p, each, ofRows]);
  return found;
}

// --- metrics

interface MetricCase {
  readonly metric: MetricSettings;
  readonly loss: LossSettings;
  /** The number of its data set. */
  readonly data: number;
  /** After all batches, without and with their weights. */
  readonly plain: number;
  readonly weighted: number;
}

interface MetricData {
  readonly integers: boolean;
  readonly batches: readonly {
    readonly target: Nested;
    readonly prediction: Nested;
    readonly weights: readonly number[];
  }[];
}

export const METRIC_CASES = metrics.cases.cases as unknown as readonly MetricCase[];
const METRIC_DATA = metrics.cases.data as unknown as readonly MetricData[];

/** All batches of its data, added up on the device and read once. */
export async function runMetricCase({ metric, loss, data }: MetricCase, weighted: boolean): Promise<number> {
  let sums: tf.Tensor1D | null = null;
  const { batches = [], integers = false } = METRIC_DATA[data] ?? {};
  for (const { target, prediction, weights } of batches) {
    const before: tf.Tensor1D | null = sums;
    sums = tf.tidy(() => {
      const y = toTensor(target, integers ? 'int32' : 'float32');
      const factors = weighted ? tf.tensor1d([...weights]) : null;
      const own = sumMetric(metric, loss, y, toTensor(prediction), factors);
      return before === null ? own : (tf.add(before, own) as tf.Tensor1D);
    });
    before?.dispose();
  }
  if (sums === null) throw new Error('No batches');
  const values = await readAll(sums);
  sums.dispose();
  return finishMetric(metric, values);
}

// --- optimisers

interface OptimizerGolden {
  readonly start: Readonly<Record<string, Nested>>;
  /** For each weight and step: what is added to half the weight to make its gradient. */
  readonly noise: Readonly<Record<string, readonly Nested[]>>;
  readonly cases: readonly OptimizerCase[];
}

interface OptimizerCase {
  /** What isn't said has its default. */
  readonly optimizer: Pick<OptimizerSettings, 'kind' | 'learningRate'>;
  readonly clipping: Clipping | null;
  readonly schedule?: TimedSchedule;
  readonly stepsPerEpoch?: number;
  /** All values of all weights after each step. */
  readonly path: readonly (readonly number[])[];
}

const OPTIMIZER_GOLDEN = optimizers.cases as unknown as OptimizerGolden;
export const OPTIMIZER_CASES = OPTIMIZER_GOLDEN.cases;
export const STEPS = 10;

export function startVariables(): NamedVariable[] {
  return Object.entries(OPTIMIZER_GOLDEN.start).map(([name, values]) => ({
    name,
    variable: tf.tidy(() => tf.variable(toTensor(values))),
  }));
}

/** They hang on where the weights are, so that an error would grow from step to step. */
export function gradientsAt(variables: readonly NamedVariable[], step: number): tf.Tensor[] {
  return variables.map(({ name, variable }) =>
    tf.add(tf.mul(variable, 0.5), toTensor(OPTIMIZER_GOLDEN.noise[name]?.[step] ?? 0)),
  );
}

export function makeStep(
  optimizer: Optimizer,
  clipping: Clipping | null,
  learningRate: number,
  variables: readonly NamedVariable[],
  step: number,
): void {
  tf.tidy(() =>
    optimizer.applyGradients(variables, clipGradients(clipping, gradientsAt(variables, step)), learningRate),
  );
}

export async function valuesOf(variables: readonly NamedVariable[]): Promise<number[]> {
  return (await Promise.all(variables.map(({ variable }) => readAll(variable)))).flat();
}

export function disposeVariables(variables: readonly NamedVariable[]): void {
  tf.dispose(variables.map(({ variable }) => variable));
}

/** Where the weights are after each of the steps. */
export async function runOptimizerCase(given: OptimizerCase): Promise<number[][]> {
  // The options of a case are those of its kind.
  const settings = {
    ...makeSettings(OPTIMIZERS, given.optimizer.kind),
    ...given.optimizer,
  } as OptimizerSettings;
  const { clipping, schedule = { kind: 'constant' }, stepsPerEpoch = 1 } = given;
  const optimizer = createOptimizer(settings);
  const variables = startVariables();
  const path: number[][] = [];
  for (let step = 0; step < STEPS; step++) {
    const rate = learningRateAt(schedule, settings.learningRate, step / stepsPerEpoch, STEPS);
    makeStep(optimizer, clipping, rate, variables, step);
    path.push(await valuesOf(variables));
  }
  optimizer.dispose();
  disposeVariables(variables);
  return path;
}

// --- schedules

interface ScheduleGolden {
  readonly stepsPerEpoch: number;
  readonly epochs: number;
  readonly learningRate: number;
  /** The rate of each step. */
  readonly cases: readonly { readonly schedule: TimedSchedule; readonly rates: readonly number[] }[];
}

export const SCHEDULE_GOLDEN = schedules.cases as unknown as ScheduleGolden;
