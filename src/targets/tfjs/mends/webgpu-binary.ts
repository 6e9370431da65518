/**
 * WebGPU, tfjs 4.22: an operation on a tensor of rank 5 or 6 and a list of fewer than 128 values (a bias, say) reads the last
 * coordinate as `coords[4]`, but coordinates of that rank are a struct (`binary_op_webgpu.ts`): the shader doesn't compile,
 * and the result is garbage without an error. Not reported upstream. Way out: name the struct's field.
 */
import type { WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';

export function mendBinaryOperation(program: WebGPUProgram): void {
  if (!program.shaderKey.startsWith('binary_') || program.outputShape.length < 5) return;
  const write = program.getUserCode.bind(program);
  program.getUserCode = () => write().replaceAll('coords[4]', 'coords.u').replaceAll('coords[5]', 'coords.v');
}
