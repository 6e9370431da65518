/**
 * Every layer type against real Keras on WebGPU and WebGL: what it returns, its masks, gradients and one training step. The same
 * cases as in Node (src/targets/tfjs/layers/goldens.test.ts), all in one page, which has to start only once.
 */
import { expect, test } from 'playwright/test';
import type { CaseResult } from './harness/layers';

/** Of 1 + the value for outputs, of the largest change for the step. */
const TOLERANCE = 1e-4;

/** WebGL makes a shader for each shape, which takes a software GPU far longer: there it is one case of each type. */
const EXTENTS = [
  { backend: 'webgpu', extent: 'all' },
  { backend: 'webgl', extent: 'examples' },
] as const;

for (const { backend, extent } of EXTENTS) {
  test(`layers on ${backend} answer and train as Keras does, to ${TOLERANCE}`, async ({ page }) => {
    // Hundreds of shaders: a minute on a free machine, several on a busy one.
    test.setTimeout(900_000);
    await page.goto('http://localhost:4174/layers.html');
    await page.waitForFunction(() => 'layers' in window);
    const ran = await page.evaluate(asked => window.layers.run(asked.backend, asked.extent), {
      backend,
      extent,
    });
    expect(ran.backend).toBe(backend);
    const worst = (of: (result: CaseResult) => number) => Math.max(...ran.results.map(of)).toExponential(1);
    const summary = `${ran.results.length} cases on ${backend}: outputs differ by ${worst(r => r.outputs)}, steps by ${worst(r => r.step)}`;
    console.log(summary);
    test.info().annotations.push({ type: 'figures', description: summary });
    const wrong = ran.results.filter(
      ({ outputs, step, others, failure }) =>
        failure !== null || others.length > 0 || !(outputs <= TOLERANCE) || !(step <= TOLERANCE),
    );
    expect(wrong).toEqual([]);
    expect(ran.results.length).toBeGreaterThan(100);
  });
}
