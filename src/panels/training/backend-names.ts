import type { Backend } from '../../trainer/protocol';

export const BACKEND_NAMES: Readonly<Record<Backend['name'], string>> = {
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  cpu: 'CPU',
};
