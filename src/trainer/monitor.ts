/**
 * What is watched from epoch to epoch: Keras' EarlyStopping and ReduceLROnPlateau, as plain numbers that can be saved.
 * https://keras.io/api/callbacks/early_stopping/, https://keras.io/api/callbacks/reduce_lr_on_plateau/
 */
import type { Head } from '../compiler/result';
import { isMoreBetter, nameMetric } from '../graph/objectives';
import type { EarlyStopping, Monitor, Schedule } from '../graph/training-settings';
import type { EpochLog, Scores } from './protocol';

export interface Watch {
  /** null: nothing was watched yet. */
  readonly best: number | null;
  /** Epochs since it got better. */
  readonly wait: number;
}

export const NEW_WATCH: Watch = { best: null, wait: 0 };

/** The value of an epoch; null where the log has no such value. Without validation rows the training's is taken. */
export function readMonitor(
  { output, value, rows }: Monitor,
  heads: readonly Head[],
  log: Pick<EpochLog, 'training' | 'validation'>,
): number | null {
  const scores: Scores = rows === 'validation' ? (log.validation ?? log.training) : log.training;
  if (output === null) return value === 'loss' ? scores.loss : null;
  const name = heads.find(({ node }) => node === output)?.output;
  const own = scores.heads.find(each => each.output === name);
  if (own === undefined) return null;
  return value === 'loss' ? own.loss : (own.metrics[value] ?? null);
}

/** 1: more is better. -1: less is. */
export function directionOf({ output, value }: Monitor, heads: readonly Head[]): 1 | -1 {
  const metrics = heads.find(({ node }) => node === output)?.metrics ?? [];
  const metric = metrics.find(each => nameMetric(each) === value);
  return metric !== undefined && isMoreBetter(metric.kind) ? 1 : -1;
}

function isBetter(value: number, best: number | null, direction: 1 | -1, minDelta: number): boolean {
  // In Keras' order of operations, so that a change of just minDelta is rounded alike.
  return best === null || direction * (value - direction * minDelta) > direction * best;
}

export interface StoppingVerdict {
  readonly watch: Watch;
  /** The weights as they are now are the ones to restore. */
  readonly isBest: boolean;
  readonly stops: boolean;
}

/** `epochOfPhase` from 1. The first epoch never stops, as in Keras; a value that is absent is passed over. */
export function judgeStopping(
  { minDelta, patience }: EarlyStopping,
  watch: Watch,
  value: number | null,
  direction: 1 | -1,
  epochOfPhase: number,
): StoppingVerdict {
  if (value === null) return { watch, isBest: false, stops: false };
  if (isBetter(value, watch.best, direction, minDelta))
    return { watch: { best: value, wait: 0 }, isBest: true, stops: false };
  const wait = watch.wait + 1;
  return { watch: { ...watch, wait }, isBest: false, stops: wait >= patience && epochOfPhase > 1 };
}

export interface PlateauWatch extends Watch {
  readonly cooldown: number;
  /** What the learning rate is now. */
  readonly rate: number;
}

export type Plateau = Extract<Schedule, { kind: 'plateau' }>;

/** After an epoch: the learning rate of the next. */
export function judgePlateau(
  { factor, patience, minDelta, cooldown, minLearningRate }: Plateau,
  watch: PlateauWatch,
  value: number | null,
  direction: 1 | -1,
): PlateauWatch {
  if (value === null) return watch;
  const cooling = Math.max(0, watch.cooldown - 1);
  const before = watch.cooldown > 0 ? { ...watch, cooldown: cooling, wait: 0 } : watch;
  if (isBetter(value, before.best, direction, minDelta)) return { ...before, best: value, wait: 0 };
  if (cooling > 0) return before;
  const wait = before.wait + 1;
  if (wait < patience || before.rate <= minLearningRate) return { ...before, wait };
  return { ...before, wait: 0, cooldown, rate: Math.max(before.rate * factor, minLearningRate) };
}
