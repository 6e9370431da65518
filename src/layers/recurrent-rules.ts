/** What the recurrent layers share: they read a sequence step by step and carry a state from step to step. */
import type { Config } from '../network/network';
import type { Dim, Shape } from '../network/shape';
import type { ShapeResult } from './layer-type';
import * as p from './params';
import { shapes } from './shape-rules';
import { constraints, initializers, regularizers, useBias } from './weight-rules';

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

export const recurrentPenalties = {
  ...regularizers(['kernel', 'recurrent', 'bias']),
  ...constraints(['kernel', 'recurrent', 'bias']),
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

export const sequenceParams = {
  return_sequences: p.bool(false, { help: 'Returns the result of every step, not only of the last.' }),
  return_state: p.bool(false, { help: 'Also returns what it remembers at the end.', advanced: true }),
  go_backwards: p.bool(false, { help: 'Reads the sequence from its end.', advanced: true }),
  stateful: p.fixed(false, {
    help: 'Keeps what it remembers from one batch to the next.',
    why: 'Graft shuffles the rows, so batches don’t continue each other',
  }),
};

export const unroll = {
  unroll: p.bool(false, {
    help: 'How Keras loops over the steps; it doesn’t change the result.',
    advanced: true,
    tfjs: null,
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

/** The results of a recurrent layer: each step's or the last, then its states, which have a step's shape. */
export function recurrentShapes(
  config: { readonly return_sequences: boolean; readonly return_state: boolean },
  batch: Dim,
  steps: Dim,
  step: Shape,
  states: number,
): ShapeResult {
  const result = config.return_sequences ? [batch, steps, ...step] : [batch, ...step];
  const state = [batch, ...step];
  return shapes(result, ...Array.from({ length: config.return_state ? states : 0 }, () => state));
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
