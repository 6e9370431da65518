import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Relative, so that the built site works from any folder of any host.
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  // What only the workers import: found later, it would make the development server reload the page in the middle of a run.
  optimizeDeps: { include: ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-webgpu', 'fflate', 'valibot'] },
  build: { target: 'es2023' },
  test: { environment: 'node', include: ['src/**/*.test.{ts,tsx}'] },
});
