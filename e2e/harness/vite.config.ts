/** Builds the harness: pages that run Graft's trainer and its layers without its screen. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    outDir: here('../../node_modules/.cache/harness'),
    emptyOutDir: true,
    rollupOptions: { input: { trainer: here('index.html'), layers: here('layers.html') } },
  },
});
