/**
 * What is wrong in the WebGPU backend of tfjs 4.22 and what Graft does instead, each in a file of its own here. The tests in
 * `e2e/faults.spec.ts` show each fault in stock TensorFlow.js, and that it is gone.
 */
import * as tf from '@tensorflow/tfjs';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { mendAddN } from './webgpu-add-n';
import { mendBinaryOperation } from './webgpu-binary';
import { mendCumulative } from './webgpu-cumulative';
import { mendPad } from './webgpu-pad';
import { mendTranspose } from './webgpu-transpose';

let mended: WebGPUBackend | null = null;

/** Call once the WebGPU backend runs. */
export function mendWebgpu(): void {
  const backend = tf.backend();
  if (!(backend instanceof WebGPUBackend) || mended === backend) return;
  // Kernels belong to TensorFlow.js, programs to the backend, of which there is another one after a lost device.
  if (mended === null) {
    mendPad();
    mendAddN();
  }
  mended = backend;
  const stock = backend.runWebGPUProgram.bind(backend);
  backend.runWebGPUProgram = (program, ...others) => {
    mendTranspose(program);
    mendBinaryOperation(program);
    mendCumulative(program);
    return stock(program, ...others);
  };
}
