/** The main job as a person does it, from two files to one: by real pointer events, on WebGPU. */
import { expect, type Page, test } from 'playwright/test';
import {
  cutAfter,
  dragFromPalette,
  dragLayer,
  dropFiles,
  exportZip,
  moveNode,
  node,
  openApp,
  select,
  setTrainingField,
  startEmptyProject,
  train,
  watchLosses,
  wire,
} from './app';
import { compareWithProbes } from './stock';

const MODELS = 'public/examples/digits/models';

test('two files dropped, wired to a merge, trained on WebGPU, exported, and the same elsewhere', async ({
  page,
}) => {
  await openApp(page);
  await startEmptyProject(page);

  await test.step('bring two models, one as a folder and one as files', async () => {
    await dropFiles(page, [`${MODELS}/shape_cnn`], { x: 480, y: 110 });
    await expect(node(page, 'shape_cnn-1')).toBeVisible();
    const files = [`${MODELS}/stroke_lstm/model.json`, `${MODELS}/stroke_lstm/weights.bin`];
    await dropFiles(page, files, { x: 480, y: 330 });
    await expect(node(page, 'stroke_lstm-1')).toBeVisible();
    await moveNode(page, 'stroke_lstm-1', { x: 10, y: 30 });
    await closeReports(page);
  });

  await test.step('choose the data', async () => {
    await page.getByRole('tab', { name: /^Data/ }).click();
    await page.getByRole('button', { name: 'Use handwritten digits' }).click();
    await page.getByRole('tab', { name: 'Training' }).click();
  });

  await test.step('draw an input of images', async () => {
    await dragFromPalette(page, 'Input', { x: 280, y: 240 });
    const inspector = await select(page, 'input-1');
    await inspector.getByLabel('Data').selectOption({ label: 'image' });
    await expect(node(page, 'input-1')).toContainText('8 × 8 × 1');
  });

  await test.step('wire it to both; where it does not fit, take the adapter that is offered', async () => {
    await wire(page, ['input-1', 'out0'], ['shape_cnn-1', 'in0']);
    await wire(page, ['input-1', 'out0'], ['stroke_lstm-1', 'in0']);
    await expect(page.getByTestId('status-problems')).toContainText(/[1-9]/);
    await page.getByRole('button', { name: 'Add Reshape 8 × 8' }).first().click();
    await expect(node(page, 'reshape-1')).toBeVisible();
  });

  await test.step('cut both before their own decision', async () => {
    await cutAfter(page, 'shape_cnn-1', 'dense_features');
    await cutAfter(page, 'stroke_lstm-1', 'lstm');
  });

  await test.step('merge them and add a head', async () => {
    await dragFromPalette(page, 'Concatenate', { x: 770, y: 240 });
    await wire(page, ['shape_cnn-1', 'out0'], ['concatenate-1', 'in0']);
    await wire(page, ['stroke_lstm-1', 'out0'], ['concatenate-1', 'in1']);
    await dragLayer(page, 'Dense', { x: 960, y: 150 });
    const inspector = await select(page, 'dense-1');
    await inspector.getByLabel('Units').fill('10');
    await inspector.getByLabel('Units').press('Enter');
    await inspector.getByLabel('Activation').selectOption('softmax');
    await wire(page, ['concatenate-1', 'out0'], ['dense-1', 'in0']);
    await dragFromPalette(page, 'Output', { x: 980, y: 330 });
    const output = await select(page, 'output-1');
    await output.getByLabel('Predicts').selectOption({ label: 'digit' });
    await wire(page, ['dense-1', 'out0'], ['output-1', 'in0']);
    await expect(page.getByTestId('status-problems')).toHaveText('No problems');
  });

  await test.step('train on WebGPU until the loss has fallen', async () => {
    await setTrainingField(page, 'Epochs', '3');
    await setTrainingField(page, 'Batch size', '192');
    await setTrainingField(page, 'Learning rate', '0.03');
    const losses = await watchLosses(page);
    await train(page);
    await expect(page.getByRole('region', { name: 'Run', exact: true })).toContainText('WebGPU');
    const [first = 0, second, third] = await losses();
    expect(third).toBeLessThan(second ?? 0);
    expect(third).toBeLessThan(first / 2);
  });

  await test.step('export, and compare in stock TensorFlow.js outside the browser', async () => {
    const zip = await exportZip(page);
    const { largest, outputs } = await compareWithProbes(zip);
    expect(outputs).toBe(1);
    expect(largest).toBeLessThanOrEqual(1e-5);
    test.info().annotations.push({ type: 'largest difference', description: String(largest) });
    console.log(`largest difference to stock TensorFlow.js in Node: ${largest}`);
  });
});

/** Reports stand in front of the canvas until they are read. */
async function closeReports(page: Page): Promise<void> {
  const dismiss = page.getByRole('button', { name: 'Dismiss' });
  while ((await dismiss.count()) > 0) await dismiss.first().click();
}
