/**
 * Chooses and starts the TensorFlow.js backend: WebGPU, else the best that trains right. WebAssembly is not among them: it has
 * no gradients for convolutions and embeddings (facts checked against tfjs 4.22).
 */
import * as tf from '@tensorflow/tfjs';
import { type BackendName, whyNoWebgpu } from './webgpu-support';

export interface StartedBackend {
  readonly name: BackendName;
  /** Why it isn't WebGPU, in one sentence; null if it is. */
  readonly why: string | null;
  /**
   * The first failure of the GPU, null while there is none. Kernels never throw on WebGPU: an error or a lost device only
   * shows here, and what is read afterwards is worth nothing.
   */
  failure(): GpuFailure | null;
}

export interface GpuFailure {
  readonly kind: 'lost' | 'out-of-memory' | 'error';
  readonly message: string;
}

/** @throws if a backend was asked for by name and can't start. */
export async function startBackend(wanted: BackendName | 'best'): Promise<StartedBackend> {
  if (wanted === 'best' || wanted === 'webgpu') {
    const why = await whyNoWebgpu();
    if (why === null) {
      // Loaded only where it can run.
      const { mendWebgpu } = await import('./mends/mend-webgpu');
      if (await tf.setBackend('webgpu')) {
        mendWebgpu();
        return { name: 'webgpu', why: null, failure: watchDevice() };
      }
    }
    if (wanted === 'webgpu') throw new Error(why ?? 'WebGPU could not be started.');
    return startFallback(why ?? 'WebGPU could not be started.');
  }
  if (!(await tf.setBackend(wanted))) throw new Error(`The backend ${wanted} could not be started.`);
  return { name: wanted, why: `${wanted} was asked for.`, failure: () => null };
}

async function startFallback(why: string): Promise<StartedBackend> {
  for (const name of ['webgl', 'cpu'] as const) {
    // WebGL that can't hold 32-bit floats would train on rounded numbers.
    const precise = name !== 'webgl' || tf.env().getBool('WEBGL_RENDER_FLOAT32_ENABLED');
    if (precise && tf.findBackendFactory(name) !== null && (await tf.setBackend(name))) {
      return { name, why, failure: () => null };
    }
  }
  throw new Error('No backend could be started.');
}

function watchDevice(): () => GpuFailure | null {
  let failure: GpuFailure | null = null;
  const backend = tf.backend();
  if (!('device' in backend) || !(backend.device instanceof GPUDevice)) {
    throw new Error('The WebGPU backend has no device.');
  }
  const { device } = backend;
  void device.lost.then(info => {
    failure ??= { kind: 'lost', message: info.message };
  });
  device.addEventListener('uncapturederror', event => {
    const kind = event.error instanceof GPUOutOfMemoryError ? 'out-of-memory' : 'error';
    failure ??= { kind, message: event.error.message };
  });
  return () => failure;
}
