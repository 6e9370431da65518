import * as tf from '@tensorflow/tfjs';
import * as defs from '../../../layers/defs/dense';
import { activate } from './activations';
import { implement } from './implementation';

/** Axes before the last are rows of one product, whatever their number. */
export const dense = implement(defs.dense, ({ config, x, weights }) => {
  const kernel = weights.get('kernel');
  const [features = 1, units = 1] = kernel.shape;
  const product = tf.matMul(tf.reshape(x, [-1, features]), kernel as tf.Tensor2D);
  const bias = weights.find('bias');
  const sum = bias === null ? product : tf.add(product, bias);
  return activate(config.activation, tf.reshape(sum, [...x.shape.slice(0, -1), units]));
});
