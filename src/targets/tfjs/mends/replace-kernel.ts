/** How a kernel of a TensorFlow.js backend is replaced by one that uses it. */
import * as tf from '@tensorflow/tfjs';

type KernelParams = Parameters<tf.KernelFunc>[0];

/** `run` gets what the kernel would have got, and the kernel itself. */
export function replaceKernel(
  name: string,
  backend: 'webgpu' | 'webgl' | 'cpu',
  run: (params: KernelParams, stock: tf.KernelFunc) => tf.TensorInfo | tf.TensorInfo[],
): void {
  const stock = tf.getKernel(name, backend);
  tf.unregisterKernel(name, backend);
  tf.registerKernel({ ...stock, kernelFunc: params => run(params, stock.kernelFunc) });
}

/** @throws Error if a kernel returns anything but one tensor. */
export function single(result: tf.TensorInfo | tf.TensorInfo[]): tf.TensorInfo {
  const [only, another] = Array.isArray(result) ? result : [result];
  if (only === undefined || another !== undefined) throw new Error('A kernel returned not just one tensor.');
  return only;
}
