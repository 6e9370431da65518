/**
 * WebGPU, tfjs 4.22: transposing whole numbers or booleans of rank 3 or more generates a shader that doesn't compile, and the
 * result is garbage without an error. Masks are booleans, so every masked recurrent layer trained on garbage; sums and
 * maxima along an axis transpose first. https://github.com/tensorflow/tfjs/issues/8638. Way out: read the values as floats,
 * which hold whole numbers up to 2^24 exactly.
 */
import type { WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';

export function mendTranspose(program: WebGPUProgram): void {
  if (!program.shaderKey.startsWith('transpose_')) return;
  const write = program.getUserCode.bind(program);
  program.getUserCode = () => write().replace(/A\[(getIndexFromCoords[^;]*)\]/, 'f32(A[$1])');
}
