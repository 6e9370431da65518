/**
 * How alike two sets of features are over the same rows: linear centred kernel alignment (CKA). It is plain arithmetic in
 * 64 bits and knows nothing of TensorFlow.js, of models or of what a similarity means for a merge.
 */

/** Row after row, `size` values each; a tensor of more axes is flattened row by row. */
export interface Features {
  readonly rows: number;
  readonly size: number;
  readonly values: Float32Array | Int32Array;
}

export interface Similarity {
  readonly rows: number;
  /**
   * Linear CKA, 0 to 1, as in Kornblith et al. 2019, "Similarity of Neural Network Representations Revisited"
   * (https://arxiv.org/abs/1905.00414). With few rows it is too high: independent features of sizes p and q over n rows
   * give about √(pq / ((n + p)(n + q))), not 0.
   */
  readonly cka: number;
  /**
   * The same with the unbiased estimate of HSIC of Song et al. 2012, "Feature Selection via Dependence Maximization"
   * (https://jmlr.org/papers/v13/song12a.html, equation 5): about 0 for independent features, however few rows there are.
   */
  readonly debiased: number;
  /** The standard error of `debiased`: a jackknife over groups of rows (https://en.wikipedia.org/wiki/Jackknife_resampling). */
  readonly error: number;
}

/** Below this, leaving a group of rows out says nothing. */
export const FEWEST_ROWS = 20;
const GROUPS = 10;

/**
 * `by`: the two forms give the same numbers. `features` costs rows × size², `rows` costs rows² × size; the cheaper one is
 * taken. null: one side never changes (there is nothing to compare), or there are fewer than `FEWEST_ROWS` rows.
 */
export function linearCka(
  a: Features,
  b: Features,
  by: 'features' | 'rows' = cheaperForm(a, b),
): Similarity | null {
  if (a.rows !== b.rows) throw new Error(`${a.rows} rows can't be compared with ${b.rows}`);
  const rows = a.rows;
  if (rows < FEWEST_ROWS) return null;
  const x = centre(a);
  const y = centre(b);
  if (x === null || y === null) return null;
  const pairs = [
    [x, y],
    [x, x],
    [y, y],
  ] as const;
  const kernels = pairs.map(([left, right]) =>
    by === 'features' ? byFeatures(left, right) : byRows(left, right),
  );
  const ratio = (of: (kernel: Kernels) => number) => {
    const [xy = 0, xx = 0, yy = 0] = kernels.map(of);
    return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
  };
  const without = Array.from({ length: GROUPS }, (_, group) => ratio(kernel => kernel.unbiased(group)));
  return {
    rows,
    cka: ratio(kernel => kernel.biased),
    debiased: ratio(kernel => kernel.unbiased(null)),
    error: jackknifeError(without),
  };
}

/** 6 is where three products of moments, each made twice, cost as much as two matrices of all pairs of rows. */
function cheaperForm(a: Features, b: Features): 'features' | 'rows' {
  return 6 * Math.max(a.size, b.size) <= a.rows ? 'features' : 'rows';
}

function jackknifeError(without: readonly number[]): number {
  const count = without.length;
  const middle = without.reduce((sum, value) => sum + value, 0) / count;
  const spread = without.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(((count - 1) / count) * spread);
}

/** HSIC of two sets of features with linear kernels K and L, but for factors that cancel in CKA. */
interface Kernels {
  readonly biased: number;
  /** Without the rows of a group (row i is in group i modulo `GROUPS`); null: with all. */
  unbiased(leftOut: number | null): number;
}

interface Centred {
  readonly rows: number;
  readonly size: number;
  readonly values: Float64Array;
}

/**
 * Each column around 0, and the whole at most 1 in size: CKA doesn't depend on either, and squares of large values with a
 * far larger mean would lose their digits. null: nothing varies.
 */
function centre({ rows, size, values }: Features): Centred | null {
  const centred = Float64Array.from(values);
  // Twice: the second time takes away what rounding left of the mean.
  for (const _ of [1, 2]) {
    for (let column = 0; column < size; column++) {
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += centred[row * size + column] as number;
      const mean = sum / rows;
      for (let row = 0; row < rows; row++) {
        const at = row * size + column;
        centred[at] = (centred[at] as number) - mean;
      }
    }
  }
  let largest = 0;
  for (const value of centred) largest = Math.max(largest, Math.abs(value));
  let original = 0;
  for (const value of values) original = Math.max(original, Math.abs(value));
  // What is left of a constant is rounding, not variation.
  if (!Number.isFinite(largest) || largest <= original * 1e-12) return null;
  return { rows, size, values: centred.map(value => value / largest) };
}

/** Sums over rows from which HSIC follows without any matrix of rows by rows. */
interface Moments {
  rows: number;
  /** Σ a bᵀ, `[a's size, b's size]`. */
  readonly cross: Float64Array;
  /** Σ a and Σ b. */
  readonly sumA: Float64Array;
  readonly sumB: Float64Array;
  /** With k = a·a and l = b·b, the kernels' diagonals: Σ l a, Σ k b, Σ k, Σ l and Σ k l. */
  readonly aTimesL: Float64Array;
  readonly bTimesK: Float64Array;
  k: number;
  l: number;
  kl: number;
}

