/** The tests against real files by other people, which aren't part of the repository: ../shared/corpus. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['src/**/*.test-corpus.ts'], testTimeout: 120_000 },
});
