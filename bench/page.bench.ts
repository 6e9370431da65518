/**
 * The page in real Chromium: bytes of JavaScript before the canvas is usable, what of it is TensorFlow.js, and tasks of the main
 * thread over 50 ms while 20 epochs train on WebGPU. Needs `npm run build` and GRAFT_BROWSER. Writes `bench-results/page.json`.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { chromium, type Page } from 'playwright';
import { preview } from 'vite';
import { expect, test } from 'vitest';

const EPOCHS = 20;

interface LongTask {
  readonly start: number;
  readonly duration: number;
}

test('the page', async () => {
  const server = await preview({ preview: { port: 4191, strictPort: true } });
  const browser = await chromium.launch({
    executablePath: process.env.GRAFT_BROWSER ?? '/usr/bin/chromium',
    args: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--no-sandbox'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const scripts = new Set<string>();
    page.on('response', response => {
      if (new URL(response.url()).pathname.endsWith('.js')) scripts.add(new URL(response.url()).pathname);
    });
    await page.goto('http://localhost:4191/');
    await page.getByTestId('node-shape_cnn-1').waitFor();
    const usable = await page.evaluate(() => performance.now());
    const files = [...scripts].map(path => {
      const bytes = readFileSync(`dist${path}`);
      return {
        path,
        gzip: gzipSync(bytes).byteLength,
        tfjs: /WebGPUBackend|modelFromJSON/.test(bytes.toString()),
      };
    });
    const training = await trainAndWatch(page);
    const result = {
      usableMs: Math.round(usable),
      files,
      gzipTotal: files.reduce((sum, file) => sum + file.gzip, 0),
      ...training,
    };
    console.log(JSON.stringify(result, null, 2));
    mkdirSync('bench-results', { recursive: true });
    writeFileSync('bench-results/page.json', JSON.stringify(result, null, 2));
    expect(files.length).toBeGreaterThan(0);
  } finally {
    await browser.close();
    await new Promise(resolve => server.httpServer.close(resolve));
  }
});

/** The smallest example with few steps an epoch: a software GPU is slow, and only the page's own work counts here. */
async function trainAndWatch(page: Page) {
  await page.getByTestId('project-menu').click();
  await page.getByRole('menuitem', { name: 'Digits: one trunk, two heads' }).click();
  const settings = page.getByRole('region', { name: 'Settings' });
  for (const [label, value] of [
    ['Epochs', String(EPOCHS)],
    ['Batch size', '512'],
  ] as const) {
    await settings.getByLabel(label).fill(value);
    await settings.getByLabel(label).press('Enter');
  }
  await page.evaluate(() => {
    const tasks: { start: number; duration: number }[] = [];
    Object.assign(window, { tasks });
    new PerformanceObserver(list => {
      for (const entry of list.getEntries()) tasks.push({ start: entry.startTime, duration: entry.duration });
    }).observe({ entryTypes: ['longtask'] });
  });
  const read = () => page.evaluate(() => (window as unknown as { tasks: LongTask[] }).tasks);
  const start = await page.evaluate(() => performance.now());
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  const run = page.getByRole('region', { name: 'Run', exact: true });
  await run.getByText('rows per second').waitFor({ timeout: 600_000 });
  const began = await page.evaluate(() => performance.now());
  await page.getByText(/Finished after/).waitFor({ timeout: 3_600_000 });
  const tasks = await read();
  const backend = await run.getByText('WebGPU').count();
  return {
    onWebgpu: backend > 0,
    epochs: EPOCHS,
    longTasksBeforeFirstStep: tasks.filter(task => task.start >= start && task.start < began),
    longTasksWhileTraining: tasks.filter(task => task.start >= began),
  };
}
