/** What acts at random in training and does nothing else (https://keras.io/api/layers/regularization_layers/). */
import * as tf from '@tensorflow/tfjs';
import * as alphaDefs from '../../../layers/defs/alpha-dropout';
import * as gaussianDropoutDefs from '../../../layers/defs/gaussian-dropout';
import * as gaussianNoiseDefs from '../../../layers/defs/gaussian-noise';
import * as spatial1dDefs from '../../../layers/defs/spatial-dropout1d';
import * as spatial2dDefs from '../../../layers/defs/spatial-dropout2d';
import * as spatial3dDefs from '../../../layers/defs/spatial-dropout3d';
import { dropValues, keptShares } from './dropout';
import { implement } from './implementation';

export const gaussianNoise = implement(gaussianNoiseDefs.gaussianNoise, ({ config, x, training }) =>
  training && config.stddev > 0 ? tf.add(x, tf.randomNormal(x.shape, 0, config.stddev)) : x,
);

/** Noise as strong as that of Dropout at the same rate. */
export const gaussianDropout = implement(gaussianDropoutDefs.gaussianDropout, ({ config, x, training }) =>
  training && config.rate > 0
    ? tf.mul(x, tf.randomNormal(x.shape, 1, Math.sqrt(config.rate / (1 - config.rate))))
    : x,
);

/** What large negative values become under selu: alpha · scale of Klambauer et al., 2017 (https://arxiv.org/abs/1706.02515). */
const SELU_FLOOR = -1.6732632423543772 * 1.0507009873554805;

/** Dropped values become the floor of selu; then average and spread are brought back to what they were. */
export const alphaDropout = implement(alphaDefs.alphaDropout, ({ config, x, training }) => {
  const { rate, noise_shape } = config;
  if (!training || rate === 0) return x;
  const kept = keptShares(x.shape, rate, noise_shape);
  const dropped = tf.add(tf.mul(x, kept), tf.mul(SELU_FLOOR, tf.sub(1, kept)));
  const a = 1 / Math.sqrt((1 - rate) * (1 + rate * SELU_FLOOR ** 2));
  return tf.add(tf.mul(a, dropped), -a * SELU_FLOOR * rate);
});

export const spatialDropout1d = implement(spatial1dDefs.spatialDropout1d, ({ config, x, training }) =>
  training ? dropValues(x, config.rate, [null, 1, null]) : x,
);

export const spatialDropout2d = implement(spatial2dDefs.spatialDropout2d, ({ config, x, training }) =>
  training ? dropValues(x, config.rate, channelNoise(config.data_format, 2)) : x,
);

export const spatialDropout3d = implement(spatial3dDefs.spatialDropout3d, ({ config, x, training }) =>
  training ? dropValues(x, config.rate, channelNoise(config.data_format, 3)) : x,
);

function channelNoise(format: 'channels_last' | 'channels_first', rank: number): (number | null)[] {
  const places = Array.from({ length: rank }, () => 1);
  return format === 'channels_last' ? [null, ...places, null] : [null, null, ...places];
}
