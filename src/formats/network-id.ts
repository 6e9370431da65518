/** The identity of a model: a hash of its structure and its weights. Its name doesn't count. */
import { hashBytes, hashText } from '../base/hash';
import type { ModelId } from '../graph/document';
import type { Network } from '../network/network';

export function hashNetwork({ inputs, layers, calls, outputs }: Network): ModelId {
  const structure = {
    inputs: inputs.map(({ name, shape, dtype }) => [name, shape, dtype]),
    layers: layers.map(({ name, type, config, trainable, weights }) => [
      name,
      type,
      config,
      trainable,
      Object.entries(weights).map(([role, { shape, dtype, values }]) => [
        role,
        shape,
        dtype,
        hashBytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
      ]),
    ]),
    calls: calls.map(({ id, layer, inputs: from }) => [id, layer, from]),
    outputs: outputs.map(({ name, from }) => [name, from]),
  };
  return `m${hashText(JSON.stringify(structure)).toString(36)}`;
}
