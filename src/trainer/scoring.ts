/**
 * Losses and metrics of all heads, added up on the device over many batches and read in one go. Losses are the means of their
 * batches by number of rows, as Keras' trackers take them; metrics are exact over all rows.
 */
import * as tf from '@tensorflow/tfjs';
import type { Head } from '../compiler/result';
import { nameMetric } from '../graph/objectives';
import { computeLoss } from './losses';
import { finishMetric, sumMetric } from './metrics';
import type { HeadScores, Scores } from './protocol';

/** What one batch adds, in one tensor: the rows, the total, and for each head its loss and the sums of its metrics. */
export type BatchScores = {
  readonly sums: tf.Tensor1D;
  /** How many sums each metric has, head by head. */
  readonly sizes: number[];
};

/**
 * `losses` are those of the heads, not weighted by `lossWeight`; `total` is what was minimised. Metrics count all rows alike, as
 * Keras' `metrics` do.
 */
export function packScores(
  heads: readonly Head[],
  total: tf.Scalar,
  losses: readonly tf.Scalar[],
  targets: readonly tf.Tensor[],
  predictions: readonly tf.Tensor[],
): BatchScores {
  return tf.tidy(() => {
    const rows = predictions[0]?.shape[0] ?? 0;
    const sums: tf.Tensor1D[] = [tf.tensor1d([rows]), tf.mul(total, rows).as1D()];
    const sizes: number[] = [];
    for (const [index, head] of heads.entries()) {
      const { loss, target, prediction } = partsOf(head, index, losses, targets, predictions);
      sums.push(tf.mul(loss, rows).as1D());
      for (const metric of head.metrics) {
        const own = sumMetric(metric, head.loss, target, prediction, null);
        sums.push(own);
        sizes.push(own.size);
      }
    }
    return { sums: tf.concat1d(sums), sizes };
  });
}

function partsOf(
  { output }: Head,
  index: number,
  losses: readonly tf.Scalar[],
  targets: readonly tf.Tensor[],
  predictions: readonly tf.Tensor[],
) {
  const [loss, target, prediction] = [losses[index], targets[index], predictions[index]];
  if (loss === undefined || target === undefined || prediction === undefined)
    throw new Error(`${output} has no loss, target or prediction.`);
  return { loss, target, prediction };
}

export interface SavedScores {
  readonly sums: readonly number[];
  readonly sizes: readonly number[];
}

/** The scores over all rows of the batches that were added. */
export class ScoreSum {
  private sum: BatchScores | null = null;

  constructor(
    private readonly heads: readonly Head[],
    from: SavedScores | null,
  ) {
    if (from !== null) this.sum = { sums: tf.tensor1d([...from.sums]), sizes: [...from.sizes] };
  }

  /** Takes `batch` over. */
  add(batch: BatchScores): void {
    const before = this.sum;
    if (before === null) {
      this.sum = batch;
      return;
    }
    this.sum = { sums: tf.add(before.sums, batch.sums), sizes: batch.sizes };
    before.sums.dispose();
    batch.sums.dispose();
  }

  /** null: nothing was added. */
  async read(): Promise<Scores | null> {
    const saved = await this.save();
    return saved === null ? null : finishScores(this.heads, saved);
  }

  /** null: nothing was added. */
  async save(): Promise<SavedScores | null> {
    if (this.sum === null) return null;
    const { sums, sizes } = this.sum;
    return { sums: [...(await sums.data())], sizes };
  }

  clear(): void {
    this.sum?.sums.dispose();
    this.sum = null;
  }

  dispose(): void {
    this.clear();
  }
}

function finishScores(heads: readonly Head[], { sums, sizes }: SavedScores): Scores {
  let at = 0;
  const take = (size: number) => {
    at += size;
    return sums.slice(at - size, at);
  };
  const [rows = 0, total = 0] = take(2);
  let metrics = 0;
  return {
    loss: total / rows,
    heads: heads.map((head): HeadScores => {
      const [loss = 0] = take(1);
      const values = head.metrics.map(metric => {
        const own = take(sizes[metrics++] ?? 0);
        return [nameMetric(metric), finishMetric(metric, own)] as const;
      });
      return { output: head.output, loss: loss / rows, metrics: Object.fromEntries(values) };
    }),
  };
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

/** The heads' losses, scalars. `weights`: for each head `[rows]`, or null where all rows count alike. */
export function lossesOf(
  heads: readonly Head[],
  targets: readonly tf.Tensor[],
  predictions: readonly tf.Tensor[],
  weights: readonly (tf.Tensor1D | null)[],
): tf.Scalar[] {
  return heads.map((head, index) => {
    const [target, prediction] = [targets[index], predictions[index]];
    if (target === undefined || prediction === undefined) throw new Error(`${head.output} has no target`);
    return computeLoss(head.loss, target, prediction, weights[index] ?? null);
  });
}
