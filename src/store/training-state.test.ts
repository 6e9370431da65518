import { describe, expect, test } from 'vitest';
import { DEFAULT_TRAINING } from '../graph/training-settings';
import type { TrainerEvent } from '../trainer/protocol';
import { epochsInAll } from './training-run';
import { isBusy, type Training, withEvent } from './training-state';

const preparing: Training = {
  kind: 'preparing',
  doing: 'Starting',
  run: 1,
  settings: DEFAULT_TRAINING,
  heads: [],
  counts: null,
  key: 'k',
  sources: [],
  history: [],
  ends: [],
};

function told(...events: readonly TrainerEvent[]): Training {
  return events.reduce<Training>(
    (training, event) => (training.kind === 'idle' ? training : withEvent(training, event)),
    preparing,
  );
}

const started: TrainerEvent = { kind: 'started', backend: { name: 'cpu', why: null }, stepsPerEpoch: 2 };
const epoch: TrainerEvent = {
  kind: 'epoch',
  log: {
    epoch: 1,
    phase: 0,
    learningRate: 0.1,
    training: { loss: 1, heads: [] },
    validation: null,
    elapsed: 1,
  },
};

describe('events', () => {
  test('start, pause and resume a run', () => {
    expect(told(started).kind).toBe('running');
    expect(told(started, { kind: 'paused' }).kind).toBe('paused');
    expect(told(started, { kind: 'paused' }, { kind: 'resumed' }).kind).toBe('running');
    expect(isBusy(told(started, { kind: 'paused' }))).toBe(true);
  });

  test('do not bring back a run that is to stop', () => {
    const stopping = { ...told(started), kind: 'stopping' } as Extract<Training, { kind: 'stopping' }>;
    expect(withEvent(stopping, { kind: 'paused' }).kind).toBe('stopping');
    expect(withEvent(stopping, { kind: 'resumed' }).kind).toBe('stopping');
  });

  test('write the log and the ends of phases', () => {
    const end = { by: 'early-stopping', restored: 1 } as const;
    const training = told(started, epoch, { kind: 'phase-ended', end });
    expect(training).toMatchObject({ kind: 'running', history: [{ epoch: 1 }], ends: [end] });
  });

  test('before the start change nothing', () => {
    expect(told(epoch)).toBe(preparing);
  });
});

test('a phase that ended early makes the run shorter', () => {
  const [phase] = DEFAULT_TRAINING.phases;
  const settings = { phases: [phase, { ...phase, epochs: 5 }] as const };
  expect(epochsInAll(settings, [], [])).toBe(phase.epochs + 5);
  if (epoch.kind !== 'epoch') throw new Error('Not an epoch');
  expect(epochsInAll(settings, [epoch.log], [{ by: 'early-stopping', restored: 1 }])).toBe(6);
});
