/** Tensors with fewer axes that hold the same: neighbours that a layer treats alike become one. WebGPU has up to four axes. */

export interface Collapsed {
  readonly shape: readonly number[];
  /** Where the chosen axes are now. */
  readonly axes: number[];
  /** The shape of one value for each place along the chosen axes, and of one for each place along the others. */
  readonly alongAxes: readonly number[];
  readonly alongOthers: readonly number[];
}

/** `axes` are plain indices in rising order. `[2, 3, 4, 5]` with the axes 1 and 2 is `[2, 12, 5]` with axis 1. */
export function collapse(shape: readonly number[], axes: readonly number[]): Collapsed {
  const runs: { size: number; readonly chosen: boolean }[] = [];
  for (const [axis, size] of shape.entries()) {
    const chosen = axes.includes(axis);
    const last = runs.at(-1);
    if (last?.chosen === chosen) last.size *= size;
    else runs.push({ size, chosen });
  }
  return {
    shape: runs.map(({ size }) => size),
    axes: runs.flatMap(({ chosen }, i) => (chosen ? [i] : [])),
    alongAxes: runs.map(({ size, chosen }) => (chosen ? size : 1)),
    alongOthers: runs.map(({ size, chosen }) => (chosen ? 1 : size)),
  };
}
