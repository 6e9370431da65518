/** Which layers move in a phase, and the network as that phase runs it. */
import type { Head } from '../compiler/result';
import type { Network, Weights } from '../network/network';
import { sliceNetwork } from '../network/slice';

/** Of those that the phase trains the ones that lead to a head whose loss counts. */
export function layersThatMove(
  network: Network,
  heads: readonly Head[],
  trainable: readonly string[],
): ReadonlySet<string> {
  const counting = new Set(heads.filter(head => head.lossWeight !== 0).map(head => head.output));
  const outputs = network.outputs.filter(output => counting.has(output.name));
  const sliced = sliceNetwork({ ...network, outputs }, { start: null, end: null, taps: [] }, new Map());
  if ('problem' in sliced) throw new Error(sliced.problem.kind);
  const reached = new Set(sliced.slice.network.layers.map(({ name }) => name));
  return new Set(trainable.filter(name => reached.has(name)));
}

/**
 * With these weights, and everything frozen but `moving`. What no counting loss reaches runs as if frozen: without gradients
 * it would still be moved by its own moving statistics and constraints.
 */
export function networkInPhase(
  network: Network,
  weights: Readonly<Record<string, Weights>>,
  moving: ReadonlySet<string>,
): Network {
  return {
    ...network,
    layers: network.layers.map(layer => ({
      ...layer,
      weights: weights[layer.name] ?? layer.weights,
      trainable: moving.has(layer.name),
    })),
  };
}
