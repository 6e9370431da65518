/** End-to-end tests: the built site and a harness for the numbers, in real Chromium with the real WebGPU backend. */
import { defineConfig } from 'playwright/test';

const browser = process.env.GRAFT_BROWSER;

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  // Software WebGPU takes both cores of a small machine: one test at a time.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
  use: {
    baseURL: 'http://localhost:4173',
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    launchOptions: {
      ...(browser === undefined ? {} : { executablePath: browser }),
      // SwiftShader is WebGPU in software: slow, but the real backend, and the same on every machine.
      args: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--no-sandbox'],
    },
  },
  webServer: [
    {
      command: 'npx vite preview --port 4173 --strictPort',
      url: 'http://localhost:4173',
      reuseExistingServer: process.env.CI === undefined,
    },
    {
      command:
        'npx vite build --config e2e/harness/vite.config.ts && npx vite preview --config e2e/harness/vite.config.ts --port 4174 --strictPort',
      url: 'http://localhost:4174',
      reuseExistingServer: process.env.CI === undefined,
      timeout: 180_000,
    },
  ],
});
