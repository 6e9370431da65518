/**
 * How good predictions are, row by row, and whether one set of predictions is better than another on the same rows.
 * Pure: numbers in, numbers and one sentence out. Whoever calls it has measured the predictions.
 */
import { must } from '../base/assert';
import { createRandom } from '../base/random';
import type { Column } from '../data/dataset';
import type { LossSettings } from '../graph/objectives';
import type { ArrayData } from '../network/arrays';

/** `accuracy`: the part of the rows that are right, more is better. `error`: mean absolute error, less is better. */
export type Measure = 'accuracy' | 'error';

export interface RowScores {
  readonly measure: Measure;
  /** One number a row: 1 or 0 for right or wrong, or the row's mean absolute error. */
  readonly perRow: Float64Array;
}

export function measureFor(column: Column): Measure {
  return column.kind === 'classes' ? 'accuracy' : 'error';
}

/** Whether an output of so many values a row can be held against a column. */
export function sizeSuits(size: number, column: Column): boolean {
  if (column.kind === 'numbers') return size === column.rowShape.reduce((product, dim) => product * dim, 1);
  return size === column.classes.length || (size === 1 && column.classes.length === 2);
}

/** Above it one value says yes: probabilities are cut in half, raw scores at 0. */
export function thresholdOf(loss: LossSettings): number {
  const isRaw = 'fromLogits' in loss && loss.fromLogits;
  return isRaw || loss.kind === 'hinge' || loss.kind === 'squared_hinge' ? 0 : 0.5;
}

/**
 * `output` holds one row for each of `rows`, in their order; the truth is looked up in `column`. `threshold`: from where one
 * value for two classes is the second.
 */
export function scoreRows(output: ArrayData, column: Column, rows: Uint32Array, threshold = 0.5): RowScores {
  const size = output.values.length / Math.max(1, rows.length);
  if (!sizeSuits(size, column))
    throw new Error(`An output of ${size} values can't be held against ${column.name}.`);
  const perRow = new Float64Array(rows.length);
  for (const [index, row] of rows.entries()) {
    const values = output.values.subarray(index * size, (index + 1) * size);
    if (column.kind === 'numbers') {
      let sum = 0;
      for (const [i, value] of values.entries())
        sum += Math.abs(value - (column.values[row * size + i] ?? 0));
      perRow[index] = sum / size;
    } else {
      const guess = size === 1 ? Number((values[0] ?? 0) > threshold) : indexOfLargest(values);
      perRow[index] = Number(guess === column.values[row]);
    }
  }
  return { measure: measureFor(column), perRow };
}

function indexOfLargest(values: Float32Array | Int32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] ?? 0) > (values[best] ?? 0)) best = i;
  return best;
}

/** The plain average of several sources' answers to the same rows, value by value. */
export function averageOutputs(outputs: readonly ArrayData[]): ArrayData {
  const first = must(outputs[0], 'an output to average');
  const values = new Float32Array(first.values.length);
  for (const output of outputs)
    for (const [i, value] of output.values.entries()) values[i] = (values[i] ?? 0) + value / outputs.length;
  return { shape: first.shape, dtype: 'float32', values };
}

export function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Index of the best of several, or null if there is none. */
export function bestOf(scores: readonly RowScores[]): number | null {
  let best: number | null = null;
  let bestGain = Number.NEGATIVE_INFINITY;
  for (const [index, score] of scores.entries()) {
    const gain = score.measure === 'accuracy' ? mean(score.perRow) : -mean(score.perRow);
    if (gain > bestGain) [best, bestGain] = [index, gain];
  }
  return best;
}

export interface Interval {
  /** How much better (in the measure's own unit, below 0: worse). */
  readonly gain: number;
  /** The 95 % interval of that. */
  readonly low: number;
  readonly high: number;
}

/** Below this many rows a resampled interval looks surer than it is. */
const FEWEST_ROWS = 30;
const MOST_DRAWS = 2e7;

/**
 * The 95 % interval of the difference of two means over the same rows: the percentile bootstrap over rows, in pairs, since
 * both have answered the same rows. https://en.wikipedia.org/wiki/Bootstrapping_(statistics)
 */
export function compareInPairs(joined: RowScores, other: RowScores, seed: number): Interval {
  const sign = joined.measure === 'accuracy' ? 1 : -1;
  const gains = joined.perRow.map((value, i) => sign * (value - (other.perRow[i] ?? 0)));
  const rows = gains.length;
  const random = createRandom(seed);
  const rounds = Math.round(Math.min(2000, Math.max(400, MOST_DRAWS / Math.max(1, rows))));
  const means = new Float64Array(rounds);
  for (let round = 0; round < rounds; round++) {
    let sum = 0;
    for (let draw = 0; draw < rows; draw++) sum += gains[random.below(rows)] ?? 0;
    means[round] = sum / rows;
  }
  means.sort();
  const at = (part: number) => means[Math.round(part * (rounds - 1))] ?? 0;
  return { gain: mean(gains), low: at(0.025), high: at(0.975) };
}

export interface Verdict {
  readonly kind: 'better' | 'unclear' | 'worse';
  readonly interval: Interval | null;
  readonly sentence: string;
}

/** `against` as in `Better than <against> by …`. */
export function judge(joined: RowScores, other: RowScores, against: string, seed: number): Verdict {
  const rows = joined.perRow.length;
  if (rows < FEWEST_ROWS) {
    return {
      kind: 'unclear',
      interval: null,
      sentence: `No verdict against ${against}: ${rows} test ${rows === 1 ? 'row is' : 'rows are'} too few, it takes ${FEWEST_ROWS}.`,
    };
  }
  const interval = compareInPairs(joined, other, seed);
  const { gain, low, high } = interval;
  const percent = joined.measure === 'accuracy';
  const format = (value: number) =>
    (percent ? formatPoints(value * 100) : formatNumber(value)).replace('-', '−');
  const range = `[${format(low)}, ${format(high)}]`;
  const by = `${format(Math.abs(gain))}${percent ? ' points' : ''}`;
  const what = percent ? '' : ' in mean absolute error';
  if (low > 0)
    return { kind: 'better', interval, sentence: `Better than ${against} by ${by} ${range}${what}.` };
  if (high < 0)
    return { kind: 'worse', interval, sentence: `Worse than ${against} by ${by} ${range}${what}.` };
  const way = gain === 0 ? 'none measured' : `${by} ${gain > 0 ? 'better' : 'worse'}`;
  return {
    kind: 'unclear',
    interval,
    sentence: `No clear difference from ${against}${what}: ${way} ${range}.`,
  };
}

/** One digit, or two where one would say 0 of something that isn't. */
function formatPoints(points: number): string {
  return points !== 0 && Math.abs(points) < 0.05 ? points.toFixed(2) : points.toFixed(1);
}

/** Three significant digits, without an exponent where people can do without. */
export function formatNumber(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e6) return value.toExponential(1);
  if (size >= 100) return value.toFixed(size >= 1000 ? 0 : 1);
  return value.toPrecision(3);
}

/** `97.8%` or `0.132`. */
export function formatScore(value: number, measure: Measure): string {
  return measure === 'accuracy' ? `${(value * 100).toFixed(1)}%` : formatNumber(value);
}
