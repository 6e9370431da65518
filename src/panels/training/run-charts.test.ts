import { describe, expect, test } from 'vitest';
import { type MetricSettings, makeMetric } from '../../graph/objectives';
import { DEFAULT_PHASE, DEFAULT_TRAINING } from '../../graph/training-settings';
import type { EpochLog } from '../../trainer/protocol';
import { lossChart, metricChart, nameValue, type ShownRun } from './run-charts';

const head = { node: 'output-1', output: 'digit', name: 'digit', metrics: [makeMetric('accuracy')] };

function log(epoch: number, phase: number, value: number): EpochLog {
  const scores = {
    loss: value,
    heads: [{ output: 'digit', loss: value, metrics: { accuracy: 1 - value, r2_score: -value } }],
  };
  return { epoch, phase, learningRate: 0.01, training: scores, validation: scores, elapsed: epoch };
}

function run(history: readonly EpochLog[], ended = 0): ShownRun {
  const phases = [
    { ...DEFAULT_PHASE, epochs: 5 },
    { ...DEFAULT_PHASE, name: 'Fine-tuning', epochs: 3 },
  ] as const;
  return {
    settings: { ...DEFAULT_TRAINING, phases },
    heads: [head],
    sources: [],
    history,
    ends: Array.from({ length: ended }, () => ({ by: 'early-stopping', restored: null }) as const),
  };
}

describe('where a phase begins', () => {
  test('is planned before it does', () => {
    expect(lossChart(run([])).phases).toEqual([{ name: 'Fine-tuning', after: 5 }]);
  });

  test('is earlier where the one before it ended early', () => {
    const chart = lossChart(run([log(1, 0, 1), log(2, 0, 0.5), log(3, 1, 0.4)], 1));
    expect(chart.phases).toEqual([{ name: 'Fine-tuning', after: 2 }]);
  });
});

test('the best epoch is marked on the validation line, by which way is better', () => {
  const history = [log(1, 0, 0.5), log(2, 0, 0.2), log(3, 0, 0.3)];
  expect(lossChart(run(history)).best).toEqual({ series: 1, index: 1 });
  expect(metricChart(run(history), head, makeMetric('accuracy')).best).toEqual({ series: 1, index: 1 });
  const without = history.map(each => ({ ...each, validation: null }));
  expect(lossChart(run(without)).best).toEqual({ series: 0, index: 1 });
});

test('values below 0 are in view', () => {
  const r2: MetricSettings = makeMetric('r2_score');
  const { range, format } = metricChart(run([log(1, 0, 1.9)]), head, r2);
  expect(range.min).toBeLessThanOrEqual(-1.9);
  expect(range.max).toBe(1);
  expect(format(-1.9)).toBe('-1.900');
});

test('each epoch says its learning rate, and a chart of the loss whose it is', () => {
  expect(lossChart(run([log(1, 0, 1)])).notes).toEqual(['rate 0.01']);
  expect(nameValue(head, null)).toBe('Loss of digit');
});
