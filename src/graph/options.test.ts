import { describe, expect, it } from 'vitest';
import { LOSSES, METRIC_KINDS, METRICS, makeLoss, makeMetric, nameMetric } from './objectives';
import {
  choice,
  findOptionProblem,
  flag,
  kindsOf,
  makeSettings,
  number,
  numbers,
  optionalNumber,
} from './options';
import { CLIPPINGS, OPTIMIZERS, SCHEDULES } from './training-settings';

const TABLES = { LOSSES, METRICS, OPTIMIZERS, SCHEDULES, CLIPPINGS };

describe('the tables', () => {
  it.each(Object.entries(TABLES))('%s allow their own defaults and have words for everything', (_, table) => {
    for (const options of Object.values(table)) {
      for (const option of Object.values(options)) {
        expect(findOptionProblem(option, option.default)).toBeNull();
        expect(option.label).not.toBe('');
        expect(option.help).toMatch(/\.$/);
      }
    }
  });

  it('make settings with every option, those given instead of their defaults', () => {
    expect(makeSettings(OPTIMIZERS, 'sgd', { momentum: 0.9 })).toEqual({
      kind: 'sgd',
      learningRate: 0.01,
      weightDecay: null,
      momentum: 0.9,
      nesterov: false,
    });
    expect(makeLoss('huber')).toEqual({ kind: 'huber', delta: 1 });
    expect(kindsOf(CLIPPINGS)).toEqual(['value', 'norm', 'globalNorm']);
  });
});

describe('findOptionProblem', () => {
  const words = ['Name', 'Help.'] as const;
  it.each([
    [number(1, ...words, { above: 0 }), 0, 'It must be above 0.'],
    [number(1, ...words, { min: 0, below: 1 }), 1, 'It must be 0 or more and below 1.'],
    [number(1, ...words, { min: 0, max: 1 }), -1, 'It must be 0 or more and at most 1.'],
    [number(1, ...words, { min: 1, whole: true }), 1.5, 'It must be a whole number.'],
    [number(1, ...words), Number.NaN, 'It must be a number.'],
    [number(1, ...words), '1', 'It must be a number.'],
    [optionalNumber(null, ...words, { min: 0, none: 'off' }), -1, 'It must be 0 or more.'],
    [optionalNumber(null, ...words, { min: 0, none: 'off' }), null, null],
    [flag(true, ...words), 1, 'It must be on or off.'],
    [choice(['a', 'b'], 'a', ...words), 'c', 'One of a, b.'],
    [numbers([], ...words, { above: 0 }), [1, 0], 'It must be above 0.'],
    [numbers([], ...words, { above: 0 }), [1, 2], null],
    [numbers([], ...words), 1, 'It must be a list of numbers.'],
  ] as const)('%o given %o: %o', (option, value, problem) => {
    expect(findOptionProblem(option, value)).toBe(problem);
  });
});

describe('nameMetric', () => {
  it('gives metrics that differ names that differ', () => {
    const metrics = [
      ...METRIC_KINDS.map(kind => makeMetric(kind)),
      makeMetric('top_k_accuracy', { k: 3 }),
      makeMetric('precision', { threshold: 0.3 }),
      makeMetric('f1_score', { average: 'micro' }),
      makeMetric('f1_score', { average: 'micro', threshold: 0.3 }),
    ];
    expect(new Set(metrics.map(nameMetric)).size).toBe(metrics.length);
    expect(nameMetric(makeMetric('top_k_accuracy', { k: 3 }))).toBe('top_k_accuracy k=3');
  });
});
