/** Scales for charts that grow while one looks at them: they widen in round steps and never narrow, so lines don't jump. */

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** The next of 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 × 10ⁿ. */
export function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  for (const step of [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]) {
    const rounded = step * power;
    if (rounded >= value * (1 - 1e-9)) return rounded;
  }
  return 10 * power;
}

/** From 0; `before` is what was shown until now. */
export function rangeFromZero(values: readonly number[], before: Range | null): Range {
  const finite = values.filter(Number.isFinite);
  const wanted = finite.length === 0 ? 1 : roundUp(Math.max(...finite) * 1.02);
  return { min: 0, max: Math.max(before?.max ?? 0, wanted) };
}

const STEP = 0.1;

/**
 * For accuracies: up to 1, down to twice the distance of the lowest source from 1, so that differences between good models
 * can be seen. Where nothing would be in view after two epochs, down to the lowest value.
 */
export function rangeOfParts(
  values: readonly (number | null)[],
  baselines: readonly number[],
  before: Range | null,
): Range {
  const known = values.filter(value => value !== null);
  const lowest = floorTo(Math.min(1, ...known));
  const near = baselines.length === 0 ? lowest : floorTo(2 * Math.min(...baselines) - 1);
  const hidden = known.length >= 2 && known.every(value => value < near);
  const wanted = hidden ? lowest : near;
  return { min: Math.max(0, Math.min(before?.min ?? 1, wanted, 1 - STEP)), max: 1 };
}

function floorTo(value: number): number {
  return Math.floor(value / STEP + 1e-9) * STEP;
}

/** Three to six round places between the ends. */
export function ticks({ min, max }: Range): number[] {
  const rough = (max - min) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map(each => each * power).find(each => each >= rough * (1 - 1e-9)) ?? rough;
  const first = Math.ceil(min / step - 1e-9);
  const count = Math.floor(max / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Moves labels apart that would stand on each other; keeps their order. */
export function spread(places: readonly number[], gap: number, lowest: number, highest: number): number[] {
  const order = places.map((_, i) => i).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  const result = [...places];
  let floor = lowest;
  for (const index of order) {
    const place = Math.max(result[index] ?? 0, floor);
    result[index] = place;
    floor = place + gap;
  }
  let ceiling = highest;
  for (const index of order.toReversed()) {
    const place = Math.min(result[index] ?? 0, ceiling);
    result[index] = place;
    ceiling = place - gap;
  }
  return result;
}
