/** Parameters that name axes. Keras counts the batch as axis 0 and negative axes from the end. */
import { isJsonArray } from '../base/json';
import * as p from './params';

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
