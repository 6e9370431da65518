import { expect, test } from 'playwright/test';

for (const backend of ['webgpu', 'webgl'] as const) {
  test(`losses, metrics and optimisers are Keras’ on ${backend}, to 1e-4`, async ({ page }) => {
    await page.goto('http://localhost:4174');
    await page.waitForFunction(() => 'harness' in window);
    const found = await page.evaluate(name => window.harness.compareTrainingMaths(name), backend);
    expect(found).toMatchObject({ backend, failure: null });
    for (const comparisons of [found.losses, found.metrics, found.optimizers]) {
      expect(comparisons.length).toBeGreaterThan(30);
      expect(comparisons.filter(({ difference }) => !(difference < 1e-4))).toEqual([]);
    }
  });
}
