/** What the recurrent layers share: they read a sequence step by step and carry a state from step to step. */
import type { Config } from '../network/network';
import { type Dim, type Shape, shapeFits } from '../network/shape';
import type { ShapeProblem, ShapeResult, WeightSpec } from './layer-type';
import * as p from './params';
import { shapes } from './shape-rules';
import {
  activityRegularizer,
  constraints,
  initializers,
  regularizers,
  useBias,
  weight,
} from './weight-rules';

export const units = p.int(32, {
  min: 1,
  required: true,
  help: 'How many values it remembers from step to step, and returns.',
});

export const cellActivation = p.activation('tanh', { help: 'Applied to what it remembers.' });

export const gateActivation = p.activation('sigmoid', {
  help: 'Applied to the gates, which decide what to keep and what to forget.',
  advanced: true,
});

export const recurrentInitializers = {
  use_bias: useBias,
  ...initializers({ kernel: 'GlorotUniform', recurrent: 'Orthogonal', bias: 'Zeros' }),
};

export const unitForgetBias = {
  unit_forget_bias: p.bool(true, {
    help: 'Starts with remembering: the bias of the gate that forgets starts at 1.',
    advanced: true,
  }),
};

export const resetAfter = {
  reset_after: p.bool(true, {
    help: 'Whether the gate that forgets acts after the remembered values are mixed, or before.',
    advanced: true,
    tfjsValues: [false],
  }),
};

const STEMS = ['kernel', 'recurrent', 'bias'] as const;

/** A cell's, which computes one step. */
export const cellPenalties = { ...regularizers(STEMS), ...constraints(STEMS) };

export const recurrentPenalties = {
  ...regularizers(STEMS),
  ...activityRegularizer,
  ...constraints(STEMS),
};

const rate = { min: 0, advanced: true };
export const recurrentDropout = {
  dropout: p.float(0, { ...rate, help: 'The share of the inputs that are set to 0 at random in training.' }),
  recurrent_dropout: p.float(0, {
    ...rate,
    help: 'The share of the remembered values that are set to 0 at random in training.',
  }),
};

export const seed = {
  seed: p.nullable(
    p.int(0, { help: 'Makes the random choices repeatable in Keras.', advanced: true, tfjs: null }),
  ),
};

/**
 * Files may say `stateful`, and it becomes false: Graft shuffles the rows, so that batches don't continue each other, and each
 * begins with an empty memory, as one batch alone does in Keras too.
 */
const stateful: p.ParamSpec<boolean> = {
  ...p.bool(false, {
    help: 'Each batch begins with an empty memory: rows are shuffled, so batches don’t continue each other.',
    advanced: true,
    tfjs: null,
  }),
  form: { kind: 'fixed' },
  parse: given => (typeof given === 'boolean' ? { value: false } : { problem: 'must be true or false' }),
};

export const sequenceParams = {
  return_sequences: p.bool(false, { help: 'Returns the result of every step, not only of the last.' }),
  return_state: p.bool(false, { help: 'Also returns what it remembers at the end.', advanced: true }),
  go_backwards: p.bool(false, { help: 'Reads the sequence from its end.', advanced: true }),
  stateful,
};

export const unroll = {
  unroll: p.bool(false, {
    help: 'How Keras loops over the steps; it doesn’t change the result.',
    advanced: true,
    tfjs: null,
  }),
};

/** Keras' recurrent layers take it from the rest of their arguments. */
export const zeroOutput = {
  zero_output_for_mask: p.bool(false, {
    help: 'Returns zeros for the steps that the mask leaves out, instead of the result before them.',
    advanced: true,
    tfjs: null,
    tfjsValues: [false],
  }),
};

export function checkRecurrent(config: {
  readonly dropout: number;
  readonly recurrent_dropout: number;
}): string | null {
  for (const name of ['dropout', 'recurrent_dropout'] as const) {
    if (config[name] >= 1) return `${name} must be below 1, not ${config[name]}.`;
  }
  return null;
}

/** The results of a recurrent layer: each step's or the last, then its states. */
export function recurrentShapes(
  config: { readonly return_sequences: boolean; readonly return_state: boolean },
  steps: Dim,
  result: Shape,
  states: readonly Shape[],
): ShapeResult {
  const [batch = null, ...step] = result;
  return shapes(
    config.return_sequences ? [batch, steps, ...step] : result,
    ...(config.return_state ? states : []),
  );
}

/** What is wrong with the states that a layer is to begin with (its inputs after the first), or null. */
export function checkStates(
  type: string,
  given: readonly Shape[],
  wanted: readonly Shape[],
): { readonly problem: ShapeProblem } | null {
  if (given.length === 0) return null;
  if (given.length !== wanted.length) {
    const states = `${wanted.length} state${wanted.length > 1 ? 's' : ''}`;
    const message = `${type} takes a sequence alone, or with the ${states} to begin with, and not ${given.length}: add or take away wires.`;
    return { problem: { kind: 'other', message } };
  }
  const odd = given.findIndex((shape, i) => !shapeFits(shape, wanted[i] ?? []));
  if (odd < 0) return null;
  const message = `The states that ${type} begins with must have the sizes of its own.`;
  return { problem: { kind: 'sizes-differ', input: odd + 1, wanted: wanted[odd] ?? [], message } };
}

/** `kernel`, `recurrent_kernel` and `bias` of SimpleRNN, GRU and LSTM, whose columns are those of the gates, side by side. */
export function denseWeights(
  config: Config & {
    readonly units: number;
    readonly use_bias: boolean;
    readonly kernel_initializer: p.KerasObject;
    readonly recurrent_initializer: p.KerasObject;
    readonly bias_initializer: p.KerasObject;
  },
  features: Dim,
  gates: number,
): readonly WeightSpec[] {
  const columns = config.units * gates;
  // GRU with `reset_after` has one bias for the inputs and one for what is remembered.
  const bias = config.reset_after === true ? [2, columns] : [columns];
  return [
    weight('kernel', [features, columns], config.kernel_initializer),
    weight('recurrent_kernel', [config.units, columns], config.recurrent_initializer),
    ...(config.use_bias ? [weight('bias', bias, biasStart(config, config.bias_initializer))] : []),
  ];
}

/**
 * How the bias starts. With `unit_forget_bias` (LSTM, ConvLSTM2D) the second of its four quarters, that of the gate that
 * forgets, starts at 1. That class is Graft's own and never written to a file: `initializers.ts` knows it.
 */
export function biasStart(config: Config, initializer: p.KerasObject): p.KerasObject {
  return config.unit_forget_bias === true
    ? { class_name: 'UnitForgetBias', config: { rest: initializer } }
    : initializer;
}
