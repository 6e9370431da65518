import { expect, test } from 'vitest';
import { renameHardSigmoid } from './hard-sigmoid';

test('both functions get the names that they have today, also in wrapped layers', () => {
  const gates = { units: 3, activation: 'tanh', recurrent_activation: 'hard_sigmoid' };
  expect(
    renameHardSigmoid({
      layer: { class_name: 'LSTM', config: gates },
      merge_mode: 'hard_sigmoid',
      axes: [1, 2],
    }),
  ).toEqual({
    layer: { class_name: 'LSTM', config: { ...gates, recurrent_activation: 'hard_sigmoid_keras2' } },
    merge_mode: 'hard_sigmoid',
    axes: [1, 2],
  });
  expect(renameHardSigmoid({ activation: 'hard_sigmoid_keras3' })).toEqual({ activation: 'hard_sigmoid' });
});
