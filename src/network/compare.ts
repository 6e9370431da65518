/**
 * What two Networks have in common: which layers are of the same kind and shape, which hold the same weights too, and which
 * calls compute the same from the same inputs. Names mean nothing here: Keras numbers layers anew each time it loads a
 * file. It knows nothing of the layer table, the canvas or training.
 */
import type { Json } from '../base/json';
import { type Call, type Config, type Layer, layersByName, type Network, type TensorRef } from './network';
import { shapesEqual } from './shape';

/** A layer's config with every parameter said, so that one that was left out equals its default. */
export type Canonical = (layer: Layer) => Config;

/** Of two layers whose weights have the same roles, shapes and types. */
export type WeightsCompared =
  /** Neither has any. */
  | { readonly kind: 'none' }
  /** To the last bit (0 and −0 count as equal). */
  | { readonly kind: 'equal' }
  /** Within `TOLERANCE` of the weight's largest value: saved with fewer digits. */
  | { readonly kind: 'close'; readonly largest: number }
  /** `largest`: the largest difference of two values. */
  | { readonly kind: 'different'; readonly largest: number };

/** What float16 leaves of a value: 2⁻¹¹, and a little for the way there. */
export const TOLERANCE = 5e-4;

/** Layer names: the same type, settings and weight shapes. */
export interface LayerMatch {
  readonly a: string;
  readonly b: string;
  readonly weights: WeightsCompared;
}

export interface Comparison {
  /** In the order in which `a` calls them; each layer is in one match at most. */
  readonly matches: readonly LayerMatch[];
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
}

/** Call ids. */
export interface CallMatch {
  readonly a: string;
  readonly b: string;
}

/**
 * First along the graph: calls of like layers on matched tensors. What is left is matched in the order of the calls, as the
 * longest common sequence, so that a layer more or less in one of them doesn't part all that follow.
 */
export function compareNetworks(a: Network, b: Network, canonical: Canonical): Comparison {
  const pair = pairUp(a, b, canonical);
  const found = new Map<string, string>();
  for (const match of followGraph(pair, matchInputs(a, b), pair.alike)) {
    found.set(pair.callsA.get(match.a)?.layer ?? '', pair.callsB.get(match.b)?.layer ?? '');
  }
  const taken = new Set(found.values());
  const restA = inCallOrder(a).filter(layer => !found.has(layer.name));
  const restB = inCallOrder(b).filter(layer => !taken.has(layer.name));
  for (const [left, right] of longestCommon(restA, restB, pair.alike)) found.set(left.name, right.name);
  const matches = inCallOrder(a).flatMap(layer => {
    const other = pair.layersB.get(found.get(layer.name) ?? '');
    return other === undefined
      ? []
      : [{ a: layer.name, b: other.name, weights: compareWeights(layer, other) }];
  });
  const matchedB = new Set(matches.map(match => match.b));
  return {
    matches,
    onlyA: inCallOrder(a).flatMap(({ name }) => (found.has(name) ? [] : [name])),
    onlyB: inCallOrder(b).flatMap(({ name }) => (matchedB.has(name) ? [] : [name])),
  };
}

/**
 * The calls that compute the same to the last bit, from the inputs on: like layers with equal weights on matched tensors, in
 * `a`'s order. `inputs`: which input of `b` is given the same as one of `a`, by name.
 */
export function findSharedBase(
  a: Network,
  b: Network,
  inputs: ReadonlyMap<string, string>,
  canonical: Canonical,
): readonly CallMatch[] {
  const pair = pairUp(a, b, canonical);
  return followGraph(pair, inputs, (left, right) => pair.alike(left, right) && haveEqualWeights(left, right));
}

/** The inputs of the same shape and type, in their order: their names may differ. */
export function matchInputs(a: Network, b: Network): ReadonlyMap<string, string> {
  const free = [...b.inputs];
  const matched = new Map<string, string>();
  for (const input of a.inputs) {
    const index = free.findIndex(
      other => other.dtype === input.dtype && shapesEqual(other.shape, input.shape),
    );
    const [other] = index < 0 ? [] : free.splice(index, 1);
    if (other !== undefined) matched.set(input.name, other.name);
  }
  return matched;
}

/** Whether one set of weights can stand for both layers: type, settings and weight shapes are the same. */
export function areAlike(a: Layer, b: Layer, canonical: Canonical): boolean {
  return signatureOf(a, canonical) === signatureOf(b, canonical);
}

export function compareWeights(a: Layer, b: Layer): WeightsCompared {
  const roles = Object.keys(a.weights);
  if (roles.length === 0) return { kind: 'none' };
  let largest = 0;
  let isClose = true;
  for (const role of roles) {
    const [left, right] = [a.weights[role]?.values ?? [], b.weights[role]?.values ?? []];
    let [difference, size] = [0, 0];
    for (let i = 0; i < left.length; i++) {
      const [x, y] = [left[i] as number, right[i] as number];
      if (x === y || (Number.isNaN(x) && Number.isNaN(y))) continue;
      difference = Number.isFinite(x - y) ? Math.max(difference, Math.abs(x - y)) : Number.POSITIVE_INFINITY;
    }
    if (difference === 0) continue;
    for (const value of left) size = Math.max(size, Math.abs(value));
    isClose &&= difference <= TOLERANCE * size;
    largest = Math.max(largest, difference);
  }
  if (largest === 0) return { kind: 'equal' };
  return { kind: isClose ? 'close' : 'different', largest };
}

