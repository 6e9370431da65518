/** Editing, importing and keeping work, as a person meets them. */
import { writeFile } from 'node:fs/promises';
import { expect, test } from 'playwright/test';
import {
  dropFiles,
  exportZip,
  node,
  openApp,
  openExample,
  select,
  setTrainingField,
  startEmptyProject,
  train,
  wire,
} from './app';

test.beforeEach(async ({ page }) => openApp(page));

test('undoes and redoes by keyboard what the pointer did', async ({ page }) => {
  await select(page, 'stroke_lstm-1');
  await page.keyboard.press('Delete');
  await expect(node(page, 'stroke_lstm-1')).toHaveCount(0);
  await expect(page.getByTestId('status-problems')).not.toHaveText('No problems');
  await page.keyboard.press('ControlOrMeta+z');
  await expect(node(page, 'stroke_lstm-1')).toBeVisible();
  await expect(page.getByTestId('status-problems')).toHaveText('No problems');
  await page.keyboard.press('ControlOrMeta+Shift+z');
  await expect(node(page, 'stroke_lstm-1')).toHaveCount(0);
});

test('cuts, taps and freezes inside a model', async ({ page }) => {
  const inspector = await select(page, 'shape_cnn-1');
  await inspector.getByRole('button', { name: 'Open layers' }).click();
  const view = page.getByTestId('model-view');
  const row = (layer: string) => view.getByTestId(`layer-${layer}`);
  await row('flatten').getByRole('button', { name: 'Tap' }).click();
  await row('flatten').getByRole('button', { name: 'Freeze up to here' }).click();
  await expect(row('dense_features')).toContainText('trains');
  await view.getByRole('button', { name: 'Back to the canvas' }).click();
  await expect(page.locator('[data-handle="shape_cnn-1/tap:flatten"]')).toBeVisible();
  await expect(node(page, 'shape_cnn-1')).toContainText('trains');
});

test('says what a file is that it cannot use, and changes nothing', async ({ page }, info) => {
  const path = info.outputPath('model.onnx');
  await writeFile(path, Buffer.from([8, 7, 18, 7, ...Buffer.from('pytorch'), 26, 3, ...Buffer.from('2.0')]));
  const before = await page.locator('[data-testid^="node-"]').count();
  await dropFiles(page, [path], { x: 600, y: 500 });
  await expect(page.getByText('model.onnx was not read')).toBeVisible();
  await expect(page.locator('[data-testid^="node-"]')).toHaveCount(before);
});

test('reports a wrong inner size on the wire at once, and one click adapts it', async ({ page }) => {
  await openExample(page, 'Digits: encoder into profile');
  await select(page, 'dense-1');
  await page.keyboard.press('Delete');
  await wire(page, ['digit_encoder-1', 'out0'], ['profile_mlp-1', 'in0']);
  await expect(page.getByText('10 → 16')).toBeVisible();
  await page.getByRole('button', { name: 'Add Dense 16' }).first().click();
  await expect(page.getByText('10 → 16')).toHaveCount(0);
  await expect(page.getByTestId('status-problems')).toHaveText('No problems');
});

test('keeps the work through a reload, and a project comes back from its own download', async ({
  page,
}, info) => {
  await openExample(page, 'Digits: one trunk, two heads');
  await setTrainingField(page, 'Epochs', '1');
  await setTrainingField(page, 'Batch size', '512');
  await expect(page.getByTestId('saved')).toHaveText('Saved');
  await page.reload();
  await expect(page.getByTestId('project-menu')).toHaveText('Digits: one trunk, two heads');
  await expect(page.getByRole('region', { name: 'Settings' }).getByLabel('Batch size')).toHaveValue('512');
  await train(page);
  const path = info.outputPath('mine.zip');
  await writeFile(path, await exportZip(page));

  await startEmptyProject(page);
  await dropFiles(page, [path], { x: 600, y: 300 });
  await expect(page.getByTestId('project-menu')).toHaveText('Digits: one trunk, two heads');
  await expect(page.getByTestId('status-problems')).toHaveText('No problems');
  // The weights came along: what would be exported is trained.
  await page.getByRole('button', { name: 'Export' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await expect(dialog.getByText(/^Proved on/)).toBeVisible({ timeout: 120_000 });
  await expect(dialog.getByText('untrained')).toHaveCount(0);
});

test('stops after the step that is under way', async ({ page }) => {
  await openExample(page, 'Digits: one trunk, two heads');
  await setTrainingField(page, 'Epochs', '1000');
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  const run = page.getByRole('region', { name: 'Run', exact: true });
  await expect(run.getByText('rows per second')).toBeVisible({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(run.getByText(/^Stopped/)).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole('button', { name: 'Train', exact: true })).toBeVisible();
});
