/** Finds where numbers first go wrong. */
import * as tf from '@tensorflow/tfjs';
import { must } from '../base/assert';
import type { Network } from '../network/network';
import type { LiveModel } from '../targets/tfjs/live-model';

/** The first layer, in running order, that answers to finite inputs with NaN or infinity; null if none does. */
export async function findNonFiniteLayer(
  live: LiveModel,
  network: Network,
  inputs: readonly tf.Tensor[],
): Promise<string | null> {
  const answers: { readonly call: string; readonly output: tf.Tensor }[] = [];
  tf.tidy(() => {
    const watch = (call: string, outputs: readonly tf.Tensor[]) => {
      for (const output of outputs) answers.push({ call, output: tf.keep(output.clone()) });
    };
    live.run(inputs, { training: false, watch });
  });
  try {
    for (const { call, output } of answers) {
      // Looked at here, not on the device: a GPU may reckon with NaN as it likes.
      const finite = (await output.data()).every(value => Number.isFinite(value));
      if (!finite)
        return must(
          network.calls.find(({ id }) => id === call),
          'the call',
        ).layer;
    }
    return null;
  } finally {
    tf.dispose(answers.map(({ output }) => output));
  }
}
