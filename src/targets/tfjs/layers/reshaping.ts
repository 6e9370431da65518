import * as tf from '@tensorflow/tfjs';
import { flatten as flattenType } from '../../../layers/defs/flatten';
import { permute as permuteType } from '../../../layers/defs/permute';
import { repeatVector as repeatVectorType } from '../../../layers/defs/repeat-vector';
import { reshape as reshapeType } from '../../../layers/defs/reshape';
import { sizeOf } from '../../../network/shape';
import { repeatAlong, toChannelsLast } from './along-axis';
import { implement } from './implementation';

/** As Keras does, channels stand last in the list, whatever their place in the input. */
export const flatten = implement(flattenType, ({ config, x }) => {
  const [batch = 1, ...sizes] = x.shape;
  const ordered = x.rank > 2 ? toChannelsLast(x, config.data_format) : x;
  return tf.reshape(ordered, [batch, sizeOf(sizes)]);
});

export const reshape = implement(reshapeType, ({ config, x }) => {
  const [batch = 1, ...sizes] = x.shape;
  const known = sizeOf(config.target_shape.filter(size => size !== -1));
  const rest = sizeOf(sizes) / known;
  return tf.reshape(x, [batch, ...config.target_shape.map(size => (size === -1 ? rest : size))]);
});

export const permute = implement(permuteType, ({ config, x }) => tf.transpose(x, [0, ...config.dims]));

export const repeatVector = implement(repeatVectorType, ({ config, x }) =>
  repeatAlong(tf.expandDims(x, 1), 1, config.n),
);
