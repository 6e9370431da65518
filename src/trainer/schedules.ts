/**
 * The learning rate over a phase, as Keras' schedules give it (https://keras.io/api/optimizers/learning_rate_schedules/), with
 * epochs where Keras counts steps: `steps = epochs * stepsPerEpoch`. Plain numbers; the plateau is watched in `monitor.ts`.
 */
import type { Schedule } from '../graph/training-settings';

export type TimedSchedule = Exclude<Schedule, { kind: 'plateau' }>;

/**
 * `epoch`: what is done of the phase, 2.5 in the middle of its third epoch. `epochs`: of the whole phase.
 */
export function learningRateAt(
  schedule: TimedSchedule,
  learningRate: number,
  epoch: number,
  epochs: number,
): number {
  switch (schedule.kind) {
    case 'constant':
      return learningRate;
    case 'exponential': {
      const spans = epoch / schedule.decayEpochs;
      // A step is a part of an epoch: 1/3 + 1/3 + 1/3 has to be a whole one.
      const exponent = schedule.staircase ? Math.floor(spans + 1e-9) : spans;
      return learningRate * schedule.decayRate ** exponent;
    }
    case 'cosine':
      return cosineAt(schedule, learningRate, epoch, epochs);
    case 'piecewise': {
      // Keras keeps the old value for the step at the boundary; here the epoch that begins there has the new one.
      const passed = schedule.boundaries.filter(boundary => epoch >= boundary - 1e-9).length;
      return schedule.values[passed] ?? schedule.values.at(-1) ?? learningRate;
    }
  }
}

function cosineAt(
  { decayEpochs, alpha, warmupTarget, warmupEpochs }: Extract<Schedule, { kind: 'cosine' }>,
  learningRate: number,
  epoch: number,
  epochs: number,
): number {
  const warmup = warmupTarget === null ? 0 : warmupEpochs;
  if (warmupTarget !== null && epoch < warmup) {
    return learningRate + ((warmupTarget - learningRate) * epoch) / warmup;
  }
  const span = decayEpochs ?? epochs - warmup;
  // A phase that is all warm-up has no way down.
  const done = span <= 0 ? 0 : Math.min(epoch - warmup, span) / span;
  const part = (1 - alpha) * 0.5 * (1 + Math.cos(Math.PI * done)) + alpha;
  return (warmupTarget ?? learningRate) * part;
}
