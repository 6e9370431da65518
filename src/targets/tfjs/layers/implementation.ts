/**
 * How a layer type runs on TensorFlow.js: a function of its inputs, its config and its weights, which means what Keras 3
 * means. Everything else about the type is in the layer table. Implementations know nothing of networks.
 */
import type * as tf from '@tensorflow/tfjs';
import type { LayerType } from '../../../layers/layer-type';
import type { ConfigOf, ParamSpecs } from '../../../layers/params';
import type { Config } from '../../../network/network';

/** One application of a layer to tensors. */
export interface LayerCall<C = Config> {
  /** Canonical: every parameter of the type. */
  readonly config: C;
  /** The first of `inputs`. */
  readonly x: tf.Tensor;
  readonly inputs: readonly tf.Tensor[];
  /** For each input `[batch, steps]`, bool; true where there is something. null: no mask. */
  readonly masks: readonly Mask[];
  readonly training: boolean;
  readonly weights: LayerWeights;
  /** Adds a scalar to what is minimised (https://keras.io/api/layers/regularizers/#using-activity-regularizers). */
  addPenalty(penalty: tf.Scalar): void;
}

export type Mask = tf.Tensor | null;

export interface LayerWeights {
  /** @throws Error if the layer has no such weight. */
  get(role: string): tf.Tensor;
  /** null: the config leaves it out (`use_bias` false). */
  find(role: string): tf.Tensor | null;
  /** Gives a weight that isn't trained (a moving average) another value. */
  assign(role: string, value: tf.Tensor): void;
  /** Of a wrapped layer: those whose roles start with `place/`, without that. */
  inside(place: string): LayerWeights;
}

export type Forward<C = Config> = (call: LayerCall<C>) => tf.Tensor | readonly tf.Tensor[];
/** The masks of what the call returns, in its order. */
export type MaskRule<C = Config> = (call: LayerCall<C>) => readonly Mask[];

export interface Implementation {
  readonly type: LayerType;
  readonly forward: Forward;
  /** Only for types whose `masking` is `own`. */
  readonly mask: MaskRule | null;
}

/** Must not keep or dispose tensors: it runs inside a tidy, and gradients flow through it. */
export function implement<P extends ParamSpecs>(
  type: LayerType<P>,
  forward: Forward<ConfigOf<P>>,
  mask: MaskRule<ConfigOf<P>> | null = null,
): Implementation {
  // A canonical config holds just what the specs parsed, as in `defineLayer`.
  return { type, forward: forward as Forward, mask: mask as MaskRule | null };
}
