/** Where a training run stands, as one union, and what the trainer's events make of it. Pure. */

import type { NodeId } from '../graph/document';
import type { MetricSettings } from '../graph/objectives';
import type { TrainingSettings } from '../graph/training-settings';
import type { Backend, EpochLog, PhaseEnd, TrainerEvent } from '../trainer/protocol';
import type { Counts } from './counts';
import type { HeadResults, SourceScore } from './measure';
import { addEpoch, type Failure, type Live } from './training-run';

/** What a run has beside its stage, the same from its first step to its end. */
export interface Run {
  /** From 1, in this session. */
  readonly run: number;
  readonly settings: TrainingSettings;
  /** These as they were when the run began. */
  readonly heads: readonly RunHead[];
  readonly counts: Counts | null;
  /** Of the network that it trains. */
  readonly key: string;
  readonly sources: readonly SourceScore[];
  readonly history: readonly EpochLog[];
  /** How the phases that are over have ended. */
  readonly ends: readonly PhaseEnd[];
}

export interface RunHead {
  readonly node: NodeId;
  readonly output: string;
  readonly name: string;
  readonly metrics: readonly MetricSettings[];
}

interface Started extends Run {
  readonly backend: Backend;
  readonly stepsPerEpoch: number;
  readonly live: Live | null;
}

export type Training =
  | { readonly kind: 'idle' }
  /** `doing`: as in `Measuring shape_cnn alone`. */
  | ({ readonly kind: 'preparing'; readonly doing: string } & Run)
  | ({ readonly kind: 'running' } & Started)
  /** Asked to stand still; a step is under way. */
  | ({ readonly kind: 'pausing' } & Started)
  | ({ readonly kind: 'paused' } & Started)
  | ({ readonly kind: 'stopping' } & Started)
  | ({
      readonly kind: 'finished';
      readonly backend: Backend;
      /** Before its last epoch, by a person. */
      readonly stopped: boolean;
      readonly results: Results;
    } & Run)
  | ({ readonly kind: 'failed'; readonly failure: Failure } & Run);

export type AnyRun = Exclude<Training, { kind: 'idle' }>;

export type Results =
  | { readonly kind: 'measuring' }
  | { readonly kind: 'measured'; readonly heads: readonly HeadResults[] }
  | { readonly kind: 'not-measured'; readonly reason: string };

/** Whether a run is under way, standing still included. */
export function isBusy({ kind }: Training): boolean {
  return kind !== 'idle' && kind !== 'finished' && kind !== 'failed';
}

/** Whether steps are made, or would be if it didn't stand still. */
export function hasSteps(training: Training): training is Extract<Training, Started> {
  return 'stepsPerEpoch' in training;
}

export function runOf({ run, settings, heads, counts, key, sources, history, ends }: Run): Run {
  return { run, settings, heads, counts, key, sources, history, ends };
}

export function withEvent(training: AnyRun, event: TrainerEvent): Training {
  if (event.kind === 'started') {
    const { backend, stepsPerEpoch } = event;
    return { kind: 'running', ...runOf(training), backend, stepsPerEpoch, live: null };
  }
  if (!hasSteps(training)) return training;
  switch (event.kind) {
    case 'epoch':
      return { ...training, history: addEpoch(training.history, event.log) };
    case 'phase-ended':
      return { ...training, ends: [...training.ends, event.end] };
    case 'step': {
      const { epoch, step, loss, rowsPerSecond } = event;
      return { ...training, live: { epoch, step, loss, rowsPerSecond } };
    }
    // Who wants it to end doesn't want to see it stand still first.
    case 'paused':
      return training.kind === 'stopping' ? training : { ...training, kind: 'paused' };
    case 'resumed':
      return training.kind === 'stopping' ? training : { ...training, kind: 'running' };
  }
}
