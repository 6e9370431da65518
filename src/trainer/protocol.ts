/**
 * What the page and the training worker say to each other. Types only. One worker serves one job at a time and is ended
 * after it; a job's arrays are transferred where the sender doesn't need them any more.
 */
import type { Head } from '../compiler/result';
import type { Phase, TrainingSettings } from '../graph/training-settings';
import type { ArrayData } from '../network/arrays';
import type { Network, Weights } from '../network/network';
import type { BackendName } from '../targets/tfjs/webgpu-support';
import type { Similarity } from './similarity';
import type { TensorStats } from './tensor-stats';

export type { BackendName };

export interface Backend {
  readonly name: BackendName;
  /** Why it isn't WebGPU, in one sentence; null if it is. */
  readonly why: string | null;
}

export interface TrainParams {
  /** Every layer has its weights: see `initialize`. */
  readonly network: Network;
  readonly heads: readonly Head[];
  /** For each input of the network, all rows. */
  readonly inputs: readonly ArrayData[];
  /** For each output of the network, all rows, in the form that its loss takes. */
  readonly targets: readonly ArrayData[];
  readonly rowWeights: RowWeights;
  readonly trainRows: Uint32Array;
  readonly validationRows: Uint32Array;
  /** One after another; at least one. */
  readonly phases: readonly PhasePlan[];
  readonly settings: Pick<TrainingSettings, 'batchSize' | 'seed' | 'earlyStopping' | 'clipping'>;
  readonly backend: BackendName | 'best';
}

/** A phase as the trainer runs it: with a new optimiser, and with these layers alone training. */
export interface PhasePlan extends Pick<Phase, 'epochs' | 'optimizer' | 'schedule'> {
  /** The names of the layers that aren't frozen in it. */
  readonly trainable: readonly string[];
}

/** The factor of each row's loss, for each head and all rows; null: all 1. */
export interface RowWeights {
  /** Sample weights times class weights. */
  readonly training: readonly (Float32Array | null)[];
  /** Sample weights alone: Keras' class weights don't reach validation. */
  readonly validation: readonly (Float32Array | null)[];
}

/** Loss and metrics: `loss` is the weighted total, regularisation included as in Keras; the rest is per head. */
export interface Scores {
  readonly loss: number;
  readonly heads: readonly HeadScores[];
}

export interface HeadScores {
  readonly output: string;
  /** Not weighted. */
  readonly loss: number;
  /** By `nameMetric`. */
  readonly metrics: Readonly<Record<string, number>>;
}

export interface EpochLog {
  /** From 1, through all phases. */
  readonly epoch: number;
  /** From 0. */
  readonly phase: number;
  /** Of its last step. */
  readonly learningRate: number;
  readonly training: Scores;
  readonly validation: Scores | null;
  /** Wall time since the run's first step, pauses left out, in milliseconds. */
  readonly elapsed: number;
}

export interface TrainResult {
  readonly backend: Backend;
  /** Layer name to its weights: those of the last finished step, or of `bestEpoch`. */
  readonly weights: Readonly<Record<string, Weights>>;
  readonly history: readonly EpochLog[];
  /** How each phase that began has ended. */
  readonly phases: readonly PhaseEnd[];
  /** By a person, before the last epoch. */
  readonly stopped: boolean;
}

export interface PhaseEnd {
  readonly by: 'epochs' | 'early-stopping' | 'person';
  /** The epoch of the run, from 1, whose weights were restored; null: those of its last step were kept. */
  readonly restored: number | null;
}

export interface EvaluateParams {
  readonly network: Network;
  readonly heads: readonly Head[];
  readonly inputs: readonly ArrayData[];
  readonly targets: readonly ArrayData[];
  /** The factor of each row's loss, for each head and all rows; null: all 1. */
  readonly rowWeights: readonly (Float32Array | null)[];
  readonly rows: Uint32Array;
  readonly backend: BackendName | 'best';
}

export interface PredictParams {
  readonly network: Network;
  readonly inputs: readonly ArrayData[];
  readonly backend: BackendName | 'best';
}

/** Loads exported files with stock TensorFlow.js, as their receiver will, and runs them. */
export interface PredictStockParams {
  readonly modelJson: string;
  readonly weightData: ArrayBuffer;
  readonly inputs: readonly ArrayData[];
  readonly backend: BackendName | 'best';
}

export interface ProbeParams {
  /** Its outputs are the points that are looked at. */
  readonly network: Network;
  readonly inputs: readonly ArrayData[];
  /** Outputs, by their index, whose features are compared. */
  readonly pairs: readonly (readonly [number, number])[];
  readonly backend: BackendName | 'best';
}

export interface ProbeResult {
  readonly backend: Backend;
  /** For each output. */
  readonly stats: readonly TensorStats[];
  /** For each pair; null: one side never changes, or there are too few rows. */
  readonly similarities: readonly (Similarity | null)[];
}

/** method -> { params, result }: a handler that is missing is a type error. */
export interface TrainerMethods {
  readonly train: { readonly params: TrainParams; readonly result: TrainResult };
  readonly evaluate: {
    readonly params: EvaluateParams;
    readonly result: { readonly backend: Backend; readonly scores: Scores };
  };
  readonly predict: {
    readonly params: PredictParams;
    readonly result: { readonly backend: Backend; readonly outputs: readonly ArrayData[] };
  };
  readonly probe: { readonly params: ProbeParams; readonly result: ProbeResult };
  readonly predictStock: {
    readonly params: PredictStockParams;
    readonly result: { readonly backend: Backend; readonly outputs: readonly ArrayData[] };
  };
}
export type TrainerMethod = keyof TrainerMethods;

export type TrainerEvent =
  | { readonly kind: 'started'; readonly backend: Backend; readonly stepsPerEpoch: number }
  /** At most ten times a second. */
  | {
      readonly kind: 'step';
      readonly epoch: number;
      readonly step: number;
      readonly loss: number;
      readonly rowsPerSecond: number;
    }
  | { readonly kind: 'epoch'; readonly log: EpochLog }
  | { readonly kind: 'phase-ended'; readonly end: PhaseEnd }
  | { readonly kind: 'paused' }
  | { readonly kind: 'resumed' };

export type ToTrainer =
  | {
      [M in TrainerMethod]: {
        readonly kind: 'call';
        readonly id: number;
        readonly method: M;
        readonly params: TrainerMethods[M]['params'];
      };
    }[TrainerMethod]
  /** Lets a training run stand still after the step that is under way, until `resume` or `stop`. */
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  /** Ends a training run after the step that is under way; its call still returns, with `stopped` true. */
  | { readonly kind: 'stop' };

export type FromTrainer =
  | { readonly kind: 'result'; readonly id: number; readonly result: TrainerMethods[TrainerMethod]['result'] }
  | { readonly kind: 'error'; readonly id: number; readonly error: WorkerError }
  | { readonly kind: 'event'; readonly event: TrainerEvent };

export interface WorkerError {
  /** `training/nan`, `training/device-lost`, …; `bug` for what nobody foresaw (all codes: see `TrainerError`). */
  readonly code: string;
  readonly message: string;
  readonly stack: string | null;
  /** The layer at fault, where that is known. */
  readonly layer: string | null;
}
