/**
 * The pure half of a training run: its log, how long it will still take, and its failures in plain words. Whoever calls it
 * holds the clock and the worker.
 */
import type { Origin } from '../compiler/result';
import type { NodeId, ProjectDocument } from '../graph/document';
import {
  type OptimizerSettings,
  type Phase,
  type TrainingSettings,
  totalEpochs,
} from '../graph/training-settings';
import type { Network, Weights } from '../network/network';
import type { EpochLog, PhaseEnd } from '../trainer/protocol';
import { formatNumber } from './scores';

/** Where a running epoch stands. */
export interface Live {
  readonly epoch: number;
  readonly step: number;
  readonly loss: number;
  readonly rowsPerSecond: number;
}

/** An epoch's log in its place: once each, in order, whatever order they arrive in. */
export function addEpoch(history: readonly EpochLog[], log: EpochLog): readonly EpochLog[] {
  return [...history.filter(({ epoch }) => epoch !== log.epoch), log].sort((a, b) => a.epoch - b.epoch);
}

/** 0 to 1: how much of all steps is done. */
export function progress(
  live: Live | null,
  history: readonly EpochLog[],
  stepsPerEpoch: number,
  epochs: number,
): number {
  const logged = history.at(-1)?.epoch ?? 0;
  const steps =
    live === null || live.epoch <= logged
      ? logged * stepsPerEpoch
      : (live.epoch - 1) * stepsPerEpoch + live.step;
  return Math.min(1, steps / Math.max(1, stepsPerEpoch * epochs));
}

/** How many epochs the run has in all: those that phases which ended early left out are not among them. */
export function epochsInAll(
  { phases }: Pick<TrainingSettings, 'phases'>,
  history: readonly EpochLog[],
  ends: readonly PhaseEnd[],
): number {
  const logged = (index: number) => history.filter(({ phase }) => phase === index).length;
  return phases.reduce((sum, { epochs }, index) => sum + (index < ends.length ? logged(index) : epochs), 0);
}

/**
 * Milliseconds to the end of the last epoch; null: nothing to reckon with yet. From whole epochs where there are some, since
 * they include validation; the first is left out as soon as there is another, since it also pays for the warm-up.
 */
export function timeLeft(
  live: Live | null,
  history: readonly EpochLog[],
  stepsPerEpoch: number,
  settings: { readonly epochs: number; readonly batchSize: number },
): number | null {
  const done = progress(live, history, stepsPerEpoch, settings.epochs) * settings.epochs;
  const remaining = settings.epochs - done;
  const [first] = history;
  const last = history.at(-1);
  if (first !== undefined && last !== undefined) {
    const perEpoch =
      last === first
        ? last.elapsed / last.epoch
        : (last.elapsed - first.elapsed) / (last.epoch - first.epoch);
    return remaining * perEpoch;
  }
  if (live === null || live.rowsPerSecond <= 0) return null;
  return ((remaining * stepsPerEpoch * settings.batchSize) / live.rowsPerSecond) * 1000;
}

/** `4 s`, `2 min 10 s`, `1 h 5 min`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `adam 0.001, then adam 0.0001 · batch 32 · 20 epochs`. */
export function describeSettings(settings: TrainingSettings): string {
  const optimizers = settings.phases.map(({ optimizer }) => describeOptimizer(optimizer));
  return `${optimizers.join(', then ')} · batch ${settings.batchSize} · ${countEpochs(totalEpochs(settings))}`;
}

/** `20 epochs with adam 0.001`. */
export function describePhase({ epochs, optimizer }: Phase): string {
  return `${countEpochs(epochs)} with ${describeOptimizer(optimizer)}`;
}

function countEpochs(epochs: number): string {
  return `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}`;
}

function describeOptimizer({ kind, learningRate }: OptimizerSettings): string {
  return `${kind} ${formatRate(learningRate)}`;
}

/** `0.001`, `1.0e-7`. */
export function formatRate(rate: number): string {
  return rate >= 1e-6 && rate < 1e6 ? String(rate) : formatNumber(rate);
}

/** The network with the weights that training left; layers that it doesn't mention keep theirs. */
export function withWeights(network: Network, weights: Readonly<Record<string, Weights>>): Network {
  return {
    ...network,
    layers: network.layers.map(layer => ({ ...layer, weights: weights[layer.name] ?? layer.weights })),
  };
}

export interface Failure {
  /** What happened, in a few words. */
  readonly title: string;
  /** What to do about it. */
  readonly wayOut: string;
  /** What the trainer said, where it says more. */
  readonly detail: string | null;
  /** Where it came from, as far as that is known. */
  readonly node: NodeId | null;
}

/** `error`: what a call of the trainer was rejected with, see `WorkerError`. `phase`: the one under way, from 0. */
export function explainFailure(
  error: unknown,
  document: ProjectDocument,
  origins: ReadonlyMap<string, Origin>,
  phase: number,
): Failure {
  const { code, layer, message } = readError(error);
  const node = layer === null ? null : (origins.get(layer)?.node ?? null);
  const name = node === null ? null : (document.nodes[node]?.name ?? null);
  const { phases } = document.training;
  const rate = formatRate((phases[phase] ?? phases[0]).optimizer.learningRate);
  if (code === 'training/nan') {
    return {
      title: name === null ? 'The loss is no longer a number' : `${name} gives values that are not numbers`,
      wayOut: `The steps are most likely too large: lower the learning rate, which is ${rate}, and train again. Check too that the data's range is what the models expect.`,
      detail: null,
      node,
    };
  }
  if (code === 'training/device-lost') {
    return {
      title: 'The browser took the GPU away',
      wayOut:
        'Train again. If it happens again, close other tabs that use the GPU, or choose a smaller batch.',
      detail: message,
      node,
    };
  }
  if (code === 'training/out-of-memory') {
    return {
      title: 'The GPU has too little memory for this',
      wayOut: `Choose a smaller batch, which is ${document.training.batchSize} rows, or freeze more layers.`,
      detail: message,
      node,
    };
  }
  if (code === 'training/nothing-trainable') {
    return {
      title: 'Everything is frozen, so there is nothing to train',
      wayOut:
        'Unfreeze a model, or add a new layer before the output. What is frozen can be exported as it is.',
      detail: null,
      node,
    };
  }
  if (code === 'worker/ended') {
    return {
      title: 'Training was ended before it could finish',
      wayOut: 'Train again. What this run had learned is lost; your project is as it was.',
      detail: message,
      node,
    };
  }
  return {
    title: name === null ? 'Training stopped with an error' : `Training stopped with an error in ${name}`,
    wayOut:
      code === 'bug' || code === ''
        ? 'This is a mistake in Graft. Your project is safe; the message below helps whoever repairs it.'
        : 'Read the message below, change what it names and train again.',
    detail: message,
    node,
  };
}

function readError(error: unknown): { code: string; layer: string | null; message: string } {
  if (!(error instanceof Error)) return { code: '', layer: null, message: String(error) };
  const { code, layer } = error as Error & { code?: unknown; layer?: unknown };
  return {
    code: typeof code === 'string' ? code : '',
    layer: typeof layer === 'string' ? layer : null,
    message: error.message,
  };
}
