/**
 * Shapes and data types of tensors. A shape always has the batch first: `[batch, height, width, channels]`;
 * `null` stands for a size that is only known when the network runs (the batch nearly always is).
 */

export type Dim = number | null;
export type Shape = readonly Dim[];
export type Dtype = 'float32' | 'int32' | 'bool' | 'string';

export function shapesEqual(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

/** Whether a tensor of shape `given` may flow where `wanted` is expected; an unknown size fits every size. */
export function shapeFits(given: Shape, wanted: Shape): boolean {
  return (
    given.length === wanted.length &&
    given.every((dim, i) => dim === null || wanted[i] === null || dim === wanted[i])
  );
}

/** The number of values in one row (the batch left out), or null if a size is unknown. */
export function sizeOfRow(shape: Shape): number | null {
  return shape.slice(1).reduce<Dim>((size, dim) => (size === null || dim === null ? null : size * dim), 1);
}

/** The number of values in a tensor whose sizes are all known. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, dim) => size * dim, 1);
}

/** A shape as people read it, the batch left out: `8 × 8 × 1`, `64`, `? × 32`, and `1 value` for rank 1. */
export function formatShape(shape: Shape): string {
  if (shape.length <= 1) return '1 value';
  return shape
    .slice(1)
    .map(dim => dim ?? '?')
    .join(' × ');
}
