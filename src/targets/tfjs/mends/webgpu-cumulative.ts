/**
 * WebGPU, tfjs 4.22: `cumsum` and `cumprod` from the end (`reverse`) have the axis' length written into their shader, but not into
 * the key under which it is kept (`cum_webgpu.ts`): after one length, every other length is added up wrongly, without an error.
 * The gradient of `prod` is made of it. Not reported upstream. Way out: a key that names the length.
 */
import type { WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';

export function mendCumulative(program: WebGPUProgram): void {
  if (program.shaderKey.startsWith('cum_')) program.shaderKey += `_${program.outputShape.at(-1)}`;
}
