import { expect, test } from 'playwright/test';
import type { CaseName } from './harness/harness';

test.beforeEach(async ({ page }) => {
  await page.goto('http://localhost:4174');
  await page.waitForFunction(() => 'harness' in window);
});

/** The largest difference, relative to the largest value of the same tensor. */
function difference(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  expect(a.map(values => values.length)).toEqual(b.map(values => values.length));
  const largest = (values: readonly number[]) => Math.max(1e-3, ...values.map(Math.abs));
  return Math.max(...a.map((values, i) => largestGap(values, b[i] ?? []) / largest(values)));
}

function largestGap(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? Number.NaN))));
}

const JOBS = ['stack', 'parallel', 'trunk', 'masked recurrent'] satisfies CaseName[];

for (const backend of ['webgpu', 'webgl'] as const) {
  for (const name of JOBS) {
    test(`${name}: two steps on ${backend} move every weight as on the CPU, to 1e-4 of the largest`, async ({
      page,
    }) => {
      const gpu = await page.evaluate(job => window.harness.train(job.name, job.backend), { name, backend });
      const cpu = await page.evaluate(job => window.harness.train(job, 'cpu'), name);
      expect(gpu.backend).toBe(backend);
      expect(cpu.backend).toBe('cpu');
      expect(gpu.losses).toHaveLength(2);
      for (const [epoch, loss] of gpu.losses.entries()) expect(loss).toBeCloseTo(cpu.losses[epoch] ?? 0, 4);
      expect(difference(gpu.values, cpu.values)).toBeLessThan(1e-4);
    });
  }
}

test('a run on WebGPU is repeatable bit for bit with its seed, dropout included', async ({ page }) => {
  const train = () => page.evaluate(() => window.harness.train('dropout', 'webgpu'));
  const first = await train();
  expect(first.backend).toBe('webgpu');
  expect(await train()).toEqual(first);
});

test('a device that is lost ends the run with its name, not with wrong numbers', async ({ page }) => {
  expect(await page.evaluate(() => window.harness.loseDevice())).toBe('training/device-lost');
});
