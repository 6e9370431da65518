/** Weights that hold what isn't a number, or is infinite: what depends on them answers nothing useful. */
import type { Network } from './network';

/** `layer/role` of each. */
export function findOddWeights(network: Network): string[] {
  return network.layers.flatMap(({ name, weights }) =>
    Object.entries(weights)
      .filter(([, { values }]) => values instanceof Float32Array && !values.every(Number.isFinite))
      .map(([role]) => `${name}/${role}`),
  );
}
