/**
 * Whether two sources err on the same rows, and what a join of them could win at best. Pure: answers in, numbers and one
 * verdict out. The measures are those of Kuncheva and Whitaker 2003, "Measures of Diversity in Classifier Ensembles"
 * (https://doi.org/10.1023/A:1022859003006); for numbers, the best blend of two predictors.
 */
import { createRandom } from '../base/random';
import { formatNumber } from './scores';

export interface Span {
  readonly value: number;
  /** The 95 % interval. */
  readonly low: number;
  readonly high: number;
}

export interface ClassOverlap {
  readonly kind: 'classes';
  readonly rows: number;
  readonly neitherWrong: number;
  readonly onlyAWrong: number;
  readonly onlyBWrong: number;
  readonly bothWrong: number;
  readonly accuracyA: number;
  readonly accuracyB: number;
  /** The part of the rows that at least one of them gets right: no choice between the two can do better. */
  readonly oracle: number;
  /**
   * Of the better one's errors the part that the other gets right, with Wilson's interval; null: it makes none.
   * https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval
   */
  readonly rescued: Span | null;
  /**
   * Cohen's kappa of being wrong: 1 for errors on the same rows, 0 for errors that have nothing to do with each other,
   * below 0 where one errs just where the other doesn't. null: one of them is always right or always wrong.
   */
  readonly kappa: Span | null;
  /** Yule's Q of the same four counts, −1 to 1; null where it is 0 divided by 0. */
  readonly yuleQ: number | null;
}

export interface NumberOverlap {
  readonly kind: 'numbers';
  readonly rows: number;
  /** Root mean squared errors. */
  readonly errorA: number;
  readonly errorB: number;
  /** Pearson's correlation of the signed errors; null: one of them makes none. */
  readonly correlation: number | null;
  /** How much less squared error the best fixed blend of the two makes than the better one alone, 0 to 1. */
  readonly gain: Span;
}

export type ErrorOverlap = ClassOverlap | NumberOverlap;

/** 1: right, 0: wrong, row by row. `seed` draws the rows of kappa's interval. */
export function overlapOfClasses(rightA: Float64Array, rightB: Float64Array, seed: number): ClassOverlap {
  const rows = rightA.length;
  // Neither wrong, only A, only B, both.
  const cells = [0, 0, 0, 0];
  const cellOf = Uint8Array.from(rightA, (right, i) => Number(right === 0) + 2 * Number(rightB[i] === 0));
  for (const cell of cellOf) cells[cell] = (cells[cell] ?? 0) + 1;
  const [neitherWrong = 0, onlyAWrong = 0, onlyBWrong = 0, bothWrong = 0] = cells;
  const [wrongA, wrongB] = [onlyAWrong + bothWrong, onlyBWrong + bothWrong];
  const betterIsA = wrongA <= wrongB;
  const [wrong, saved] = betterIsA ? [wrongA, onlyAWrong] : [wrongB, onlyBWrong];
  const [agree, differ] = [neitherWrong * bothWrong, onlyAWrong * onlyBWrong];
  return {
    kind: 'classes',
    rows,
    neitherWrong,
    onlyAWrong,
    onlyBWrong,
    bothWrong,
    accuracyA: 1 - wrongA / rows,
    accuracyB: 1 - wrongB / rows,
    oracle: 1 - bothWrong / rows,
    rescued: wrong === 0 ? null : wilson(saved, wrong),
    kappa: kappaSpan(cellOf, cells, seed),
    yuleQ: agree + differ === 0 ? null : (agree - differ) / (agree + differ),
  };
}

function kappaOf([neither = 0, onlyA = 0, onlyB = 0, both = 0]: readonly number[]): number | null {
  const rows = neither + onlyA + onlyB + both;
  const [wrongA, wrongB] = [(onlyA + both) / rows, (onlyB + both) / rows];
  const byChance = wrongA * wrongB + (1 - wrongA) * (1 - wrongB);
  return wrongA * (1 - wrongA) === 0 || wrongB * (1 - wrongB) === 0
    ? null
    : ((neither + both) / rows - byChance) / (1 - byChance);
}

