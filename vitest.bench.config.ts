import { defineConfig } from 'vitest/config';
import { graftLayers } from './scripts/graft-layers-plugin';

export default defineConfig({
  plugins: [graftLayers()],
  test: { environment: 'node', include: ['bench/**/*.bench.ts'], testTimeout: 3_600_000 },
});
