/** What layers want of a file's weights, and what has been found for them so far. */
import type { WeightSpec } from '../../layers/layer-type';
import type { Weight } from '../../network/network';
import { shapesEqual } from '../../network/shape';
import type { FlatLayer } from './flatten';

/** A layer that wants weights. */
export interface Taker {
  readonly layer: FlatLayer;
  /** null for a placeholder: it takes whatever bears its name. */
  readonly specs: readonly TakerSpec[] | null;
}

export interface TakerSpec extends Pick<WeightSpec, 'role' | 'trainable'> {
  /** null: not known, because the layer or one before it isn't understood. Then a missing weight is no mistake. */
  readonly shape: readonly number[] | null;
  /** In what cuDNN wrote, if that differs; `cudnn-layers.ts` makes the shape of it. */
  readonly cudnnShape?: readonly number[];
}

export interface Slots {
  readonly taker: Taker;
  /** By role, in the table's order; undefined until found. */
  readonly found: Map<string, Weight | undefined>;
  /** What stands at a role’s place in the file and can’t be it. */
  readonly misfits: Map<string, Weight>;
}

export function fits(
  { shape, cudnnShape }: Pick<TakerSpec, 'shape' | 'cudnnShape'>,
  given: readonly number[] | undefined,
): boolean {
  if (given === undefined) return false;
  return (
    shape === null ||
    shapesEqual(shape, given) ||
    (cudnnShape !== undefined && shapesEqual(cudnnShape, given))
  );
}
