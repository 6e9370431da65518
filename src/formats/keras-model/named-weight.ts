/** Weights as a file names and arranges them, before it is known which layer each belongs to. */
import type { Weight } from '../../network/network';

export interface NamedWeight {
  /** As the file says it. Two may have the same. */
  readonly name: string;
  readonly weight: Weight;
  /** What the file has instead of the weight’s own type, as NumPy calls it: `float16`, `int8`. */
  readonly stored?: string;
}

/** How a file arranges its weights. */
export type WeightSource =
  | { readonly kind: 'list'; readonly weights: readonly NamedWeight[] }
  /** One for each layer of the model itself, as Keras 2 writes HDF5; a nested model is one layer. */
  | {
      readonly kind: 'groups';
      readonly groups: readonly WeightGroup[];
      /** Which program Keras ran on; null: the file doesn’t say. */
      readonly backend: string | null;
    };

export interface WeightGroup {
  readonly layer: string;
  /** In Keras' order: those that train first. */
  readonly weights: readonly NamedWeight[];
}

export function isEmpty(source: WeightSource): boolean {
  return source.kind === 'list'
    ? source.weights.length === 0
    : source.groups.every(group => group.weights.length === 0);
}
