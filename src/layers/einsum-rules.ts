/**
 * Equations of EinsumDense (`abc,cd->abd`; https://keras.io/api/layers/core_layers/einsum_dense/), read in Keras' three forms.
 * Each axis has a label; those that `...` stands for have numbers.
 */
import type { Dim, Shape } from '../network/shape';

export interface Einsum {
  readonly input: readonly string[];
  readonly kernel: readonly string[];
  readonly output: readonly string[];
  /** How many axes `...` stands for, and on which side. */
  readonly elided: { readonly count: number; readonly side: 'left' | 'right' };
}

const FORM = /^(\.\.\.)?([a-zA-Z]+)(\.\.\.)?,([a-zA-Z]+)->(\.\.\.)?([a-zA-Z]+)(\.\.\.)?$/;

/** `rank`: of the input, the batch counted; null: of any. What is wrong is said in one sentence. */
export function readEquation(equation: string, rank: number | null): Einsum | { readonly message: string } {
  const [, left, first = '', right, kernel = '', outLeft, last = '', outRight] =
    FORM.exec(equation.replaceAll(' ', '')) ?? [];
  const isForm = first !== '' && left === outLeft && right === outRight && !(left && right);
  if (!isForm || (right !== undefined && first.length < 2)) {
    const message =
      'The equation must have the form ab,bc->ac, ...a,ab->...b or abc...,bd->adc...: axes of the input, of the kernel and of the result.';
    return { message };
  }
  for (const axes of [first, kernel, last]) {
    if (new Set(axes).size < axes.length) return { message: `The equation names an axis of ${axes} twice.` };
  }
  const odd = [...last].find(axis => !first.includes(axis) && !kernel.includes(axis));
  if (odd !== undefined)
    return { message: `The result's axis ${odd} is neither in the input nor in the kernel.` };
  const lost = [...kernel].find(axis => !first.includes(axis) && !last.includes(axis));
  if (lost !== undefined)
    return { message: `The kernel's axis ${lost} is neither in the input nor in the result.` };
  const open = left !== undefined || right !== undefined;
  const count = rank === null ? Number(open) : rank - first.length;
  if (open ? count < 0 : count !== 0) {
    const wanted = `${first.length - 1}${open ? ' or more' : ''}`;
    return {
      message: `The equation is for inputs whose number of axes beside the batch is ${wanted}, and this one has ${(rank ?? 0) - 1}.`,
    };
  }
  const rest = Array.from({ length: count }, (_, i) => String(i));
  const whole = (axes: string) => (left === undefined ? [...axes, ...rest] : [...rest, ...axes]);
  return {
    input: whole(first),
    kernel: [...kernel],
    output: whole(last),
    elided: { count, side: left === undefined ? 'right' : 'left' },
  };
}

/** The sizes of all labels. `given`: Keras' `output_shape`, without the batch and what `...` stands for; null: as the input. */
export function sizesOf(
  einsum: Einsum,
  input: Shape,
  given: readonly Dim[],
): ReadonlyMap<string, Dim> | { readonly message: string } {
  const { elided, output } = einsum;
  const sizes = new Map<string, Dim>(einsum.input.map((label, i) => [label, input[i] ?? null]));
  // The first axis is the batch, whether the equation names it or not.
  const named =
    elided.count === 0 || elided.side === 'right'
      ? output.slice(1, output.length - elided.count)
      : output.slice(elided.count);
  if (given.length !== named.length) {
    return {
      message: `output_shape has ${given.length} sizes, and the equation's result ${named.length} beside the batch${elided.count > 0 ? ' and what ... stands for' : ''}.`,
    };
  }
  for (const [i, label] of named.entries()) {
    const size = given[i] ?? null;
    const known = sizes.get(label);
    if (known !== undefined && known !== null && size !== null && known !== size) {
      return {
        message: `output_shape says ${size} for the axis ${label}, and the input has ${known} there.`,
      };
    }
    if (size !== null || known === undefined) sizes.set(label, size);
  }
  const unknown = einsum.kernel.find(label => (sizes.get(label) ?? null) === null);
  return unknown === undefined
    ? sizes
    : { message: `The size of the kernel's axis ${unknown} isn't known: say it in output_shape.` };
}
