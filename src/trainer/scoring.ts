/** Losses and metrics of all heads, added up on the device over many batches and read in one go. */
import * as tf from '@tensorflow/tfjs';
import type { Head } from '../compiler/result';
import { nameMetric } from '../graph/objectives';
import { computeLoss, computeMetric } from './losses';
import type { HeadScores, Scores } from './protocol';

/**
 * One batch's scores in one tensor: `[total, loss of head 1, its metrics…, loss of head 2, …]`. `losses` are those of the
 * heads, not weighted; `total` is what was minimised.
 */
export function packScores(
  heads: readonly Head[],
  total: tf.Scalar,
  losses: readonly tf.Scalar[],
  targets: readonly tf.Tensor[],
  predictions: readonly tf.Tensor[],
): tf.Tensor1D {
  return tf.tidy(() => {
    const values: tf.Scalar[] = [total];
    for (const [index, head] of heads.entries()) {
      const [loss, target, prediction] = [losses[index], targets[index], predictions[index]];
      if (loss === undefined || target === undefined || prediction === undefined) continue;
      values.push(loss);
      for (const metric of head.metrics) values.push(computeMetric(metric, head.loss, target, prediction));
    }
    return tf.stack(values).as1D();
  });
}

function unpackScores(heads: readonly Head[], values: ArrayLike<number>): Scores {
  let at = 0;
  const next = () => values[at++] ?? Number.NaN;
  const loss = next();
  const scores = heads.map((head): HeadScores => {
    const own = next();
    const metrics = Object.fromEntries(head.metrics.map(metric => [nameMetric(metric), next()]));
    return { output: head.output, loss: own, metrics };
  });
  return { loss, heads: scores };
}

/** The mean over rows of what was packed batch by batch. */
export class ScoreSum {
  private sum: tf.Tensor1D | null = null;
  private rows = 0;

  /** Takes `packed` over. */
  add(packed: tf.Tensor1D, rows: number): void {
    const before = this.sum;
    this.sum = tf.tidy(() => {
      const weighted = tf.mul(packed, rows);
      return (before === null ? weighted : tf.add(before, weighted)) as tf.Tensor1D;
    });
    before?.dispose();
    packed.dispose();
    this.rows += rows;
  }

  /** null: nothing was added. */
  async read(heads: readonly Head[]): Promise<Scores | null> {
    if (this.sum === null) return null;
    const values = await this.sum.data();
    return unpackScores(
      heads,
      Array.from(values, value => value / this.rows),
    );
  }

  dispose(): void {
    this.sum?.dispose();
    this.sum = null;
  }
}

/** A scalar: the weighted sum of the heads' losses. A head of weight 0 adds nothing, not even a NaN. */
export function weighLosses(heads: readonly Head[], losses: readonly tf.Scalar[]): tf.Scalar {
  return tf.tidy(() => {
    let total: tf.Tensor = tf.scalar(0);
    for (const [index, head] of heads.entries()) {
      const loss = losses[index];
      if (head.lossWeight !== 0 && loss !== undefined) total = tf.add(total, tf.mul(head.lossWeight, loss));
    }
    return total as tf.Scalar;
  });
}

export function lossesOf(
  heads: readonly Head[],
  targets: readonly tf.Tensor[],
  predictions: readonly tf.Tensor[],
): tf.Scalar[] {
  return heads.map((head, index) => {
    const [target, prediction] = [targets[index], predictions[index]];
    if (target === undefined || prediction === undefined) throw new Error(`${head.output} has no target`);
    return computeLoss(head.loss, target, prediction);
  });
}
