/** Faults of stock TensorFlow.js on WebGPU that Graft mends (src/targets/tfjs/mends): that they are there, and that they are gone. */
import { expect, type Page, test } from 'playwright/test';
import type { FaultName } from './harness/faults';

async function open(page: Page): Promise<void> {
  await page.goto('http://localhost:4174/layers.html');
  await page.waitForFunction(() => 'faults' in window);
}

const NAMES: readonly FaultName[] = [
  'transposing booleans',
  'counting booleans along the first axis',
  'adding a list to rank 5',
  'multiplying rank 6 by a list',
  'padding rank 5',
  'the gradient of slicing rank 5',
  'adding up nine tensors',
  'adding up thirty tensors',
  'adding up from the end, after another length',
];

test('every fault is tested', async ({ page }) => {
  await open(page);
  expect(await page.evaluate(() => window.faults.names)).toEqual(NAMES);
});

for (const name of NAMES) {
  test(`${name}: wrong in stock TensorFlow.js`, async ({ page }) => {
    await open(page);
    const { backend, found, right } = await page.evaluate(fault => window.faults.compute(fault, false), name);
    expect(backend).toBe('webgpu');
    // Should this fail, upstream has mended it: take the mend out.
    expect(found).not.toEqual(right);
  });
}

test('all of them are right as Graft runs them', async ({ page }) => {
  await open(page);
  for (const name of NAMES) {
    const { backend, found, right } = await page.evaluate(fault => window.faults.compute(fault, true), name);
    expect(backend).toBe('webgpu');
    expect(found, name).toEqual(right);
  }
});
