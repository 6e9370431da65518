import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type LossSettings, METRIC_KINDS, type MetricSettings, nameMetric } from '../graph/objectives';
import { type Nested, readGolden, worstDifference } from './goldens/read-golden';
import { finishMetric, sumMetric } from './metrics';

interface Golden {
  readonly data: readonly {
    readonly integers: boolean;
    readonly batches: readonly {
      readonly target: Nested;
      readonly prediction: Nested;
      readonly weights: readonly number[];
    }[];
  }[];
  readonly cases: readonly Case[];
}

interface Case {
  readonly metric: MetricSettings;
  readonly loss: LossSettings;
  readonly data: number;
  readonly plain: number;
  readonly weighted: number;
}

const { data: DATA, cases: CASES } = readGolden<Golden>('metrics');
/** Relative; below 0.1 absolute. */
const TOLERANCE = 1e-5;
const FLOOR = 0.1;

beforeAll(() => tf.setBackend('cpu'));

/** All batches of a data set, added up on the device and read once. */
async function streamed({ metric, loss, data }: Case, weighted: boolean): Promise<number> {
  let sums: tf.Tensor1D | null = null;
  const { batches = [], integers = false } = DATA[data] ?? {};
  for (const { target, prediction, weights } of batches) {
    const before: tf.Tensor1D | null = sums;
    sums = tf.tidy(() => {
      const y = tf.tensor(target as tf.TensorLike, undefined, integers ? 'int32' : 'float32');
      const p = tf.tensor(prediction as tf.TensorLike, undefined, 'float32');
      const own = sumMetric(metric, loss, y, p, weighted ? tf.tensor1d([...weights]) : null);
      return before === null ? own : (tf.add(before, own) as tf.Tensor1D);
    });
    before?.dispose();
  }
  if (sums === null) throw new Error('No batches');
  const values = [...(await sums.data())];
  sums.dispose();
  return finishMetric(metric, values);
}

describe('as real Keras computes it over several batches', () => {
  it('covers every metric', () => {
    expect(new Set(CASES.map(({ metric }) => metric.kind))).toEqual(new Set(METRIC_KINDS));
  });

  it.each(
    CASES.map(item => [`${nameMetric(item.metric)} of ${item.loss.kind}, data ${item.data}`, item] as const),
  )('%s', async (_, item) => {
    const before = tf.memory().numTensors;
    expect(worstDifference([await streamed(item, false)], item.plain, FLOOR)).toBeLessThan(TOLERANCE);
    expect(worstDifference([await streamed(item, true)], item.weighted, FLOOR)).toBeLessThan(TOLERANCE);
    expect(tf.memory().numTensors).toBe(before);
  });
});
