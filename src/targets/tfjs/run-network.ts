/**
 * Runs a Network on tensors, call by call, with masks, as Keras does. TensorFlow.js' own executor hands one branch's mask to
 * the next, forgets all masks of a merge but the first, and has one `training` for all layers (executor.js of tfjs-layers
 * 4.22), so that it serves only for proving exports.
 */
import type * as tf from '@tensorflow/tfjs';
import { layersByName, type Network, type TensorRef, tensorKey } from '../../network/network';
import type { LayerWeights, Mask } from './layers/implementation';
import { applyLayer } from './layers/table';

export interface RunOptions {
  /** Layer name to its weights. */
  readonly weights: (layer: string) => LayerWeights;
  /** Frozen layers run in inference mode all the same. */
  readonly training: boolean;
  readonly addPenalty?: (penalty: tf.Scalar) => void;
  /** Told of each call's results, before anything is disposed. */
  readonly watch?: (call: string, outputs: readonly tf.Tensor[]) => void;
}

/** The outputs, in the network's order. `inputs` are the network's, in its order, with the batch first. Run it in a tidy. */
export function runNetwork(
  network: Network,
  inputs: readonly tf.Tensor[],
  { weights, training, addPenalty = () => {}, watch }: RunOptions,
): tf.Tensor[] {
  const layers = layersByName(network);
  const tensors = new Map<string, { readonly tensor: tf.Tensor; readonly mask: Mask }>();
  for (const [index, { name }] of network.inputs.entries()) {
    const tensor = inputs[index];
    if (tensor !== undefined) tensors.set(tensorKey({ input: name }), { tensor, mask: null });
  }
  const take = (ref: TensorRef) => {
    const found = tensors.get(tensorKey(ref));
    if (found === undefined) throw new Error(`${tensorKey(ref)} has no value.`);
    return found;
  };
  for (const call of network.calls) {
    const layer = layers.get(call.layer);
    if (layer === undefined) throw new Error(`There is no layer '${call.layer}'.`);
    const given = call.inputs.map(take);
    const { outputs, masks } = applyLayer(layer, {
      inputs: given.map(({ tensor }) => tensor),
      masks: given.map(({ mask }) => mask),
      training: training && layer.trainable,
      weights: weights(layer.name),
      addPenalty,
    });
    watch?.(call.id, outputs);
    for (const [output, tensor] of outputs.entries()) {
      tensors.set(tensorKey({ call: call.id, output }), { tensor, mask: masks[output] ?? null });
    }
  }
  return network.outputs.map(({ from }) => take(from).tensor);
}
