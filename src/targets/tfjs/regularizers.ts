/** The penalties on weights: https://keras.io/api/layers/regularizers/. A layer that is used several times counts once, as in Keras. */
import * as tf from '@tensorflow/tfjs';
import { regularizerFactors } from '../../layers/regularizers';
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
      const regularizer = paramOfWeight(layer.config, role, 'regularizer') ?? null;
      if (regularizer !== null) penalties.push({ variable, ...regularizerFactors(regularizer) });
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
