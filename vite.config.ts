import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Relative, so that the built site works from any folder of any host.
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  build: { target: 'es2023' },
  test: { environment: 'node', include: ['src/**/*.test.{ts,tsx}'] },
});
