import * as tf from '@tensorflow/tfjs';
import { resolveAxes } from '../../../layers/axis-rules';
import * as defs from '../../../layers/defs/dot';
import { implement } from './implementation';
import { toLengthOne } from './normalization';

/** One product of matrices for each row: all other axes of the first branch times all of the second. */
export const dot = implement(defs.dot, ({ config, inputs }) => {
  const [a, b] = inputs.map((input, i) => {
    const axis = config.axes[i] ?? -1;
    const unit = config.normalize ? toLengthOne(input, axis) : input;
    return lastOf(unit, resolveAxes(axis, input.rank)[0] ?? input.rank - 1);
  });
  if (a === undefined || b === undefined) throw new Error('Dot was called on fewer than two branches.');
  const products = tf.matMul(asMatrices(a), asMatrices(b), false, true);
  const [batch = 1] = a.shape;
  const rest = [...a.shape.slice(1, -1), ...b.shape.slice(1, -1)];
  return tf.reshape(products, [batch, ...(rest.length === 0 ? [1] : rest)]);
});

/** With the axis at the end. */
function lastOf(x: tf.Tensor, axis: number): tf.Tensor {
  if (axis === x.rank - 1) return x;
  return tf.transpose(x, [...Array.from({ length: x.rank }, (_, i) => i).filter(i => i !== axis), axis]);
}

function asMatrices(x: tf.Tensor): tf.Tensor3D {
  return tf.reshape(x, [x.shape[0] ?? 1, -1, x.shape[x.rank - 1] ?? 1]);
}
