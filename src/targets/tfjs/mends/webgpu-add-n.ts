/**
 * WebGPU, tfjs 4.22: `addN` binds all its tensors to one shader, and a device takes no more than
 * `maxStorageBuffersPerShaderStage` (8, the result among them): with more the result is garbage without an error. Gradients of
 * a tensor that is used in many places are added up so. Not reported upstream. Way out: add in groups.
 */
import * as tf from '@tensorflow/tfjs';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { replaceKernel, single } from './replace-kernel';

export function mendAddN(): void {
  replaceKernel('AddN', 'webgpu', (params, stock) => {
    const { backend } = params;
    const tensors = Object.values(params.inputs).flatMap(tensor => tensor ?? []);
    const limit =
      backend instanceof WebGPUBackend ? backend.device.limits.maxStorageBuffersPerShaderStage - 1 : 7;
    if (tensors.length <= limit) return stock(params);
    // The kernel takes a list, whatever its type says.
    const add = (group: readonly tf.TensorInfo[]) =>
      single(stock({ ...params, inputs: group as unknown as tf.NamedTensorInfoMap }));
    let sum = add(tensors.slice(0, limit));
    for (let next = limit; next < tensors.length; next += limit - 1) {
      const before = sum;
      sum = add([before, ...tensors.slice(next, next + limit - 1)]);
      tf.backend().disposeData(before.dataId);
    }
    return sum;
  });
}
