/** End-to-end tests run on the built site, in the browser that scripts/browser.mjs found. */
import { defineConfig } from 'playwright/test';

const port = Number(process.env.GRAFT_E2E_PORT ?? 4173);
const browser = process.env.GRAFT_BROWSER;
const url = `http://localhost:${port}/`;

export default defineConfig({
  testDir: 'e2e',
  forbidOnly: Boolean(process.env.CI),
  // Each test may train: two at once already fill a small machine.
  workers: process.env.CI ? 1 : 2,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    baseURL: url,
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    launchOptions: {
      ...(browser ? { executablePath: browser } : {}),
      // WebGPU without a GPU, and the same on every machine.
      args: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-unsafe-swiftshader'],
    },
  },
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --port ${port} --strictPort`,
    url,
    reuseExistingServer: false,
  },
});
