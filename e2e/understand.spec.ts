/** Before training, as a person does it: whether branches complement each other, and a common base used once. */
import { expect, test } from 'playwright/test';
import { node, openApp, select, wire } from './app';

test('branches are compared on the data, and a base that two models share is used once', async ({ page }) => {
  await openApp(page);

  await test.step('compare the branches of the example, on WebGPU', async () => {
    await page.getByRole('tab', { name: 'Understand' }).click();
    const branches = page.getByRole('region', { name: 'Branches' });
    await branches.getByRole('button', { name: 'Compare the branches' }).click();
    await expect(branches.getByTestId('branch-verdict')).toContainText(/Complementary|Redundant|Not clear/, {
      timeout: 120_000,
    });
    await expect(branches.getByTestId('branch-verdict')).toContainText('stroke_lstm gets');
    await expect(branches).toContainText('Similarity of the features');
    await expect(page.getByRole('region', { name: 'Values at the joints' })).toContainText(
      'Digit image → shape_cnn',
    );
    const inspector = await select(page, 'concatenate-1');
    await expect(inspector.getByTestId('branch-verdict')).toBeVisible();
  });

  await test.step('bring one of the models a second time and wire it beside the first', async () => {
    await page.getByTestId('palette-model-shape_cnn').click();
    await expect(node(page, 'shape_cnn-2')).toBeVisible();
    // What was measured is about another network now.
    await expect(page.getByTestId('branch-verdict')).toHaveCount(0);
    await wire(page, ['input-1', 'out0'], ['shape_cnn-2', 'in0']);
    await wire(page, ['shape_cnn-2', 'out0'], ['concatenate-1', 'in2']);
  });

  await test.step('use what both have in common once', async () => {
    const compared = page.getByRole('region', { name: 'Models compared' });
    await compared.getByLabel('Models').selectOption({ label: 'shape_cnn and shape_cnn 2' });
    await expect(compared).toContainText('all equal to the last bit');
    await compared.getByRole('button', { name: 'Use it once' }).click();
    await expect(compared.getByRole('button', { name: 'Use it once' })).toHaveCount(0);
    await expect(node(page, 'shape_cnn-2')).toContainText('1 layer');
  });
});
