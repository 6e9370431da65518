/**
 * The penalties on weights (https://keras.io/api/layers/regularizers/), reckoned from the Network: TensorFlow.js counts that
 * of a layer used k times k times and leaves out those of recurrent layers.
 */
import * as tf from '@tensorflow/tfjs';
import { isJsonObject, type Json } from '../../base/json';
import { paramOfWeight } from '../../layers/weight-params';
import type { Network } from '../../network/network';
import type { LiveModel } from './live-model';

interface Penalty {
  readonly variable: tf.Variable;
  readonly l1: number;
  readonly l2: number;
}

/** As in Keras, only weights that train are penalised: `layers` are their names. */
export function findPenalties(
  network: Network,
  live: Pick<LiveModel, 'variables'>,
  layers: ReadonlySet<string>,
): readonly Penalty[] {
  const penalties: Penalty[] = [];
  for (const layer of network.layers) {
    if (!layers.has(layer.name)) continue;
    for (const [role, variable] of live.variables.get(layer.name) ?? []) {
      const factors = readFactors(paramOfWeight(layer.config, role, 'regularizer'));
      if (factors !== null) penalties.push({ variable, ...factors });
    }
  }
  return penalties;
}

/** A scalar: the sum of l1 · |w| + l2 · w² over all penalised weights. */
export function sumPenalties(penalties: readonly Penalty[]): tf.Scalar {
  return tf.tidy(() => {
    let sum: tf.Tensor = tf.scalar(0);
    for (const { variable, l1, l2 } of penalties) {
      if (l1 !== 0) sum = tf.add(sum, tf.mul(l1, tf.sum(tf.abs(variable))));
      if (l2 !== 0) sum = tf.add(sum, tf.mul(l2, tf.sum(tf.square(variable))));
    }
    return sum.asScalar();
  });
}

function readFactors(regularizer: Json | undefined): { l1: number; l2: number } | null {
  if (!isJsonObject(regularizer) || !isJsonObject(regularizer.config)) return null;
  const { l1, l2 } = regularizer.config;
  // Keras' own defaults where the file says nothing: 0.01 for L1 and L2, 0 for L1L2.
  const byDefault = (name: string) => (regularizer.class_name === name ? 0.01 : 0);
  return {
    l1: typeof l1 === 'number' ? l1 : byDefault('L1'),
    l2: typeof l2 === 'number' ? l2 : byDefault('L2'),
  };
}
