/** Whether the browser offers WebGPU. Without TensorFlow.js, so that the page may ask before a worker starts. */

/** The backends that Graft trains on. */
export type BackendName = 'webgpu' | 'webgl' | 'cpu';

/** One sentence, or null if WebGPU is there. */
export async function whyNoWebgpu(): Promise<string | null> {
  const gpu = globalThis.navigator?.gpu;
  if (gpu === undefined) return "This browser doesn't offer WebGPU.";
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  return adapter === null ? 'This browser has WebGPU, but no GPU that it would use.' : null;
}
