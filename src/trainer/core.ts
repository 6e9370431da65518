/**
 * A training run over its phases, on TensorFlow.js. It knows no worker and no messages: events go to a function, and what a
 * person wants meanwhile is asked of one. The loop is Graft's own because `fit` ignores loss weights, adds up the wrong
 * validation losses of several outputs and never applies constraints (tfjs-layers 4.22).
 */
import type { Layer } from '../network/network';
import { startBackend } from '../targets/tfjs/backend';
import { TrainerError } from './errors';
import { areFinite, publicBackend } from './failures';
import { Pace, type PaceHooks } from './pace';
import { type Run, trainPhase } from './phase';
import type { PhasePlan, TrainerEvent, TrainParams, TrainResult } from './protocol';
import { type RunState, startState } from './run-state';
import { layersThatMove } from './trained-layers';

export interface TrainHooks extends PaceHooks {
  readonly onEvent: (event: TrainerEvent) => void;
  /** Resolves when `wish` may say something else; called while it says `pause`. `capture` reads the run as it stands. */
  readonly untilWishChanges: (capture: () => Promise<RunState>) => Promise<void>;
}

/**
 * Minimises the weighted losses, phase by phase. Frozen layers and layers that only heads of weight 0 need don't move at all.
 * `from`: a run of the same parameters, captured earlier, that is to go on; null: it begins.
 * @throws TrainerError `training/nothing-trainable`, `training/nan`, `training/device-lost`, `training/out-of-memory`,
 * `training/gpu-error`.
 */
export async function train(
  params: TrainParams,
  hooks: TrainHooks,
  from: RunState | null = null,
): Promise<TrainResult> {
  for (const plan of params.phases) refuseIfNothingMoves(params, plan);
  const backend = await startBackend(params.backend);
  let state = from ?? startState(params);
  const run: Run = { params, hooks, backend, pace: new Pace(hooks, state.elapsed) };
  const stepsPerEpoch = Math.ceil(params.trainRows.length / params.settings.batchSize);
  hooks.onEvent({ kind: 'started', backend: publicBackend(backend), stepsPerEpoch });
  let stopped = false;
  while (state.phase < params.phases.length && !stopped) {
    const before = state.ends.length;
    state = await trainPhase(run, state);
    const end = state.ends[before];
    if (end !== undefined) hooks.onEvent({ kind: 'phase-ended', end });
    stopped = end?.by === 'person';
  }
  // The last step's loss was reckoned before that step, so it doesn't show where the step itself led.
  if (!areFinite(state.weights))
    throw new TrainerError('training/nan', 'The last step led to weights that are no finite numbers.');
  const { weights, history, ends } = state;
  return { backend: publicBackend(backend), weights, history, phases: ends, stopped };
}

/** A second phase in which everything is frozen is said before the first one takes its time. */
function refuseIfNothingMoves({ network, heads }: TrainParams, { trainable }: PhasePlan): void {
  const moving = layersThatMove(network, heads, trainable);
  const movable = ({ name, weights }: Layer) => moving.has(name) && Object.keys(weights).length > 0;
  if (network.layers.some(movable)) return;
  const message = 'Everything is frozen, so there is nothing to train.';
  throw new TrainerError('training/nothing-trainable', message);
}
