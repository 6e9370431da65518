import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { LOSS_KINDS, type LossSettings, makeLoss } from '../graph/objectives';
import { type Nested, readGolden, worstDifference } from './goldens/read-golden';
import { computeLoss, lossValues } from './losses';

interface Outcome {
  readonly value: number;
  readonly gradient: Nested;
}

interface Case {
  readonly loss: LossSettings;
  readonly target: Nested;
  readonly integers: boolean;
  readonly prediction: Nested;
  readonly values: Nested;
  readonly weights: readonly number[];
  readonly plain: Outcome;
  readonly weighted: Outcome;
}

const CASES = readGolden<readonly Case[]>('losses');
/** Relative; below 0.01 absolute: the difference of two 32-bit logarithms knows no more. */
const TOLERANCE = 1e-5;
const FLOOR = 0.01;

beforeAll(() => tf.setBackend('cpu'));

function tensors({ target, integers, prediction }: Case) {
  return {
    y: tf.tensor(target as tf.TensorLike, undefined, integers ? 'int32' : 'float32'),
    p: tf.tensor(prediction as tf.TensorLike, undefined, 'float32'),
  };
}

function describeCase({ loss: { kind, ...options }, prediction }: Case): string {
  const said = Object.entries(options).map(([name, value]) => `${name} ${value}`);
  const { shape } = tf.tidy(() => tf.tensor(prediction as tf.TensorLike));
  return [kind, ...said, `[${shape}]`].join(' ');
}

describe('as real Keras computes it', () => {
  it('covers every loss', () => {
    expect(new Set(CASES.map(({ loss }) => loss.kind))).toEqual(new Set(LOSS_KINDS));
  });

  it.each(CASES.map(item => [describeCase(item), item] as const))('%s', async (_, item) => {
    const before = tf.memory().numTensors;
    const { y, p } = tensors(item);
    const values = lossValues(item.loss, y, p);
    expect(worstDifference(await values.data(), item.values, FLOOR)).toBeLessThan(TOLERANCE);
    for (const [weights, keras] of [
      [null, item.plain],
      [tf.tensor1d([...item.weights]), item.weighted],
    ] as const) {
      const { value, grad } = tf.valueAndGrad(x => computeLoss(item.loss, y, x, weights))(p);
      expect(worstDifference(await value.data(), keras.value, FLOOR)).toBeLessThan(TOLERANCE);
      expect(worstDifference(await grad.data(), keras.gradient, FLOOR)).toBeLessThan(TOLERANCE);
      tf.dispose([value, grad]);
      weights?.dispose();
    }
    tf.dispose([y, p, values]);
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
