/** Parameters that name axes. Keras counts the batch as axis 0 and negative axes from the end. */
import { isJsonArray } from '../base/json';
import type { Dim, Shape } from '../network/shape';
import * as p from './params';
import { resolveAxis } from './shape-rules';

/** One axis; Keras 2 writes it as a list of one. */
export function axis(help: string): p.ParamSpec<number> {
  const spec = p.int(-1, { help, advanced: true });
  return {
    ...spec,
    parse: given => spec.parse(isJsonArray(given) && given.length === 1 ? (given[0] ?? null) : given),
  };
}

/** Whether `axis` is the last one of a tensor of this rank. */
export function isLast(axis: number, rank: number): boolean {
  return axis === -1 || axis === rank - 1;
}

/** One axis or several. */
export type Axes = number | readonly number[];

export function axes(help: string, value: Axes = -1): p.ParamSpec<Axes> {
  const list = p.ints([], { help, advanced: true });
  return {
    ...list,
    default: value,
    parse(given) {
      const parsed = list.parse(given);
      if ('problem' in parsed) return parsed;
      const [first, ...others] = parsed.value;
      return { value: first !== undefined && others.length === 0 ? first : parsed.value };
    },
  };
}

export function listAxes(axis: Axes): readonly number[] {
  return typeof axis === 'number' ? [axis] : axis;
}

/** As plain indices from the first to the last. Axes that the rank doesn't have are left out: `checkAxes` has refused them. */
export function resolveAxes(axis: Axes, rank: number): readonly number[] {
  return listAxes(axis)
    .flatMap(item => resolveAxis(item, rank) ?? [])
    .toSorted((a, b) => a - b);
}

/** What is wrong with axes beside the batch, or null. */
export function checkAxes(type: string, axis: Axes, input: Shape): string | null {
  const found = resolveAxes(axis, input.length);
  const fits = found.length === listAxes(axis).length && new Set(found).size === found.length;
  return fits && found.length > 0 && !found.includes(0)
    ? null
    : `${type} can't use axis ${listAxes(axis).join(', ')}: its input has axes 1 to ${input.length - 1}, each to be named once.`;
}

/** As `checkAxes`, for a layer whose weights have the sizes of these axes. */
export function checkWeightAxes(type: string, axis: Axes, input: Shape): string | null {
  const message = checkAxes(type, axis, input);
  if (message !== null) return message;
  return sizesOf(axis, input).includes(null)
    ? `${type} needs to know the size of axis ${listAxes(axis).join(', ')}.`
    : null;
}

/** The sizes of axes, in the order in which Keras lays out the weights for them: that of the numbers as they were given. */
export function sizesOf(axis: Axes, input: Shape): readonly Dim[] {
  return listAxes(axis)
    .toSorted((a, b) => a - b)
    .map(item => input[resolveAxis(item, input.length) ?? -1] ?? null);
}
