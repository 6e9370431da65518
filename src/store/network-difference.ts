/** Whether two Networks are the same: structure by content, weights bit by bit. Knows no files. */
import { isJsonArray, isJsonObject, type Json, jsonEquals } from '../base/json';
import { type Layer, layersByName, type Network, type Weight } from '../network/network';

/** The first difference in one sentence, or null for equal networks. The networks' own names may differ. */
export function findDifference(written: Network, read: Network): string | null {
  if (!same(written.inputs, read.inputs)) return 'The inputs differ.';
  if (!same(written.outputs, read.outputs)) return 'The outputs differ.';
  if (!same(written.calls, read.calls)) return 'The layers are wired differently.';
  if (written.layers.length !== read.layers.length)
    return `${written.layers.length} layers were written and ${read.layers.length} read.`;
  for (const [index, layer] of written.layers.entries()) {
    const other = read.layers[index];
    const difference = other === undefined ? 'is missing' : layerDifference(layer, other);
    if (difference !== null) return `The layer '${layer.name}' ${difference}.`;
  }
  return null;
}

/** Layers by name, in any order, and their values; how they are wired shows in what they answer. */
export function findWeightDifference(written: Network, read: Network): string | null {
  const found = layersByName(read);
  for (const layer of written.layers) {
    const other = found.get(layer.name);
    const difference =
      other === undefined
        ? 'is missing'
        : layerDifference(withoutInitializers(layer), withoutInitializers(other));
    if (difference !== null) return `The layer '${layer.name}' ${difference}.`;
  }
  return written.layers.length === read.layers.length ? null : 'There are more layers than were written.';
}

/** Initialisers have done their work where there are weights, and Keras leaves out what in them is usual. */
function withoutInitializers(layer: Layer): Layer {
  const strip = (value: Json): Json => {
    if (isJsonArray(value)) return value.map(strip);
    if (!isJsonObject(value)) return value;
    const kept = Object.entries(value).filter(([key]) => !key.endsWith('_initializer'));
    return Object.fromEntries(kept.map(([key, item]) => [key, strip(item)]));
  };
  const config = strip(layer.config);
  return isJsonObject(config) ? { ...layer, config } : layer;
}

function layerDifference(a: Layer, b: Layer): string | null {
  if (a.name !== b.name || a.type !== b.type) return `came back as '${b.name}' (${b.type})`;
  if (!jsonEquals(a.config, b.config)) return 'came back with other settings';
  if (a.trainable !== b.trainable) return 'came back with another freeze setting';
  const roles = Object.keys(a.weights);
  if (roles.join() !== Object.keys(b.weights).join()) return 'came back with other weights';
  for (const role of roles) {
    const [left, right] = [a.weights[role], b.weights[role]];
    if (left === undefined || right === undefined || !sameBits(left, right))
      return `came back with other values in its ${role.replaceAll('_', ' ')}`;
  }
  return null;
}

function sameBits(a: Weight, b: Weight): boolean {
  if (a.dtype !== b.dtype || !same(a.shape, b.shape)) return false;
  const [left, right] = [bytesOf(a), bytesOf(b)];
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}

function bytesOf({ values }: Weight): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function same(a: unknown, b: unknown): boolean {
  return jsonEquals(a as Json, b as Json);
}
