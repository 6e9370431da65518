/** The tests against real files by other people, which aren't part of the repository: ../shared/corpus. */
import { defineConfig } from 'vitest/config';
import { graftLayers } from './scripts/graft-layers-plugin';

export default defineConfig({
  plugins: [graftLayers()],
  test: { include: ['src/**/*.test-corpus.ts'], testTimeout: 120_000 },
});
