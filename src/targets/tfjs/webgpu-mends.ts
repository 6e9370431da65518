/**
 * Kernels of the WebGPU backend of tfjs 4.22 that are wrong, replaced by right ones. Each names its upstream issue; the tests
 * in `e2e` show the fault in stock TensorFlow.js.
 */
import * as tf from '@tensorflow/tfjs';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

let mended = false;

/** Call once the WebGPU backend runs. */
export function mendWebgpu(): void {
  if (mended) return;
  mended = true;
  mendTranspose();
}

/**
 * Transposing whole numbers or booleans of rank 3 or more generates a shader that doesn't compile, and the result is garbage
 * without an error: masks are booleans, so every masked recurrent layer trained on garbage.
 * https://github.com/tensorflow/tfjs/issues/8638. Way out: transpose them as floats, which hold them exactly.
 */
function mendTranspose(): void {
  const stock = tf.getKernel('Transpose', 'webgpu');
  const multiply = tf.getKernel('Multiply', 'webgpu');
  const cast = tf.getKernel('Cast', 'webgpu');
  tf.unregisterKernel('Transpose', 'webgpu');
  tf.registerKernel({
    ...stock,
    kernelFunc: params => {
      const { backend } = params;
      const { x } = params.inputs;
      if (x === undefined || x.shape.length < 3 || !(backend instanceof WebGPUBackend))
        return stock.kernelFunc(params);
      // A cast to floats only renames the type and leaves whole numbers in the buffer: the buffer's own type counts.
      if (backend.tensorMap.get(x.dataId).dtype === 'float32') return stock.kernelFunc(params);
      // A product has floats in its buffer.
      const one = tf.scalar(1);
      const operands = { a: { ...x, dtype: 'float32' as const }, b: one };
      const floats = single(multiply.kernelFunc({ inputs: operands, backend }));
      const moved = single(stock.kernelFunc({ ...params, inputs: { x: floats } }));
      const result = single(cast.kernelFunc({ inputs: { x: moved }, backend, attrs: { dtype: x.dtype } }));
      one.dispose();
      for (const { dataId } of [floats, moved]) tf.backend().disposeData(dataId);
      return result;
    },
  });
}

function single(result: tf.TensorInfo | tf.TensorInfo[]): tf.TensorInfo {
  const [only] = Array.isArray(result) ? result : [result];
  if (only === undefined) throw new Error('A kernel returned nothing.');
  return only;
}