/** Stops at the first difference: most pairs of layers differ at once. */
function haveEqualWeights(a: Layer, b: Layer): boolean {
  return Object.entries(a.weights).every(([role, { values }]) => {
    const other = b.weights[role]?.values ?? [];
    if (other === values) return true;
    for (let i = 0; i < values.length; i++) {
      const [x, y] = [values[i] as number, other[i] as number];
      if (x !== y && !(Number.isNaN(x) && Number.isNaN(y))) return false;
    }
    return true;
  });
}

interface Pair {
  readonly a: Network;
  readonly b: Network;
  readonly callsA: ReadonlyMap<string, Call>;
  readonly callsB: ReadonlyMap<string, Call>;
  readonly layersA: ReadonlyMap<string, Layer>;
  readonly layersB: ReadonlyMap<string, Layer>;
  readonly alike: (a: Layer, b: Layer) => boolean;
}

function pairUp(a: Network, b: Network, canonical: Canonical): Pair {
  const signatures = new Map<Layer, string>();
  const signature = (layer: Layer) => {
    const known = signatures.get(layer) ?? signatureOf(layer, canonical);
    signatures.set(layer, known);
    return known;
  };
  return {
    a,
    b,
    callsA: new Map(a.calls.map(call => [call.id, call])),
    callsB: new Map(b.calls.map(call => [call.id, call])),
    layersA: layersByName(a),
    layersB: layersByName(b),
    alike: (left, right) => signature(left) === signature(right),
  };
}

function signatureOf(layer: Layer, canonical: Canonical): string {
  const weights = Object.entries(layer.weights)
    .map(([role, { shape, dtype }]) => [role, dtype, ...shape])
    .sort();
  return JSON.stringify([layer.type, settingsOf(canonical(layer)), weights]);
}

/** Without what says nothing of what a layer with weights computes: how they were first drawn, and names. */
function settingsOf(value: Json): Json {
  if (Array.isArray(value)) return value.map(settingsOf);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.endsWith('_initializer') && key !== 'name' && key !== 'trainable')
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, inner]) => [key, settingsOf(inner)]),
  );
}

/** Matches calls of layers that `suits` on matched tensors. A layer of one side always goes with the same of the other. */
function followGraph(
  { a, b, layersA, layersB }: Pair,
  inputs: ReadonlyMap<string, string>,
  suits: (a: Layer, b: Layer) => boolean,
): readonly CallMatch[] {
  const free = new Map<string, Call[]>();
  for (const call of b.calls) {
    const key = JSON.stringify(call.inputs.map(keyOf));
    free.set(key, [...(free.get(key) ?? []), call]);
  }
  const calls = new Map<string, string>();
  const forward = new Map<string, string>();
  const backward = new Map<string, string>();
  for (const call of a.calls) {
    const given = call.inputs.map(ref => translate(ref, inputs, calls));
    const layer = layersA.get(call.layer);
    if (layer === undefined || given.includes(null)) continue;
    const suited = (free.get(JSON.stringify(given)) ?? []).filter(candidate => {
      const other = layersB.get(candidate.layer);
      if (other === undefined) return false;
      const [there, back] = [forward.get(layer.name), backward.get(other.name)];
      return there === undefined && back === undefined ? suits(layer, other) : there === other.name;
    });
    // Of several alike on one tensor, the one that is the same in its weights too.
    const match =
      suited.find(({ layer: name }) => haveEqualWeights(layer, layersB.get(name) ?? layer)) ?? suited[0];
    if (match === undefined) continue;
    const key = JSON.stringify(given);
    free.set(
      key,
      (free.get(key) ?? []).filter(other => other !== match),
    );
    calls.set(call.id, match.id);
    forward.set(layer.name, match.layer);
    backward.set(match.layer, layer.name);
  }
  return [...calls].map(([left, right]) => ({ a: left, b: right }));
}

function keyOf(ref: TensorRef): string {
  return 'input' in ref ? `input ${ref.input}` : `call ${ref.output} ${ref.call}`;
}

/** The key of the other side's tensor; null: it has none. */
function translate(
  ref: TensorRef,
  inputs: ReadonlyMap<string, string>,
  calls: ReadonlyMap<string, string>,
): string | null {
  if ('input' in ref) {
    const input = inputs.get(ref.input);
    return input === undefined ? null : keyOf({ input });
  }
  const call = calls.get(ref.call);
  return call === undefined ? null : keyOf({ call, output: ref.output });
}

/** Each layer that is called, once, in the order of the first calls. */
function inCallOrder(network: Network): readonly Layer[] {
  const layers = layersByName(network);
  return [...new Set(network.calls.map(call => call.layer))].flatMap(name => layers.get(name) ?? []);
}

/** https://en.wikipedia.org/wiki/Longest_common_subsequence */
function longestCommon<T>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean): [T, T][] {
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] = same(a[i] as T, b[j] as T)
        ? (longest[(i + 1) * width + j + 1] as number) + 1
        : Math.max(longest[(i + 1) * width + j] as number, longest[i * width + j + 1] as number);
    }
  }
  const pairs: [T, T][] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (same(a[i] as T, b[j] as T)) {
      pairs.push([a[i] as T, b[j] as T]);
      i += 1;
      j += 1;
    } else if ((longest[(i + 1) * width + j] as number) >= (longest[i * width + j + 1] as number)) {
      i += 1;
    } else {
      j += 1;
    }
  }
  return pairs;
}
