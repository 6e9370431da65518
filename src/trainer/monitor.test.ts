/** Held to what Keras 3.15's own callbacks did with the same values, epoch by epoch. */
import { describe, expect, it, test } from 'vitest';
import { makeMetric } from '../graph/objectives';
import { DEFAULT_EARLY_STOPPING, makeSchedule } from '../graph/training-settings';
import { directionOf, judgePlateau, judgeStopping, NEW_WATCH, type Plateau, readMonitor } from './monitor';
import type { Scores } from './protocol';

describe('early stopping', () => {
  const dip = [5, 4, 3, 3.5, 3.4, 3.2, 2];
  const slow = [3, 2.95, 2.9, 2.85, 2.8, 2.75];
  it.each([
    { values: dip, patience: 2, minDelta: 0, epochs: 5, best: 3 },
    { values: dip, patience: 3, minDelta: 0, epochs: 6, best: 3 },
    { values: dip, patience: 4, minDelta: 0, epochs: 7, best: 7 },
    { values: [1, 1, 1, 1], patience: 1, minDelta: 0, epochs: 2, best: 1 },
    { values: [1, 1, 1, 1], patience: 2, minDelta: 0, epochs: 3, best: 1 },
    { values: [1, 2, 3], patience: 1, minDelta: 0, epochs: 2, best: 1 },
    { values: slow, patience: 2, minDelta: 0.2, epochs: 3, best: 1 },
    { values: slow, patience: 1, minDelta: 0.05, epochs: 2, best: 1 },
    { values: [2, 3, 1, 4, 5, 0.5, 6, 7], patience: 2, minDelta: 0, epochs: 5, best: 3 },
  ])('of $values with patience $patience and $minDelta ends after epoch $epochs, the best $best', given => {
    const settings = { ...DEFAULT_EARLY_STOPPING, patience: given.patience, minDelta: given.minDelta };
    let watch = NEW_WATCH as ReturnType<typeof judgeStopping>['watch'];
    let [best, epochs] = [0, 0];
    for (const value of given.values) {
      epochs += 1;
      const verdict = judgeStopping(settings, watch, value, -1, epochs);
      watch = verdict.watch;
      if (verdict.isBest) best = epochs;
      if (verdict.stops) break;
    }
    expect({ epochs, best }).toEqual({ epochs: given.epochs, best: given.best });
  });

  test('of a metric of which more is better looks the other way', () => {
    const settings = { ...DEFAULT_EARLY_STOPPING, patience: 1 };
    const first = judgeStopping(settings, NEW_WATCH, 0.5, 1, 1);
    expect(judgeStopping(settings, first.watch, 0.6, 1, 2)).toMatchObject({ isBest: true, stops: false });
    expect(judgeStopping(settings, first.watch, 0.4, 1, 2)).toMatchObject({ isBest: false, stops: true });
  });
});

describe('reducing on a plateau', () => {
  const flat = [1, 1, 1, 1, 1, 1, 1, 1, 0.5, 0.5, 0.5];
  const common = { minDelta: 0, factor: 0.5, cooldown: 0, minLearningRate: 0 };
  it.each([
    {
      values: flat,
      ...common,
      patience: 2,
      rates: [0.1, 0.1, 0.1, 0.05, 0.05, 0.025, 0.025, 0.0125, 0.0125, 0.0125, 0.0125],
    },
    {
      values: flat,
      ...common,
      patience: 2,
      cooldown: 2,
      rates: [0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025, 0.025, 0.025, 0.025],
    },
    {
      values: flat,
      ...common,
      patience: 1,
      factor: 0.1,
      cooldown: 1,
      minLearningRate: 0.002,
      rates: [0.1, 0.1, 0.01, 0.002, 0.002, 0.002, 0.002, 0.002, 0.002, 0.002, 0.002],
    },
    {
      values: [3, 2.95, 2.9, 2.85, 2.8],
      ...common,
      patience: 1,
      minDelta: 0.2,
      rates: [0.1, 0.1, 0.05, 0.025, 0.0125],
    },
    {
      values: [1, 1, 1, 1, 1, 1],
      ...common,
      patience: 1,
      minLearningRate: 0.03,
      rates: [0.1, 0.1, 0.05, 0.03, 0.03, 0.03],
    },
  ])(
    'of $values with patience $patience and cool-down $cooldown gives $rates',
    ({ values, rates, ...own }) => {
      const plateau: Plateau = { ...(makeSchedule('plateau') as Plateau), ...own };
      let watch = { ...NEW_WATCH, cooldown: 0, rate: 0.1 } as ReturnType<typeof judgePlateau>;
      const found = values.map(value => {
        const { rate } = watch;
        watch = judgePlateau(plateau, watch, value, -1);
        return rate;
      });
      // Keras holds the rate in 32 bits.
      for (const [epoch, rate] of rates.entries()) expect(found[epoch]).toBeCloseTo(rate, 7);
    },
  );
});

test('a monitor reads its value of its output, and training rows where none are held back', () => {
  const scores = (loss: number): Scores => ({
    loss,
    heads: [{ output: 'digit', loss: loss / 2, metrics: { accuracy: loss / 10 } }],
  });
  const heads = [
    {
      output: 'digit',
      node: 'output-1',
      column: null,
      loss: { kind: 'mean_squared_error' },
      lossWeight: 1,
      metrics: [makeMetric('accuracy')],
      classWeights: null,
    },
  ] as const;
  const log = { training: scores(1), validation: scores(2) };
  const read = (
    output: string | null,
    value: string,
    from = log as { training: Scores; validation: Scores | null },
  ) => readMonitor({ rows: 'validation', output, value }, heads, from);
  expect(read(null, 'loss')).toBe(2);
  expect(read('output-1', 'loss')).toBe(1);
  expect(read('output-1', 'accuracy')).toBe(0.2);
  expect(read('output-1', 'auc')).toBeNull();
  expect(read(null, 'loss', { ...log, validation: null })).toBe(1);
  expect(directionOf({ rows: 'validation', output: 'output-1', value: 'accuracy' }, heads)).toBe(1);
  expect(directionOf({ rows: 'validation', output: 'output-1', value: 'loss' }, heads)).toBe(-1);
});
