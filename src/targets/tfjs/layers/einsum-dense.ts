/** EinsumDense as one matrix product: TensorFlow.js' own einsum has no gradient. */
import * as tf from '@tensorflow/tfjs';
import * as defs from '../../../layers/defs/einsum-dense';
import { type Einsum, readEquation } from '../../../layers/einsum-rules';
import { activate } from './activations';
import { implement } from './implementation';

export const einsumDense = implement(defs.einsumDense, ({ config, x, weights }) => {
  const einsum = readEquation(config.equation, x.rank);
  if ('message' in einsum) throw new Error(einsum.message);
  const product = computeEinsum(einsum, x, weights.get('kernel'));
  const bias = weights.find('bias');
  return activate(config.activation, bias === null ? product : tf.add(product, bias));
});

/** The axes of both, brought into the order `[in both and in the result, free, multiplied]`, make it a product of matrices. */
function computeEinsum(einsum: Einsum, input: tf.Tensor, weight: tf.Tensor): tf.Tensor {
  const { kernel, output } = einsum;
  const lone = einsum.input.flatMap((label, i) =>
    kernel.includes(label) || output.includes(label) ? [] : [i],
  );
  const x = lone.length === 0 ? input : tf.sum(input, lone);
  const labels = einsum.input.filter((_, i) => !lone.includes(i));
  const size = new Map([
    ...labels.map((label, i) => [label, x.shape[i] ?? 1] as const),
    ...kernel.map((label, i) => [label, weight.shape[i] ?? 1] as const),
  ]);
  const shared = labels.filter(label => kernel.includes(label) && output.includes(label));
  const multiplied = labels.filter(label => kernel.includes(label) && !output.includes(label));
  const ofInput = labels.filter(label => !kernel.includes(label));
  const ofKernel = kernel.filter(label => !labels.includes(label));
  const sizes = (some: readonly string[]) => some.map(label => size.get(label) ?? 1);
  const count = (some: readonly string[]) => sizes(some).reduce((a, b) => a * b, 1);
  const rows = tf.reshape(inOrder(x, labels, [...shared, ...ofInput, ...multiplied]), [
    count(shared),
    count(ofInput),
    count(multiplied),
  ]);
  const columns = tf.reshape(inOrder(weight, kernel, [...shared, ...multiplied, ...ofKernel]), [
    count(shared),
    count(multiplied),
    count(ofKernel),
  ]);
  const product = tf.matMul(rows, columns);
  const order = [...shared, ...ofInput, ...ofKernel];
  return inOrder(tf.reshape(product, sizes(order)), order, output);
}

function inOrder(x: tf.Tensor, labels: readonly string[], wanted: readonly string[]): tf.Tensor {
  const axes = wanted.map(label => labels.indexOf(label));
  return axes.every((axis, i) => axis === i) ? x : tf.transpose(x, axes);
}
