/** A model without the values of its weights, where only its structure is asked for: values are what is large. */
import type { Weight, Weights } from '../network/network';
import type { SourceModel } from './protocol';

/** Shapes and types stay; every array of values is empty. */
export function withoutValues(model: SourceModel): SourceModel {
  const layers = model.network.layers.map(layer => ({ ...layer, weights: bare(layer.weights) }));
  return { ...model, network: { ...model.network, layers } };
}

export function bare(weights: Weights): Weights {
  return Object.fromEntries(
    Object.entries(weights).map(([role, weight]) => [role, { ...weight, values: emptyValues(weight) }]),
  );
}

/** Not `subarray(0, 0)`: a copy of that would bring the whole buffer along. */
function emptyValues({ dtype }: Weight): Weight['values'] {
  switch (dtype) {
    case 'float32':
      return new Float32Array();
    case 'int32':
      return new Int32Array();
    case 'bool':
      return new Uint8Array();
  }
}
