/** The normalizations (https://keras.io/api/layers/normalization_layers/), on collapsed axes, with biased variances. */
import * as tf from '@tensorflow/tfjs';
import { type Axes, resolveAxes } from '../../../layers/axis-rules';
import * as batchDefs from '../../../layers/defs/batch-normalization';
import * as groupDefs from '../../../layers/defs/group-normalization';
import * as layerDefs from '../../../layers/defs/layer-normalization';
import * as rmsDefs from '../../../layers/defs/rms-normalization';
import * as unitDefs from '../../../layers/defs/unit-normalization';
import { collapse } from './collapse';
import { implement, type LayerWeights, type Mask } from './implementation';

interface Moments {
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
}

/**
 * In training the statistics are those of the batch, and the moving ones follow them. A frozen layer isn't called in training:
 * Keras' rule for this layer, and Graft's for all.
 */
export const batchNormalization = implement(
  batchDefs.batchNormalization,
  ({ config, x, masks, training, weights }) => {
    const channels = resolveAxes(config.axis, x.rank);
    const { shape, axes, alongAxes } = collapse(x.shape, channels);
    const flat = tf.reshape(x, [...shape]);
    const others = shape.flatMap((_, i) => (axes.includes(i) ? [] : [i]));
    const moving = (role: string) => weights.get(role);
    let mean = tf.reshape(moving('moving_mean'), [...alongAxes]);
    let variance = tf.reshape(moving('moving_variance'), [...alongAxes]);
    if (training) {
      const batch = momentsOfBatch(x, flat, masks[0] ?? null, others);
      ({ mean, variance } = batch);
      const follow = (role: string, value: tf.Tensor) => {
        const old = moving(role);
        const { momentum } = config;
        weights.assign(
          role,
          tf.add(tf.mul(old, momentum), tf.mul(tf.reshape(value, old.shape), 1 - momentum)),
        );
      };
      follow('moving_mean', mean);
      follow('moving_variance', variance);
    }
    const normal = tf.mul(tf.sub(flat, mean), tf.rsqrt(tf.add(variance, config.epsilon)));
    return tf.reshape(scaleAndShift(normal, weights, alongAxes), x.shape);
  },
);

/** A mask says which steps count: it has all axes but the channels, which stand last. */
function momentsOfBatch(x: tf.Tensor, flat: tf.Tensor, mask: Mask, axes: number[]): Moments {
  if (mask === null || mask.rank !== x.rank - 1 || axes.length > 1) return moments(flat, axes);
  const counts = tf.reshape(tf.cast(mask, 'float32'), [-1, 1]);
  const total = tf.add(tf.sum(counts, axes, true), KERAS_EPSILON);
  const mean = tf.div(tf.sum(tf.mul(flat, counts), axes, true), total);
  const off = tf.mul(tf.sub(flat, mean), counts);
  return { mean, variance: tf.div(tf.sum(tf.square(off), axes, true), total) };
}

/** `keras.backend.epsilon()`. */
const KERAS_EPSILON = 1e-7;

function moments(x: tf.Tensor, axes: number[]): Moments {
  const mean = tf.mean(x, axes, true);
  return { mean, variance: tf.mean(tf.square(tf.sub(x, mean)), axes, true) };
}

function scaleAndShift(x: tf.Tensor, weights: LayerWeights, shape: readonly number[]): tf.Tensor {
  const gamma = weights.find('gamma');
  const beta = weights.find('beta');
  const scaled = gamma === null ? x : tf.mul(x, tf.reshape(gamma, [...shape]));
  return beta === null ? scaled : tf.add(scaled, tf.reshape(beta, [...shape]));
}

export const layerNormalization = implement(layerDefs.layerNormalization, ({ config, x, weights }) => {
  const { shape, axes, alongAxes } = collapse(x.shape, resolveAxes(config.axis, x.rank));
  const flat = tf.reshape(x, [...shape]);
  const { mean, variance } = moments(flat, axes);
  // Keras' `rms_scaling` divides by the spread too, but leaves the average as it is.
  const from = config.rms_scaling ? flat : tf.sub(flat, mean);
  const normal = tf.mul(from, tf.rsqrt(tf.add(variance, config.epsilon)));
  return tf.reshape(scaleAndShift(normal, weights, alongAxes), x.shape);
});

export const rmsNormalization = implement(rmsDefs.rmsNormalization, ({ config, x, weights }) => {
  const { shape, axes, alongAxes } = collapse(x.shape, resolveAxes(config.axis, x.rank));
  const flat = tf.reshape(x, [...shape]);
  const meanSquare = tf.mean(tf.square(flat), axes, true);
  const normal = tf.mul(flat, tf.rsqrt(tf.add(meanSquare, config.epsilon)));
  return tf.reshape(tf.mul(normal, tf.reshape(weights.get('scale'), [...alongAxes])), x.shape);
});

export const groupNormalization = implement(groupDefs.groupNormalization, ({ config, x, weights }) => {
  const [axis = x.rank - 1] = resolveAxes(config.axis, x.rank);
  const batch = x.shape[0] ?? 1;
  const channels = x.shape[axis] ?? 1;
  const groups = config.groups === -1 ? channels : config.groups;
  const before = sizeOf(x.shape.slice(1, axis));
  const after = sizeOf(x.shape.slice(axis + 1));
  // The channels first: a group is a row of its own then.
  const moved = tf.transpose(tf.reshape(x, [batch, before, channels, after]), [0, 2, 1, 3]);
  const { mean, variance } = moments(tf.reshape(moved, [batch * groups, -1]), [1]);
  const rows = tf.reshape(moved, [batch * groups, -1]);
  const normal = tf.mul(tf.sub(rows, mean), tf.rsqrt(tf.add(variance, config.epsilon)));
  const scaled = scaleAndShift(tf.reshape(normal, [batch, channels, before * after]), weights, [channels, 1]);
  const back = tf.transpose(tf.reshape(scaled, [batch, channels, before, after]), [0, 2, 1, 3]);
  return tf.reshape(back, x.shape);
});

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

export const unitNormalization = implement(unitDefs.unitNormalization, ({ config, x }) =>
  toLengthOne(x, config.axis, 1e-12),
);

/** Divides by the root of the sum of squares along the axes, or by `epsilon` if that is larger. */
export function toLengthOne(x: tf.Tensor, axis: Axes, epsilon = KERAS_EPSILON): tf.Tensor {
  const { shape, axes } = collapse(x.shape, resolveAxes(axis, x.rank));
  const flat = tf.reshape(x, [...shape]);
  const squares = tf.maximum(tf.sum(tf.square(flat), axes, true), epsilon * epsilon);
  return tf.reshape(tf.mul(flat, tf.rsqrt(squares)), x.shape);
}
