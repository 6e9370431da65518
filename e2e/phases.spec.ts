/** The two-phase recipe through the real panel, paused and resumed, on WebGPU. */
import { expect, test } from 'playwright/test';
import { openApp, openExample, setTrainingField } from './app';

test('a fine-tuning phase added in one click trains after the head, and a pause in between loses nothing', async ({
  page,
}) => {
  await openApp(page);
  await openExample(page, 'Digits: one trunk, two heads');
  await page.getByRole('tab', { name: 'Training' }).click();
  const settings = page.getByRole('region', { name: 'Settings' });
  const phases = settings.getByRole('group', { name: 'Phases' });
  const run = page.getByRole('region', { name: 'Run', exact: true });

  await test.step('add the phase, take it back, and add it again', async () => {
    await settings.getByRole('button', { name: 'Add fine-tuning phase' }).click();
    await expect(phases.getByRole('button')).toHaveCount(2);
    await page.getByRole('button', { name: /^Undo/ }).click();
    await expect(phases).toHaveCount(0);
    await settings.getByRole('button', { name: 'Add fine-tuning phase' }).click();
    await expect(phases.getByRole('button', { name: /^2 Fine-tuning/ })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
    await expect(settings.getByLabel('Learning rate')).toHaveValue('0.0003');
  });

  await test.step('a schedule that can’t be is said at its field and blocks training', async () => {
    await settings.getByLabel('Schedule').selectOption({ label: 'Piecewise' });
    await setTrainingField(page, 'Boundaries', '4, 2');
    await expect(settings.getByText('Each boundary must be later than the one before it.')).toBeVisible();
    await expect(page.getByText('Not ready to train')).toBeVisible();
    await settings.getByLabel('Schedule').selectOption({ label: 'Constant' });
  });

  await test.step('train two epochs of the head and one of both, paused at once', async () => {
    await setTrainingField(page, 'Epochs', '1');
    await setTrainingField(page, 'Batch size', '192');
    await phases.getByRole('button', { name: /^1 Training/ }).click();
    await setTrainingField(page, 'Epochs', '2');
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await page.getByRole('button', { name: 'Pause' }).click({ timeout: 120_000 });
    await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible({ timeout: 60_000 });
    await expect(run.getByRole('status')).toContainText('Paused');
    await expect(run).toContainText('of 3');
    await page.getByRole('button', { name: 'Resume' }).click();
    await expect(page.getByText(/Finished after/)).toBeVisible({ timeout: 200_000 });
  });

  await test.step('both phases are in the log', async () => {
    await expect(run).toContainText('Epoch 3 of 3');
    await expect(run).toContainText('phase 2 of 2');
    await expect(run).toContainText('0.0003');
    await expect(run).toContainText('WebGPU');
    await expect(page.getByRole('img', { name: /^Loss of all heads after epoch 3/ })).toBeVisible();
  });
});
