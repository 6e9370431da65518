/** What the values of a tensor are like over many rows: their range, and each channel's mean and spread. Plain arithmetic. */
import type { ArrayData } from '../network/arrays';

export interface TensorStats {
  readonly rows: number;
  /** Of those values that are finite; 0 where none is. */
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly std: number;
  /** How many values are NaN or infinite. */
  readonly notFinite: number;
  /** One entry for each place of the last axis, over the rows and all other axes; a tensor of single values has one. */
  readonly channels: readonly ChannelStats[];
}

export interface ChannelStats {
  readonly mean: number;
  readonly std: number;
}

export function describeTensor({ shape, values }: ArrayData): TensorStats {
  const width = shape.length > 1 ? (shape.at(-1) ?? 1) : 1;
  const counts = new Float64Array(width);
  const means = new Float64Array(width);
  const squares = new Float64Array(width);
  let [min, max, notFinite] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) {
      notFinite += 1;
      continue;
    }
    min = Math.min(min, value);
    max = Math.max(max, value);
    // Welford's way (https://doi.org/10.1080/00401706.1962.10490022): no difference of two large sums of squares.
    const channel = i % width;
    const count = (counts[channel] as number) + 1;
    const away = value - (means[channel] as number);
    const mean = (means[channel] as number) + away / count;
    counts[channel] = count;
    means[channel] = mean;
    squares[channel] = (squares[channel] as number) + away * (value - mean);
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) [min, max] = [0, 0];
  const whole = (of: (channel: number) => number) =>
    counts.reduce((sum, _, channel) => sum + of(channel), 0) / Math.max(1, total);
  const mean = whole(channel => (counts[channel] as number) * (means[channel] as number));
  const variance = whole(
    channel =>
      (squares[channel] as number) + (counts[channel] as number) * ((means[channel] as number) - mean) ** 2,
  );
  return {
    rows: shape[0] ?? 0,
    min,
    max,
    mean,
    std: Math.sqrt(variance),
    notFinite,
    channels: Array.from({ length: width }, (_, channel) => ({
      mean: means[channel] as number,
      std: Math.sqrt((squares[channel] as number) / Math.max(1, counts[channel] as number)),
    })),
  };
}

/** How many channels have the same value in every row, but for rounding to 32 bits. */
export function countConstant({ channels }: TensorStats): number {
  return channels.filter(({ mean, std }) => std <= Math.abs(mean) * 1e-6).length;
}
