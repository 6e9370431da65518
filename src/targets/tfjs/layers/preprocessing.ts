/** The layers that prepare values (https://keras.io/api/layers/preprocessing_layers/): no training, but gradients pass. */
import * as tf from '@tensorflow/tfjs';
import { resolveAxes } from '../../../layers/axis-rules';
import * as categoryDefs from '../../../layers/defs/category-encoding';
import * as normalizationDefs from '../../../layers/defs/normalization';
import * as rescalingDefs from '../../../layers/defs/rescaling';
import { type Numbers, shapeOfNumbers } from '../../../layers/params';
import { implement, type LayerWeights } from './implementation';

function toTensor(numbers: Numbers): tf.Tensor {
  return tf.tensor(numbers as tf.TensorLike, undefined, 'float32');
}

export const rescaling = implement(rescalingDefs.rescaling, ({ config, x }) => {
  const scaled = tf.mul(tf.cast(x, 'float32'), toTensor(config.scale));
  return config.offset === 0 ? scaled : tf.add(scaled, toTensor(config.offset));
});

/** `keras.backend.epsilon()`: the least spread. */
const LEAST_SPREAD = 1e-7;

export const normalization = implement(normalizationDefs.normalization, ({ config, x, weights }) => {
  const kept = config.axis === null ? [] : resolveAxes(config.axis, x.rank);
  const mean = statistic(config.mean, 'mean', x, kept, weights);
  const variance = statistic(config.variance, 'variance', x, kept, weights);
  const spread = tf.maximum(tf.sqrt(variance), LEAST_SPREAD);
  const floats = tf.cast(x, 'float32');
  return config.invert ? tf.add(mean, tf.mul(floats, spread)) : tf.div(tf.sub(floats, mean), spread);
});

/** With size 1 on the axes that it is the same for. Numbers stand along the last of the kept axes. */
function statistic(
  given: Numbers | null,
  role: string,
  x: tf.Tensor,
  kept: readonly number[],
  weights: LayerWeights,
): tf.Tensor {
  const sizes = given === null ? kept.map(axis => x.shape[axis] ?? 1) : (shapeOfNumbers(given) ?? []);
  const places = kept.slice(kept.length - sizes.length);
  const shape = x.shape.map((_, axis) => {
    const at = places.indexOf(axis);
    return at < 0 ? 1 : (sizes[at] ?? 1);
  });
  return tf.reshape(given === null ? weights.get(role) : toTensor(given), shape);
}

export const categoryEncoding = implement(categoryDefs.categoryEncoding, ({ config, x }) => {
  const { num_tokens, output_mode } = config;
  const isSingle = x.shape[x.rank - 1] === 1;
  const tokens = tf.cast(output_mode === 'one_hot' && isSingle ? tf.squeeze(x, [x.rank - 1]) : x, 'int32');
  const marks = tf.cast(tf.oneHot(tokens as tf.Tensor1D, num_tokens), 'float32');
  switch (output_mode) {
    case 'one_hot':
      return marks;
    case 'multi_hot':
      return tf.max(marks, 1);
    case 'count':
      return tf.sum(marks, 1);
  }
});
