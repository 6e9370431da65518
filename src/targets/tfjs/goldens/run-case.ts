/**
 * Has Graft answer what real Keras was asked (`golden-cases.ts`), on whichever TensorFlow.js backend runs, and says how far the
 * two are apart. Used by the tests in Node and by those in the browser.
 */
import * as tf from '@tensorflow/tfjs';
import { must } from '../../../base/assert';
import type { Config, Network } from '../../../network/network';
import type { LayerWeights, Mask } from '../layers/implementation';
import { applyLayer, type LayerResult } from '../layers/table';
import { findPenalties, sumPenalties } from '../regularizers';
import type { GoldenCase, GoldenRun, Values } from './golden-cases';
import { type Packed, type RunAnswer, unpack } from './golden-files';

export interface Answer {
  readonly outputs: readonly Result[];
  readonly masks: readonly (Result | null)[];
  readonly step: StepResult | null;
}

export interface StepResult {
  readonly loss: number;
  /** By role: the weight after the step minus the weight before. */
  readonly changes: Readonly<Record<string, Result>>;
  readonly gradients: readonly (Result | null)[];
}

interface Result {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** In inference, and one step of plain gradient descent with the rate 1 in training mode. Leaves no tensors behind. */
export async function runCase(one: GoldenCase, run: GoldenRun): Promise<Answer> {
  const inputs = one.inputs.map(toTensor);
  const masks = run.masks.map(mask => mask && tf.tensor(mask.values, [...mask.shape], 'bool'));
  const variables = new Map(
    one.weights.map(weight => [weight.role, tf.tidy(() => tf.variable(toTensor(weight), weight.trainable))]),
  );
  try {
    const { outputs, masks: returned } = keepResult(() =>
      applyLayer(
        { type: one.type.type, config: one.config },
        {
          inputs,
          masks,
          training: false,
          weights: weightsOf(variables, () => fail('a weight changed in inference')),
          addPenalty: () => {},
        },
      ),
    );
    const answer = {
      outputs: await readAll(outputs),
      masks: await Promise.all(returned.map(mask => mask && read(mask))),
      step: one.quiet === null ? null : await trainOnce(one, one.quiet, inputs, masks, variables),
    };
    tf.dispose([...outputs, ...returned.flatMap(mask => mask ?? [])]);
    return answer;
  } finally {
    tf.dispose([...inputs, ...masks.flatMap(mask => mask ?? []), ...variables.values()]);
  }
}

/** `tf.tidy` for what has tensors inside, with null among them. */
function keepResult(apply: () => LayerResult): LayerResult {
  let result: LayerResult = { outputs: [], masks: [] };
  tf.tidy(() => {
    result = apply();
    return [...result.outputs, ...result.masks.flatMap(mask => mask ?? [])];
  });
  return result;
}

async function trainOnce(
  one: GoldenCase,
  config: Config,
  inputs: readonly tf.Tensor[],
  masks: readonly Mask[],
  variables: ReadonlyMap<string, tf.Variable>,
): Promise<StepResult> {
  const given = inputs.map(input => (input.dtype === 'float32' ? tf.variable(input) : input));
  const moved = new Map<string, tf.Tensor>();
  const weights = weightsOf(variables, (role, value) => {
    moved.get(role)?.dispose();
    moved.set(role, tf.keep(tf.clone(value)));
  });
  const lossOf = () => {
    const penalties: tf.Scalar[] = [sumPenalties(findPenaltiesOf(one, config, variables))];
    const { outputs } = applyLayer(
      { type: one.type.type, config },
      { inputs: given, masks, training: true, weights, addPenalty: penalty => penalties.push(penalty) },
    );
    const errors = outputs.flatMap((output, i) =>
      output.dtype === 'float32'
        ? tf.mean(tf.square(tf.sub(output, toTensor(must(one.targets[i], 'a target'))))).asScalar()
        : [],
    );
    return [...errors, ...penalties].reduce<tf.Scalar>((sum, term) => tf.add(sum, term), tf.scalar(0));
  };
  const floats = given.filter(input => input instanceof tf.Variable);
  const trained = [...variables].filter(([, variable]) => variable.trainable);
  const differentiated = [...trained.map(([, variable]) => variable), ...floats];
  const { value, grads } =
    differentiated.length === 0
      ? { value: tf.tidy(lossOf), grads: {} }
      : tf.variableGrads(lossOf, differentiated);
  const gradientOf = (variable: tf.Tensor) =>
    variable instanceof tf.Variable ? (grads[variable.name] ?? tf.zerosLike(variable)) : null;
  const changes: Record<string, Result> = {};
  for (const { role, trainable } of one.weights) {
    const variable = must(variables.get(role), role);
    const change = trainable
      ? tf.neg(must(gradientOf(variable), role))
      : tf.sub(moved.get(role) ?? variable, variable);
    changes[role] = await read(change);
    change.dispose();
  }
  const gradients: (Result | null)[] = [];
  for (const input of given) {
    const gradient = gradientOf(input);
    gradients.push(gradient && (await read(gradient)));
    gradient?.dispose();
  }
  const [loss] = await value.data();
  tf.dispose([value, ...Object.values(grads), ...floats, ...moved.values()]);
  return { loss: must(loss, 'a loss'), changes, gradients };
}

function findPenaltiesOf(one: GoldenCase, config: Config, variables: ReadonlyMap<string, tf.Variable>) {
  const trained = new Map([...variables].filter(([, variable]) => variable.trainable));
  const layer = { name: 'it', type: one.type.type, config, weights: {}, trainable: true };
  const network: Network = { name: 'one_layer', inputs: [], layers: [layer], calls: [], outputs: [] };
  return findPenalties(network, { variables: new Map([['it', trained]]) }, new Set(['it']));
}

function weightsOf(
  variables: ReadonlyMap<string, tf.Variable>,
  assign: (role: string, value: tf.Tensor) => void,
  place = '',
): LayerWeights {
  return {
    get: role => must(variables.get(place + role), place + role),
    find: role => variables.get(place + role) ?? null,
    assign: (role, value) => assign(place + role, value),
    inside: inner => weightsOf(variables, assign, `${place}${inner}/`),
  };
}

function toTensor({ shape, values }: Values): tf.Tensor {
  return tf.tensor(values, [...shape], values instanceof Int32Array ? 'int32' : 'float32');
}

async function read(tensor: tf.Tensor): Promise<Result> {
  return { shape: tensor.shape, values: await tensor.data<'float32'>() };
}

function readAll(tensors: readonly tf.Tensor[]): Promise<Result[]> {
  return Promise.all(tensors.map(read));
}

function fail(message: string): never {
  throw new Error(message);
}

export interface Differences {
  /** Of the outputs: |a - b| / (1 + |b|), the largest. */
  readonly outputs: number;
  /** Of the weights' changes and the inputs' gradients, as a share of the largest of either; of the loss as of the outputs. */
  readonly step: number;
  /** What can't be said by a number: shapes, masks. */
  readonly others: readonly string[];
}

/** Gradients below it count as noise: with the targets and inputs drawn, most are above 0.01. */
const SMALLEST_SCALE = 1e-3;

/** `plain`: the answer to the run without masks, for one that says that it is the same. */
export function compareWithKeras(answer: Answer, golden: RunAnswer, plain: RunAnswer): Differences {
  const others: string[] = [];
  const outputs = golden.outputs ?? plain.outputs ?? [];
  const step = golden.outputs === null ? plain.step : golden.step;
  const pairs = (what: string, actual: readonly (Result | null)[], wanted: readonly (Packed | null)[]) => {
    const found: Pair[] = [];
    for (let i = 0; i < Math.max(actual.length, wanted.length); i++) {
      const [a = null, b = null] = [actual[i], wanted[i]];
      if (String(a?.shape) !== String(b?.shape)) {
        others.push(`${what} ${i} has the shape ${a?.shape}, and ${b?.shape} in Keras`);
      } else if (a !== null && b !== null) found.push({ actual: a.values, wanted: unpack(b) });
    }
    return found;
  };
  const outputGaps = pairs('output', answer.outputs, outputs).map(gapInAll);
  for (const [i, wanted] of golden.masks.entries()) {
    const actual = answer.masks[i] ?? null;
    const bits = actual && Array.from(actual.values, value => (value ? '1' : '0')).join('');
    if (bits !== (wanted?.bits ?? null) || String(actual?.shape) !== String(wanted?.shape)) {
      others.push(`mask ${i} is ${bits} (${actual?.shape}), and ${wanted?.bits} (${wanted?.shape}) in Keras`);
    }
  }
  if ((answer.step === null) !== (step === null)) others.push('only one of the two has trained');
  if (answer.step === null || step === null) return { outputs: Math.max(0, ...outputGaps), step: 0, others };
  const roles = Object.keys(step.changes);
  if (roles.join() !== Object.keys(answer.step.changes).join()) others.push(`Keras’ weights are ${roles}`);
  const { changes } = answer.step;
  const changePairs = roles.flatMap(role =>
    pairs(`change of ${role}`, [changes[role] ?? null], [step.changes[role] ?? null]),
  );
  const gradientPairs = pairs('gradient of input', answer.step.gradients, step.gradients);
  return {
    outputs: Math.max(0, ...outputGaps),
    step: Math.max(
      gapInAll({ actual: [answer.step.loss], wanted: [step.loss] }),
      shareOfLargest(changePairs),
      shareOfLargest(gradientPairs),
    ),
    others,
  };
}

interface Pair {
  readonly actual: ArrayLike<number>;
  readonly wanted: ArrayLike<number>;
}

function gapInAll({ actual, wanted }: Pair): number {
  return largest(Array.from(wanted, (b, i) => gap(actual[i], b) / (1 + Math.abs(b))));
}

function shareOfLargest(pairs: readonly Pair[]): number {
  const scale = largest(pairs.flatMap(({ wanted }) => Array.from(wanted, Math.abs)));
  const gaps = pairs.flatMap(({ actual, wanted }) => Array.from(wanted, (b, i) => gap(actual[i], b)));
  return largest(gaps) / Math.max(scale, SMALLEST_SCALE);
}

/** A value that is missing or not a number is infinitely far away. */
function gap(a: number | undefined, b: number): number {
  const found = Math.abs((a ?? Number.NaN) - b);
  return Number.isNaN(found) ? Number.POSITIVE_INFINITY : found;
}

function largest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), 0);
}