function kappaSpan(cellOf: Uint8Array, cells: readonly number[], seed: number): Span | null {
  const value = kappaOf(cells);
  if (value === null) return null;
  const draws = drawRows(cellOf.length, seed, rows => {
    const drawn = [0, 0, 0, 0];
    for (const row of rows) {
      const cell = cellOf[row] ?? 0;
      drawn[cell] = (drawn[cell] ?? 0) + 1;
    }
    return kappaOf(drawn) ?? value;
  });
  return { value, ...draws };
}

/** Wilson's score interval at 95 %. */
export function wilson(hits: number, tries: number): Span {
  const z = 1.959964;
  const value = hits / tries;
  const middle = (value + (z * z) / (2 * tries)) / (1 + (z * z) / tries);
  const half =
    (z / (1 + (z * z) / tries)) * Math.sqrt((value * (1 - value)) / tries + (z * z) / (4 * tries * tries));
  return { value, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** Signed errors, row after row, each of the same number of values. */
export function overlapOfNumbers(
  errorsA: Float64Array,
  errorsB: Float64Array,
  rows: number,
  seed: number,
): NumberOverlap {
  const size = errorsA.length / rows;
  // Of each row: A's squared errors, B's, and their products.
  const sums = [new Float64Array(rows), new Float64Array(rows), new Float64Array(rows)] as const;
  for (let i = 0; i < errorsA.length; i++) {
    const [a, b, row] = [errorsA[i] as number, errorsB[i] as number, Math.floor(i / size)];
    for (const [index, product] of [a * a, b * b, a * b].entries()) {
      const sum = sums[index];
      if (sum !== undefined) sum[row] = (sum[row] as number) + product / size;
    }
  }
  const meanOver = (values: Float64Array, chosen: Uint32Array) => {
    let sum = 0;
    for (const row of chosen) sum += values[row] as number;
    return sum / chosen.length;
  };
  const gainOver = (chosen: Uint32Array) => {
    const [a, b, ab] = sums.map(values => meanOver(values, chosen)) as [number, number, number];
    return blendGain(a, b, ab);
  };
  const all = Uint32Array.from({ length: rows }, (_, row) => row);
  const [a, b] = [meanOver(sums[0], all), meanOver(sums[1], all)];
  return {
    kind: 'numbers',
    rows,
    errorA: Math.sqrt(a),
    errorB: Math.sqrt(b),
    correlation: correlationOf(errorsA, errorsB),
    gain: { value: gainOver(all), ...drawRows(rows, seed, gainOver) },
  };
}

/** `a`, `b`: mean squared errors; `ab`: the mean product of the errors. The blend w A + (1 − w) B that errs least, 0 ≤ w ≤ 1. */
function blendGain(a: number, b: number, ab: number): number {
  const better = Math.min(a, b);
  const apart = a + b - 2 * ab;
  if (better === 0 || apart <= 0) return 0;
  const w = Math.min(1, Math.max(0, (b - ab) / apart));
  return 1 - (w * w * a + (1 - w) * (1 - w) * b + 2 * w * (1 - w) * ab) / better;
}

function correlationOf(a: Float64Array, b: Float64Array): number | null {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [aa, bb, ab] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [(a[i] as number) - meanA, (b[i] as number) - meanB];
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  return aa === 0 || bb === 0 ? null : ab / Math.sqrt(aa * bb);
}

const MOST_DRAWS = 1e7;

/** The percentile bootstrap over rows. https://en.wikipedia.org/wiki/Bootstrapping_(statistics) */
function drawRows(
  rows: number,
  seed: number,
  statistic: (rows: Uint32Array) => number,
): Pick<Span, 'low' | 'high'> {
  const random = createRandom(seed);
  const rounds = Math.round(Math.min(2000, Math.max(200, MOST_DRAWS / Math.max(1, rows))));
  const drawn = new Uint32Array(rows);
  const values = Float64Array.from({ length: rounds }, () => {
    for (let i = 0; i < rows; i++) drawn[i] = random.below(rows);
    return statistic(drawn);
  }).sort();
  const at = (part: number) => values[Math.round(part * (rounds - 1))] ?? 0;
  return { low: at(0.025), high: at(0.975) };
}

export interface Judgement {
  readonly kind: 'complementary' | 'redundant' | 'unclear';
  /** One sentence with the numbers that it rests on. */
  readonly sentence: string;
}

/**
 * A source that gets fewer than this part of the other's errors right adds little; one that surely gets more right has
 * something of its own. The line is a convention; the numbers stand beside it.
 */
const WORTH_RESCUING = 0.25;
/** The same for numbers: how much of the squared error a blend takes away. */
const WORTH_BLENDING = 0.1;

/** `chance`: the accuracy of always answering the most frequent class. */
export function judgeClasses(
  overlap: ClassOverlap,
  { a, b }: { readonly a: string; readonly b: string },
  chance: number,
): Judgement {
  const { rescued, rows, accuracyA, accuracyB, oracle } = overlap;
  const betterIsA = accuracyA >= accuracyB;
  const [better, other] = betterIsA ? [a, b] : [b, a];
  const weaker = Math.min(accuracyA, accuracyB);
  const best = Math.max(accuracyA, accuracyB);
  if (wilson(Math.round(weaker * rows), rows).high <= chance || weaker <= chance) {
    const sentence = `Redundant: ${other} is right in ${percent(weaker)} of the rows, no more often than always giving the same answer (${percent(chance)}), so a join can hardly tell when to follow it.`;
    return { kind: 'redundant', sentence };
  }
  if (rescued === null)
    return {
      kind: 'unclear',
      sentence: `${better} makes no error on these ${rows} rows, so there is nothing to add to it here.`,
    };
  const errors = betterIsA ? overlap.onlyAWrong : overlap.onlyBWrong;
  const wrong = errors + overlap.bothWrong;
  const what = `of the ${wrong} ${wrong === 1 ? 'row' : 'rows'} that ${better} gets wrong, ${other} gets ${errors} right (${percent(rescued.value)}, 95 % interval ${percentRange(rescued)})`;
  const ceiling = `A perfect join of the two would be right in ${percent(oracle)}, ${better} alone is in ${percent(best)}`;
  if (rescued.low > WORTH_RESCUING)
    return { kind: 'complementary', sentence: `Complementary: ${what}. ${ceiling}.` };
  if (rescued.high < WORTH_RESCUING)
    return { kind: 'redundant', sentence: `Redundant: ${what}; they mostly err together. ${ceiling}.` };
  return { kind: 'unclear', sentence: `Not clear on ${rows} rows: ${what}. ${ceiling}.` };
}

export function judgeNumbers(
  { gain, rows, errorA, errorB, correlation }: NumberOverlap,
  { a, b }: { readonly a: string; readonly b: string },
): Judgement {
  const better = errorA <= errorB ? a : b;
  const what = `the best blend of the two makes ${percent(gain.value)} less squared error than ${better} alone (95 % interval ${percentRange(gain)})`;
  const why =
    correlation === null
      ? ''
      : `; their errors are correlated by ${formatNumber(correlation).replace('-', '−')}`;
  if (gain.low > WORTH_BLENDING) return { kind: 'complementary', sentence: `Complementary: ${what}${why}.` };
  if (gain.high < WORTH_BLENDING) return { kind: 'redundant', sentence: `Redundant: ${what}${why}.` };
  return { kind: 'unclear', sentence: `Not clear on ${rows} rows: ${what}${why}.` };
}

function percent(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}

function percentRange({ low, high }: Span): string {
  return `${(low * 100).toFixed(0)} to ${(high * 100).toFixed(0)} %`;
}