function byFeatures(a: Centred, b: Centred): Kernels {
  const all = emptyMoments(a, b);
  for (let row = 0; row < a.rows; row++) addRow(all, a, b, row, 1);
  return {
    biased: squaredNorm(all.cross),
    unbiased(leftOut) {
      if (leftOut === null) return unbiasedOf(all);
      const rest = copyMoments(all);
      for (let row = leftOut; row < a.rows; row += GROUPS) addRow(rest, a, b, row, -1);
      return unbiasedOf(rest);
    },
  };
}

function emptyMoments(a: Centred, b: Centred): Moments {
  return {
    rows: 0,
    cross: new Float64Array(a.size * b.size),
    sumA: new Float64Array(a.size),
    sumB: new Float64Array(b.size),
    aTimesL: new Float64Array(a.size),
    bTimesK: new Float64Array(b.size),
    k: 0,
    l: 0,
    kl: 0,
  };
}

function copyMoments(moments: Moments): Moments {
  const { cross, sumA, sumB, aTimesL, bTimesK } = moments;
  return {
    ...moments,
    cross: cross.slice(),
    sumA: sumA.slice(),
    sumB: sumB.slice(),
    aTimesL: aTimesL.slice(),
    bTimesK: bTimesK.slice(),
  };
}

/** `sign` −1 takes the row out again. */
function addRow(moments: Moments, a: Centred, b: Centred, row: number, sign: 1 | -1): void {
  const left = a.values.subarray(row * a.size, (row + 1) * a.size);
  const right = b.values.subarray(row * b.size, (row + 1) * b.size);
  const k = squaredNorm(left);
  const l = squaredNorm(right);
  moments.rows += sign;
  moments.k += sign * k;
  moments.l += sign * l;
  moments.kl += sign * k * l;
  addTimes(moments.sumA, left, sign);
  addTimes(moments.sumB, right, sign);
  addTimes(moments.aTimesL, left, sign * l);
  addTimes(moments.bTimesK, right, sign * k);
  for (let i = 0; i < a.size; i++) {
    const factor = sign * (left[i] as number);
    if (factor !== 0) addTimes(moments.cross.subarray(i * b.size, (i + 1) * b.size), right, factor);
  }
}

/** Song et al. 2012, equation 5, with K = A Aᵀ and L = B Bᵀ, both without their diagonals. */
function unbiasedOf({ rows, cross, sumA, sumB, aTimesL, bTimesK, k, l, kl }: Moments): number {
  const trace = squaredNorm(cross) - kl;
  const sumK = squaredNorm(sumA) - k;
  const sumL = squaredNorm(sumB) - l;
  let through = kl - dot(sumA, aTimesL) - dot(sumB, bTimesK);
  for (let i = 0; i < sumA.length; i++) {
    through += (sumA[i] as number) * dot(cross.subarray(i * sumB.length, (i + 1) * sumB.length), sumB);
  }
  return unbiasedHsic(rows, trace, sumK, sumL, through);
}

function unbiasedHsic(rows: number, trace: number, sumK: number, sumL: number, through: number): number {
  const corrected = trace + (sumK * sumL) / ((rows - 1) * (rows - 2)) - (2 / (rows - 2)) * through;
  return corrected / (rows * (rows - 3));
}

function byRows(a: Centred, b: Centred): Kernels {
  const { rows } = a;
  const k = gram(a);
  const l = a === b ? k : gram(b);
  return {
    // The columns are centred, so the kernels are.
    biased: dot(k, l),
    unbiased(leftOut) {
      const isKept = (row: number) => leftOut === null || row % GROUPS !== leftOut;
      let [kept, trace, sumK, sumL, through] = [0, 0, 0, 0, 0];
      for (let i = 0; i < rows; i++) {
        if (!isKept(i)) continue;
        kept += 1;
        let [rowK, rowL] = [0, 0];
        for (let j = 0; j < rows; j++) {
          if (j === i || !isKept(j)) continue;
          const atK = k[i * rows + j] as number;
          const atL = l[i * rows + j] as number;
          trace += atK * atL;
          rowK += atK;
          rowL += atL;
        }
        sumK += rowK;
        sumL += rowL;
        through += rowK * rowL;
      }
      return unbiasedHsic(kept, trace, sumK, sumL, through);
    },
  };
}

/** A Aᵀ, `[rows, rows]`. */
function gram({ rows, size, values }: Centred): Float64Array {
  const result = new Float64Array(rows * rows);
  const rowOf = (row: number) => values.subarray(row * size, (row + 1) * size);
  for (let i = 0; i < rows; i++) {
    const left = rowOf(i);
    for (let j = i; j < rows; j++) {
      const product = dot(left, rowOf(j));
      result[i * rows + j] = product;
      result[j * rows + i] = product;
    }
  }
  return result;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function squaredNorm(values: Float64Array): number {
  return dot(values, values);
}

function addTimes(to: Float64Array, values: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] as number) + factor * (values[i] as number);
}
