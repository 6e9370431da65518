/** Finds where numbers first go wrong. */
import * as tf from '@tensorflow/tfjs';

/** The first layer, in running order, that answers to finite inputs with NaN or infinity; null if none does. */
export async function findNonFiniteLayer(
  model: tf.LayersModel,
  inputs: readonly tf.Tensor[],
): Promise<string | null> {
  for (const layer of model.layers) {
    // A layer that is used several times has several outputs; the first use is looked at.
    const output = layer.inboundNodes[0]?.outputTensors[0];
    if (output === undefined) continue;
    const values = tf.tidy(() => {
      const answer = tf.model({ inputs: model.inputs, outputs: output }).apply([...inputs]);
      return (Array.isArray(answer) ? answer[0] : answer) as tf.Tensor;
    });
    const finite = (await values.data()).every(value => Number.isFinite(value));
    values.dispose();
    if (!finite) return layer.name;
  }
  return null;
}
