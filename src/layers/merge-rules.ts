/** What the merges share: how element-wise merges fit their inputs, as Keras' `Merge` base class does. */
import type { Dim, Shape } from '../network/shape';
import type { ShapeResult } from './layer-type';

/**
 * The shape of an element-wise merge (Add, Average, …). Sizes must be equal or 1 (stretched), and a tensor of lower rank
 * is stretched over the axes after the batch, as in Keras. Stretching is allowed here; the compiler warns of it.
 */
export function elementwiseShape(type: string, inputs: readonly Shape[]): ShapeResult {
  let result = inputs[0] ?? [];
  for (const [index, input] of inputs.entries()) {
    const merged = stretch(result, input);
    if (merged === null) {
      // The odd one out is the one with fewer values: adapting that one loses nothing.
      const message = `${type} needs branches of equal sizes.`;
      return { problem: { kind: 'sizes-differ', input: index, wanted: result, message } };
    }
    result = merged;
  }
  return { shapes: [result] };
}

function stretch(a: Shape, b: Shape): Shape | null {
  const rank = Math.max(a.length, b.length);
  // Keras aligns the trailing axes and keeps the batch in front.
  const align = (shape: Shape): Shape => [
    shape[0] ?? null,
    ...Array.from({ length: rank - shape.length }, () => 1),
    ...shape.slice(1),
  ];
  const [left, right] = [align(a), align(b)];
  const merged: Dim[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const x = left[axis] ?? null;
    const y = right[axis] ?? null;
    if (axis === 0) merged.push(x ?? y);
    else if (x === 1) merged.push(y);
    else if (y === 1) merged.push(x);
    else if (x === null || y === null) merged.push(x ?? y);
    else if (x === y) merged.push(x);
    else return null;
  }
  return merged;
}
