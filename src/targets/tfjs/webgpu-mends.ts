/**
 * Kernels of the WebGPU backend of tfjs 4.22 that are wrong, replaced by right ones. Each names its upstream issue; the tests
 * in `e2e` show the fault in stock TensorFlow.js.
 */
import * as tf from '@tensorflow/tfjs';

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
  const cast = tf.getKernel('Cast', 'webgpu');
  tf.unregisterKernel('Transpose', 'webgpu');
  tf.registerKernel({
    ...stock,
    kernelFunc: params => {
      const { x } = params.inputs;
      if (x === undefined || x.dtype === 'float32' || x.shape.length < 3) return stock.kernelFunc(params);
      const { backend } = params;
      const convert = (tensor: tf.TensorInfo, dtype: tf.DataType) =>
        single(cast.kernelFunc({ inputs: { x: tensor }, backend, attrs: { dtype } }));
      const asFloat = convert(x, 'float32');
      const moved = single(stock.kernelFunc({ ...params, inputs: { x: asFloat } }));
      const result = convert(moved, x.dtype);
      for (const { dataId } of [asFloat, moved]) tf.backend().disposeData(dataId);
      return result;
    },
  });
}

function single(result: tf.TensorInfo | tf.TensorInfo[]): tf.TensorInfo {
  const [only] = Array.isArray(result) ? result : [result];
  if (only === undefined) throw new Error('A kernel returned nothing.');
  return only;
}
