/**
 * All that a run needs to go on from between two of its steps, as plain values: it can be kept, sent and saved. A run that goes
 * on from it makes the very steps that it would have made, on the same backend.
 */
import { createRandom, type RandomState } from '../base/random';
import type { Weights } from '../network/network';
import { NEW_WATCH, type PlateauWatch, type Watch } from './monitor';
import type { SavedOptimizer } from './optimizers';
import type { EpochLog, PhaseEnd, TrainParams } from './protocol';
import type { SavedScores } from './scoring';

export interface RunState {
  /** The phase under way, from 0. */
  readonly phase: number;
  /** Its epochs that are done, and the steps of the next one that are. */
  readonly epochs: number;
  readonly steps: number;
  /** Of that epoch's steps so far; null: none. */
  readonly scores: SavedScores | null;
  /** null: the phase has made no step. */
  readonly optimizer: SavedOptimizer | null;
  /** Of every layer that has any. */
  readonly weights: Readonly<Record<string, Weights>>;
  /** What the order of that epoch's rows is drawn from. */
  readonly order: RandomState;
  /** What layers draw from: dropout, noise. */
  readonly draws: RandomState;
  readonly stopping: Watch;
  /** null: the phase has no such schedule, or hasn't begun. */
  readonly plateau: PlateauWatch | null;
  /** What early stopping would restore. */
  readonly best: { readonly epoch: number; readonly weights: Readonly<Record<string, Weights>> } | null;
  readonly history: readonly EpochLog[];
  readonly ends: readonly PhaseEnd[];
  /** Milliseconds, pauses left out. */
  readonly elapsed: number;
}

/** Layers draw from another sequence than rows: adding a Dropout doesn't change their order. */
const DRAWS = 0x5eed;

export function startState({ network, settings }: TrainParams): RunState {
  return {
    phase: 0,
    ...NEW_PHASE,
    weights: Object.fromEntries(network.layers.map(({ name, weights }) => [name, weights])),
    order: createRandom(settings.seed).state(),
    draws: createRandom(settings.seed ^ DRAWS).state(),
    history: [],
    ends: [],
    elapsed: 0,
  };
}

/** What each phase begins with, as after Keras' `compile` and a new `fit`. */
export const NEW_PHASE = {
  epochs: 0,
  steps: 0,
  scores: null,
  optimizer: null,
  stopping: NEW_WATCH,
  plateau: null,
  best: null,
} as const satisfies Partial<RunState>;
