/** A phase's optimiser, its schedule and clipping, as Keras 3 Python. */
import type { Json } from '../../base/json';
import type { Phase, Schedule, TrainingSettings } from '../../graph/training-settings';
import { around, type Piece } from '../code/layout';
import { optimizerCall } from './keras-calls';
import { writeConstructor } from './keras-classes';
import { toPython } from './python';

/** With its learning rate or schedule, which may count in `steps` of an epoch. */
export function writeOptimizer(
  { optimizer, schedule, epochs }: Phase,
  { clipping }: TrainingSettings,
): Piece {
  const call = optimizerCall(optimizer, clipping);
  if (call === null) return toPython(optimizer.kind);
  return writeConstructor(call.known, call.given, [
    around('learning_rate=', writeSchedule(schedule, optimizer.learningRate, epochs), ''),
  ]);
}

export function countsSteps({ kind }: Schedule): boolean {
  return kind === 'exponential' || kind === 'cosine' || kind === 'piecewise';
}

function writeSchedule(schedule: Schedule, rate: Json, epochs: number): Piece {
  const call = (name: string, items: readonly string[]): Piece => ({
    open: `keras.optimizers.schedules.${name}(`,
    items,
    close: ')',
  });
  switch (schedule.kind) {
    case 'exponential':
      return call('ExponentialDecay', [
        toPython(rate),
        `decay_steps=${schedule.decayEpochs} * steps`,
        `decay_rate=${toPython(schedule.decayRate)}`,
        ...(schedule.staircase ? ['staircase=True'] : []),
      ]);
    case 'cosine': {
      const { warmupTarget, warmupEpochs, alpha } = schedule;
      const warmup = warmupTarget === null ? 0 : warmupEpochs;
      const decay = schedule.decayEpochs ?? Math.max(0, epochs - warmup);
      return call('CosineDecay', [
        toPython(rate),
        // A phase that is all warm-up has no way down, and Keras takes no decay over 0 steps.
        `decay_steps=${decay === 0 ? '1' : `${decay} * steps`}`,
        ...(alpha === 0 ? [] : [`alpha=${toPython(alpha)}`]),
        ...(warmupTarget === null
          ? []
          : [`warmup_target=${toPython(warmupTarget)}`, `warmup_steps=${warmup} * steps`]),
      ]);
    }
    case 'piecewise':
      return call('PiecewiseConstantDecay', [
        `[${schedule.boundaries.map(lastStepBefore).join(', ')}]`,
        `[${schedule.values.map(toPython).join(', ')}]`,
      ]);
    default:
      return toPython(rate);
  }
}

/** The epoch at a boundary has the new rate from its first step on; Keras keeps the old one through the step at a boundary. */
function lastStepBefore(boundary: number): string {
  return Number.isInteger(boundary)
    ? `${boundary} * steps - 1`
    : // Rounding must not make one step more of what is a whole number of them.
      `math.ceil(${boundary} * steps - 1e-6) - 1`;
}
