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
        `decay_steps=${decay} * steps`,
        ...(alpha === 0 ? [] : [`alpha=${toPython(alpha)}`]),
        ...(warmupTarget === null
          ? []
          : [`warmup_target=${toPython(warmupTarget)}`, `warmup_steps=${warmup} * steps`]),
      ]);
    }
    case 'piecewise':
      return call('PiecewiseConstantDecay', [
        `[${schedule.boundaries.map(boundary => `${boundary} * steps`).join(', ')}]`,
        `[${schedule.values.map(toPython).join(', ')}]`,
      ]);
    default:
      return toPython(rate);
  }
}
