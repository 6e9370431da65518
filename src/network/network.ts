/**
 * A `Network` is a plain, format-neutral description of a neural network. Every file is read into one, the compiler
 * returns one, and training, every exporter and every code view read only that. It knows nothing of files, of the
 * canvas or of TensorFlow.js.
 *
 * Layers hold weights; calls apply them. A layer that is called twice is one set of weights used in two places: that is
 * what sharing is. Calls stand in an order in which they can run: a call refers only to inputs and to earlier calls.
 */
import type { Json } from '../base/json';
import type { Dtype, Shape } from './shape';

export interface Network {
  readonly name: string;
  readonly inputs: readonly NetworkInput[];
  readonly layers: readonly Layer[];
  readonly calls: readonly Call[];
  readonly outputs: readonly NetworkOutput[];
}

export interface NetworkInput {
  /** Unique among the inputs and layers. */
  readonly name: string;
  /** With the batch first: `[null, 8, 8, 1]`. */
  readonly shape: Shape;
  readonly dtype: Dtype;
}

export interface Layer {
  /** Unique among the inputs and layers; valid in Keras and TensorFlow.js: see `names.ts`. */
  readonly name: string;
  /** The Keras class name, and the key of the layer table. A type that the table doesn't know is a placeholder. */
  readonly type: string;
  /** Keras 3 keyword names. For known types just the table's parameters; for a placeholder whatever the file said. */
  readonly config: Config;
  /** By role (`kernel`, `bias`, …), in the table's order. Empty for a layer that has yet to be initialised. */
  readonly weights: Weights;
  readonly trainable: boolean;
}

export type Config = Readonly<Record<string, Json>>;
export type Weights = Readonly<Record<string, Weight>>;

export interface Weight {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'bool';
  /** Row-major (C order), as Keras and TensorFlow.js store it. */
  readonly values: Float32Array | Int32Array | Uint8Array;
}

export interface Call {
  /** Unique among the calls and inputs: the layer's name for its first call, then `name:1`, `name:2`, … */
  readonly id: string;
  /** The name of the layer that is applied. */
  readonly layer: string;
  readonly inputs: readonly TensorRef[];
}

/** A tensor: what an input provides, or what one call returns (most calls return one tensor: output 0). */
export type TensorRef = { readonly input: string } | { readonly call: string; readonly output: number };

export interface NetworkOutput {
  /** Unique among the outputs. */
  readonly name: string;
  readonly from: TensorRef;
}

export function tensorKey(ref: TensorRef): string {
  return 'input' in ref ? `input ${ref.input}` : `call ${ref.call} ${ref.output}`;
}

export function layersByName(network: Network): ReadonlyMap<string, Layer> {
  return new Map(network.layers.map(layer => [layer.name, layer]));
}

export function countValues(weights: Weights): number {
  return Object.values(weights).reduce((sum, weight) => sum + weight.values.length, 0);
}

/** All values of all layers, trainable or not. */
export function countParameters(network: Network): number {
  return network.layers.reduce((sum, layer) => sum + countValues(layer.weights), 0);
}
