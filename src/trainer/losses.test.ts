import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { LOSS_KINDS, type LossSettings, makeLoss } from '../graph/objectives';
import { LOSS_CASES, runLossCase, worstDifference } from './goldens/golden-cases';
import { computeLoss } from './losses';

/** Relative; below 0.01 absolute: the difference of two 32-bit logarithms knows no more. */
const TOLERANCE = 1e-5;
const FLOOR = 0.01;

beforeAll(() => tf.setBackend('cpu'));

function describeCase({ loss: { kind, ...options }, prediction }: (typeof LOSS_CASES)[number]): string {
  const said = Object.entries(options).map(([name, value]) => `${name} ${value}`);
  return [kind, ...said, JSON.stringify(prediction)].join(' ').slice(0, 100);
}

describe('as real Keras computes it', () => {
  it('covers every loss', () => {
    expect(new Set(LOSS_CASES.map(({ loss }) => loss.kind))).toEqual(new Set(LOSS_KINDS));
  });

  it.each(LOSS_CASES.map(item => [describeCase(item), item] as const))('%s', async (_, item) => {
    const before = tf.memory().numTensors;
    const found = await runLossCase(item);
    expect(worstDifference(found.values, item.values, FLOOR)).toBeLessThan(TOLERANCE);
    for (const key of ['plain', 'weighted'] as const) {
      expect(worstDifference(found[key].value, item[key].value, FLOOR)).toBeLessThan(TOLERANCE);
      expect(worstDifference(found[key].gradient, item[key].gradient, FLOOR)).toBeLessThan(TOLERANCE);
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('where Keras itself is not the measure', () => {
  const gradientOf = (loss: LossSettings, target: number[][], prediction: number[][]) =>
    tf.tidy(() => [
      ...tf
        .grad(x => computeLoss(loss, tf.tensor2d(target), x, null))(tf.tensor2d(prediction))
        .dataSync(),
    ]);

  it('is finite at probabilities of 0 and 1, at zero vectors and at logits of any size', () => {
    const certain: readonly [LossSettings, number[][], number[][]][] = [
      [makeLoss('categorical_crossentropy'), [[1, 0]], [[0, 1]]],
      [makeLoss('categorical_crossentropy', { fromLogits: true }), [[1, 0]], [[-1e4, 1e4]]],
      [makeLoss('binary_crossentropy'), [[1]], [[0]]],
      [makeLoss('binary_crossentropy', { fromLogits: true }), [[1]], [[-1e4]]],
      [makeLoss('kl_divergence'), [[1, 0]], [[0, 1]]],
      [makeLoss('cosine_similarity'), [[1, 0]], [[0, 0]]],
      [makeLoss('poisson'), [[3]], [[0]]],
      [makeLoss('log_cosh'), [[0]], [[1e4]]],
      [makeLoss('mean_squared_logarithmic_error'), [[3]], [[-2]]],
    ];
    for (const [loss, target, prediction] of certain) {
      const value = tf.tidy(
        () => computeLoss(loss, tf.tensor2d(target), tf.tensor2d(prediction), null).dataSync()[0],
      );
      const found = [value, ...gradientOf(loss, target, prediction)];
      expect(found.every(Number.isFinite), `${loss.kind}: ${found}`).toBe(true);
    }
  });

  it('does not move what is right already: TensorFlow.js alone says -1 for the slope of |0|', () => {
    const slope = tf.tidy(
      () =>
        tf
          .grad(x => tf.abs(x))(tf.scalar(0))
          .dataSync()[0],
    );
    expect(slope).toBe(-1);
    expect(gradientOf(makeLoss('mean_absolute_error'), [[2]], [[2]])).toEqual([0]);
  });

  it('keeps what is left to learn of a sure and right answer, which 32 bits lose in log(1 + exp(x)) - x', () => {
    const loss = makeLoss('binary_crossentropy', { fromLogits: true });
    const value = tf.tidy(
      () => computeLoss(loss, tf.tensor2d([[1]]), tf.tensor2d([[20]]), null).dataSync()[0] ?? 0,
    );
    expect(value / Math.log1p(Math.exp(-20))).toBeCloseTo(1, 5);
  });
});
