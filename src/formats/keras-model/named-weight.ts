/** A weight as a file names it, before it is known which layer it belongs to. */
import type { Weight } from '../../network/network';

export interface NamedWeight {
  /** As the file says it. Two may have the same. */
  readonly name: string;
  readonly weight: Weight;
}
