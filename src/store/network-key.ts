/**
 * What a network is, as one short string: equal for equal structure, settings and starting weights. Trained weights are kept
 * with the key of the network that they belong to; an edit changes the key and undoing the edit brings it back.
 */
import { hashBytes, hashText } from '../base/hash';
import type { Network, Weight } from '../network/network';

// Weight values are never changed in place, so each array is hashed once.
const hashes = new WeakMap<Weight['values'], number>();

function hashOfValues(values: Weight['values']): number {
  let hash = hashes.get(values);
  if (hash === undefined) {
    hash = hashBytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    hashes.set(values, hash);
  }
  return hash;
}

export function networkKey(network: Network): string {
  const text = JSON.stringify({
    inputs: network.inputs,
    layers: network.layers.map(layer => ({
      name: layer.name,
      type: layer.type,
      config: layer.config,
      trainable: layer.trainable,
      weights: Object.entries(layer.weights).map(([role, weight]) => [
        role,
        weight.shape,
        weight.dtype,
        hashOfValues(weight.values),
      ]),
    })),
    calls: network.calls,
    outputs: network.outputs,
  });
  return `${hashText(text).toString(36)}-${hashText(text, 1).toString(36)}`;
}
