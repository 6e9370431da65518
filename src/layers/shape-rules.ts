/** Shape rules that several layer types share. All shapes have the batch first. */
import type { Dim, Shape } from '../network/shape';
import type { ShapeProblem, ShapeResult } from './layer-type';

export function shapes(...list: readonly Shape[]): ShapeResult {
  return { shapes: list };
}

export function problem(message: string): ShapeResult {
  return { problem: { kind: 'other', message } satisfies ShapeProblem };
}

/** The size after a window that reaches over `reach` values moves by `stride` (Keras' `compute_conv_output_shape`). */
export function windowedSize(
  size: Dim,
  reach: number,
  stride: number,
  padding: 'valid' | 'same' | 'causal',
): Dim {
  if (size === null) return null;
  return padding === 'valid' ? Math.floor((size - reach) / stride) + 1 : Math.ceil(size / stride);
}

/** An axis as Keras counts it (negative from the end, the batch is 0), as a plain index; null if there is no such axis. */
export function resolveAxis(axis: number, rank: number): number | null {
  const index = axis < 0 ? axis + rank : axis;
  return index >= 0 && index < rank ? index : null;
}
