import { describe, expect, test } from 'vitest';
import { EMPTY_DOCUMENT, type ProjectDocument } from '../graph/document';
import { makeSettings } from '../graph/options';
import {
  CLIPPINGS,
  DEFAULT_EARLY_STOPPING,
  DEFAULT_PHASE,
  makeSchedule,
  OPTIMIZERS,
  type Phase,
  type TrainingSettings,
} from '../graph/training-settings';
import type { Counts } from './counts';
import { findSettingProblems } from './setting-problems';

const dataset = { id: 'd', name: 'd', credit: '', rows: 0, columns: [], testRows: new Uint32Array() };
const counts: Counts = { parameters: 1, phases: [{ layers: ['d'], trainable: 1, problem: null }] };

function problems(
  training: Partial<TrainingSettings>,
  data: Partial<ProjectDocument['data']> = {},
  of: Counts = counts,
) {
  const document = {
    ...EMPTY_DOCUMENT,
    training: { ...EMPTY_DOCUMENT.training, ...training },
    data: { ...EMPTY_DOCUMENT.data, ...data },
  };
  return findSettingProblems(document, [], dataset, of);
}

const phase = (patch: Partial<Phase>): Pick<TrainingSettings, 'phases'> => ({
  phases: [{ ...DEFAULT_PHASE, ...patch }],
});
const piecewise = (boundaries: readonly number[], values: readonly number[]) =>
  phase({ schedule: { ...makeSchedule('piecewise'), boundaries, values } as Phase['schedule'] });

test('the defaults are sound, with early stopping and clipping too', () => {
  expect(problems({})).toEqual([]);
  const clipping = makeSettings(CLIPPINGS, 'globalNorm');
  expect(problems({ earlyStopping: DEFAULT_EARLY_STOPPING, clipping })).toEqual([]);
  expect(problems(piecewise([2, 4], [0.1, 0.01, 0.001]))).toEqual([]);
});

describe('said at their fields are', () => {
  test('boundaries that do not rise', () => {
    expect(problems(piecewise([4, 2], [0.1, 0.01, 0.001]))).toEqual([
      {
        at: { of: 'schedule', phase: 0, option: 'boundaries' },
        message: 'Each boundary must be later than the one before it.',
      },
    ]);
  });

  test('rates that are too few for the boundaries', () => {
    const [problem] = problems(piecewise([2], [0.1]));
    expect(problem?.at).toMatchObject({ option: 'values' });
    expect(problem?.message).toBe('1 boundary takes 2 rates, and there is 1.');
  });

  test('a patience of 0', () => {
    const [problem] = problems({ earlyStopping: { ...DEFAULT_EARLY_STOPPING, patience: 0 } });
    expect(problem).toMatchObject({ at: { of: 'early-stopping', option: 'patience' } });
  });

  test('a learning rate and a limit that are not above 0', () => {
    const optimizer = makeSettings(OPTIMIZERS, 'adam', { learningRate: 0 });
    expect(problems(phase({ optimizer }))[0]).toMatchObject({
      at: { of: 'optimizer', phase: 0, option: 'learningRate' },
    });
    const clipping = makeSettings(CLIPPINGS, 'value', { limit: -1 });
    expect(problems({ clipping })[0]).toMatchObject({ at: { of: 'clipping', option: 'limit' } });
  });

  test('a monitor of what is not measured', () => {
    const monitor = { rows: 'validation', output: 'output-1', value: 'auc' } as const;
    expect(problems({ earlyStopping: { ...DEFAULT_EARLY_STOPPING, monitor } })[0]).toMatchObject({
      at: { of: 'early-stopping', option: 'monitor' },
    });
  });

  test('a column of sample weights that is not there', () => {
    expect(problems({}, { sampleWeight: 'gone' })[0]).toMatchObject({ at: { of: 'sample-weight' } });
  });

  test('a phase in which nothing trains', () => {
    const nothing = { layers: [], trainable: 0, problem: 'Everything is frozen.' };
    const two = { phases: [DEFAULT_PHASE, { ...DEFAULT_PHASE, name: 'Second' }] } as const;
    expect(problems(two, {}, { parameters: 1, phases: [...counts.phases, nothing] })).toEqual([
      { at: { of: 'phase', phase: 1 }, message: 'Everything is frozen.' },
    ]);
  });
});
