import { expect, it } from 'vitest';
import { kindsOf } from '../graph/options';
import { SCHEDULES } from '../graph/training-settings';
import { SCHEDULE_GOLDEN, worstDifference } from './goldens/golden-cases';
import { learningRateAt } from './schedules';

const { stepsPerEpoch, epochs, learningRate, cases } = SCHEDULE_GOLDEN;

it('covers every schedule but the plateau', () => {
  const kinds = kindsOf(SCHEDULES).filter(kind => kind !== 'plateau');
  expect(new Set(cases.map(({ schedule }) => schedule.kind))).toEqual(new Set(kinds));
});

it.each(cases.map(item => [JSON.stringify(item.schedule), item] as const))(
  'gives the rates of real Keras: %s',
  (_, { schedule, rates }) => {
    const found = rates.map((_rate, step) =>
      learningRateAt(schedule, learningRate, step / stepsPerEpoch, epochs),
    );
    // Relative; Keras reckons in 32 bits, and near its end a cosine is the difference of two numbers near 1.
    expect(worstDifference(found, rates, 1e-4)).toBeLessThan(1e-5);
  },
);

it('steps down at the end of an epoch also where its steps are thirds', () => {
  const stairs = { kind: 'exponential', decayEpochs: 1, decayRate: 0.5, staircase: true } as const;
  const piecewise = { kind: 'piecewise', boundaries: [1], values: [1, 0.5] } as const;
  const afterThirds = 1 / 3 + 1 / 3 + 1 / 3 - 2 ** -52;
  expect(learningRateAt(stairs, 1, afterThirds, 3)).toBe(0.5);
  expect(learningRateAt(piecewise, 1, afterThirds, 3)).toBe(0.5);
});
