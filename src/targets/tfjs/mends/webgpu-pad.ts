/**
 * WebGPU, tfjs 4.22: padding a tensor of rank 5 or 6, and the gradient of slicing one, compares structs as if they were vectors
 * (`pad_webgpu.ts`): the shader doesn't compile, and the result is garbage without an error. Not reported upstream.
 * Way out: pad axis by axis, as tensors of rank 3.
 */
import * as tf from '@tensorflow/tfjs';
import { sizeOf } from '../../../network/shape';
import { replaceKernel, single } from './replace-kernel';

export function mendPad(): void {
  replaceKernel('PadV2', 'webgpu', (params, stock) => {
    const { x } = params.inputs;
    const { paddings, constantValue } = params.attrs as unknown as tf.PadV2Attrs;
    if (x === undefined || x.shape.length < 5) return stock(params);
    let result: tf.TensorInfo = x;
    for (const [axis, around] of paddings.entries()) {
      const [before, after] = around;
      if (before === 0 && after === 0) continue;
      const { shape } = result;
      const size = shape[axis] ?? 1;
      const flat = [sizeOf(shape.slice(0, axis)), size, sizeOf(shape.slice(axis + 1))];
      const attrs = { paddings: [[0, 0], around, [0, 0]], constantValue };
      const padded = single(stock({ ...params, inputs: { x: { ...result, shape: flat } }, attrs }));
      if (result !== x) tf.backend().disposeData(result.dataId);
      result = { ...padded, shape: shape.map((dim, i) => (i === axis ? before + dim + after : dim)) };
    }
    return result === x ? stock(params) : result;
  });
}
