import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { graftLayers } from './scripts/graft-layers-plugin';
import { licences } from './scripts/licences-plugin';

export default defineConfig({
  // Relative, so that the built site works from any folder of any host.
  base: './',
  plugins: [react(), graftLayers(), licences()],
  worker: { format: 'es', plugins: () => [graftLayers()] },
  // What only the workers import: found later, it would make the development server reload the page in the middle of a run.
  optimizeDeps: {
    include: [
      '@tensorflow/tfjs',
      '@tensorflow/tfjs-backend-webgpu',
      '@zip.js/zip.js/lib/zip-core-native.js',
      'valibot',
    ],
  },
  build: { target: 'es2023' },
  // Files of one worker share their modules: TensorFlow.js is loaded once, not forty times.
  // A busy machine is no failure: the time limit is for what hangs.
  test: { environment: 'node', isolate: false, include: ['src/**/*.test.{ts,tsx}'], testTimeout: 60_000 },
});
