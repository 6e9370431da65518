/** Files of Keras brought in: small ones that Keras wrote, and ones of 200 MB, which must not hold up the page. */
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { expect, type Page, test } from 'playwright/test';
import { cutAfter, dropFiles, node, openApp, repoFile, select, startEmptyProject } from './app';
import { writeLargeModel } from './large-files';
import { watchMemory, watchTasks } from './measure-import';
import { storeAsVersion2 } from './old-storage';

const FILES = 'src/formats/testing/keras-files';
const MIDDLE = { x: 480, y: 300 };
const LARGE_MB = 200;
/** The bound of a long task, in milliseconds: https://www.w3.org/TR/longtasks-1/ */
const LONG = 50;

test('files that Keras wrote become nodes, and their reports are found again', async ({ page }, info) => {
  await openApp(page);
  await startEmptyProject(page);
  const keras = info.outputPath('shapes.keras');
  await copyFile(repoFile(`${FILES}/3.15.1-not-a-number-keras/model.keras`), keras);
  await dropFiles(page, [keras], MIDDLE);
  await expect(node(page, 'shapes-1')).toBeVisible();
  await expect(notices(page).getByText(/no numbers \(NaN\) or infinite/)).toBeVisible();
  const h5 = info.outputPath('pictures.h5');
  await copyFile(repoFile(`${FILES}/3.15.1-cnn-h5/model.h5`), h5);
  await dropFiles(page, [h5], { x: 480, y: 480 });
  await expect(node(page, 'pictures-1')).toBeVisible();

  const inspector = await select(page, 'shapes-1');
  await inspector.getByRole('button', { name: 'Import report' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import of shapes' });
  await expect(dialog).toContainText('Keras model (.keras)');
  await expect(dialog).toContainText('Keras 3.15.1');
  await expect(dialog).toContainText('no numbers (NaN) or infinite');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await dialog.getByRole('button', { name: 'Copy' }).click();
  await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('Import of shapes');
});

test('weights come onto the node that they are dropped on, or are offered to it', async ({ page }, info) => {
  const structure = info.outputPath('classifier.json');
  const weights = info.outputPath('classifier.weights.h5');
  const later = info.outputPath('epoch_12.weights.h5');
  await copyFile(repoFile(`${FILES}/3.15.1-mlp-json-weights/model.json`), structure);
  await copyFile(repoFile(`${FILES}/3.15.1-mlp-json-weights/model.weights.h5`), weights);
  await writeFile(later, changeValues(await readFile(weights)));
  await openApp(page);
  await startEmptyProject(page);

  await test.step('without a model they say what they need', async () => {
    await dropFiles(page, [later], MIDDLE);
    await expect(notices(page).getByText(/Drop the model that they belong to/)).toBeVisible();
  });

  await test.step('with its structure they are a model, and the weights that waited fit it', async () => {
    await dropFiles(page, [structure, weights], MIDDLE);
    await expect(node(page, 'classifier-1')).toBeVisible();
    const offer = notices(page).getByRole('button', { name: 'Load into classifier' });
    await offer.click();
    await expect(notices(page).getByText('epoch_12.weights.h5 loaded into classifier')).toBeVisible();
    await expect(offer).toBeHidden();
  });

  await test.step('dropped on the node they are meant for it; what is cut and frozen stays', async () => {
    const first = (await firstLayerWithWeights(page, 'classifier-1')) ?? '';
    await cutAfter(page, 'classifier-1', first);
    const trained = info.outputPath('tuned.weights.h5');
    await copyFile(weights, trained);
    const box = await node(page, 'classifier-1').boundingBox();
    if (box === null) throw new Error('The node is not on the screen.');
    const onIt = { x: box.x + box.width / 2, y: box.y + 20 };
    await dropFiles(page, [later], onIt);
    await expect(notices(page).getByText(/classifier has the weights of .* already/)).toBeVisible();
    await dropFiles(page, [trained], onIt);
    await expect(notices(page).getByText('tuned.weights.h5 loaded into classifier')).toBeVisible();
    await expect(node(page, 'classifier-1')).toContainText(first);
  });
});

test('an import that is cancelled leaves nothing, and the next one comes in', async ({ page }, info) => {
  const path = info.outputPath('large.h5');
  await writeLargeModel(path, 'h5', LARGE_MB);
  await openApp(page);
  await startEmptyProject(page);
  await dropFiles(page, [path], MIDDLE);
  await dropFiles(page, [`${FILES}/3.15.1-cnn-h5/model.h5`], MIDDLE);
  const bar = notices(page).getByRole('progressbar', { name: 'Reading large.h5' });
  // It has begun to read values.
  await expect(bar).toHaveAttribute('aria-valuenow', /[1-9]/);
  await expect(notices(page).getByText('model.h5 waits for its turn')).toBeVisible();
  const cancel = notices(page).getByRole('button', { name: 'Cancel reading large.h5' });
  await cancel.focus();
  await page.keyboard.press('Enter');
  await expect(bar).toBeHidden();
  await expect(notices(page).getByText('large.h5 was cancelled. Nothing was changed.')).toBeVisible();
  await expect(page.locator('.react-flow__node')).toHaveCount(1);
  await expect(node(page, 'large-1')).toBeHidden();
  await expect(page.getByTestId('palette-model-large')).toBeHidden();
});

for (const kind of ['keras', 'h5'] as const) {
  test(`a .${kind} file of ${LARGE_MB} MB comes in without holding up the page`, async ({ page }, info) => {
    const path = info.outputPath(`large.${kind}`);
    const size = await writeLargeModel(path, kind, LARGE_MB);
    await openApp(page);
    await startEmptyProject(page);
    await untilSaved(page, 0);

    const memory = await watchMemory(page);
    const start = performance.now();
    await dropFiles(page, [path], MIDDLE);
    await expect(node(page, 'large-1')).toBeVisible({ timeout: 120_000 });
    const read = performance.now() - start;
    await untilSaved(page, 1);
    const stored = performance.now() - start;
    const grown = (await memory?.()) ?? null;

    // Once more with all tasks noted: notes take memory.
    await page.getByTestId('project-menu').click();
    await page.getByRole('menuitem', { name: 'New empty project' }).click();
    await untilSaved(page, 0);
    const shares = await watchProgress(page);
    const tasks = await watchTasks(page);
    await dropFiles(page, [path], MIDDLE);
    await expect(node(page, 'large-1')).toBeVisible({ timeout: 120_000 });
    await untilSaved(page, 1);
    const all = await tasks();
    const seen = await shares();

    const held = all.filter(({ duration }) => duration > LONG);
    const byClock = Math.max(...all.map(({ duration }) => duration));
    const share = grown === null ? 'not known' : `${(grown / size).toFixed(2)} x the file`;
    report(
      `.${kind}, ${size} bytes: read in ${Math.round(read)} ms, stored after ${Math.round(stored)} ms; of ${all.length} tasks the longest computed ${all[0]?.computing.toFixed(0)} ms (by the clock ${byClock.toFixed(0)} ms, ${held.length} over ${LONG}); memory grew by ${share}`,
    );
    // Computing, not the clock: on a busy machine that counts what other programs did.
    expect(all[0]?.computing).toBeLessThan(LONG);
    if (grown !== null) expect(grown).toBeLessThan(2.5 * size);
    expect(seen.filter(percent => percent > 0 && percent < 100).length).toBeGreaterThan(1);

    await page.reload();
    await expect(node(page, 'large-1')).toContainText('50,020,000');
  });
}

test('what an earlier version stored opens as it was', async ({ page }) => {
  await openApp(page);
  await expect(node(page, 'shape_cnn-1')).toContainText('13,104');
  await untilSaved(page, 2);
  const problems = await page.getByTestId('status-problems').textContent();
  // A page of the same site that has no database open.
  await page.goto('/licences.txt');
  expect(await page.evaluate(storeAsVersion2)).toBe(2);
  await openApp(page);
  await expect(node(page, 'shape_cnn-1')).toContainText('13,104');
  await expect(page.getByTestId('status-problems')).toHaveText(problems ?? '');
  const inspector = await select(page, 'shape_cnn-1');
  await inspector.getByRole('button', { name: 'Import report' }).click();
  await expect(page.getByRole('dialog', { name: 'Import of shape_cnn' })).toContainText('make-examples.py');
});

const notices = (page: Page) => page.getByRole('main');

async function firstLayerWithWeights(page: Page, id: string): Promise<string | null> {
  const inspector = await select(page, id);
  await inspector.getByRole('button', { name: 'Open layers' }).click();
  const view = page.getByTestId('model-view');
  const row = view.getByRole('row').filter({ hasText: 'Dense' }).first();
  const name = await row.getAttribute('data-testid');
  await view.getByRole('button', { name: 'Back to the canvas' }).click();
  return name?.replace(/^layer-/, '') ?? null;
}

/** The same file with other weights: wherever eight floats in a row look like weights, the first one is negated. */
function changeValues(file: Buffer): Buffer {
  const changed = Buffer.from(file);
  const isWeight = (at: number) => {
    const size = Math.abs(file.readFloatLE(at));
    return size > 1e-3 && size < 2;
  };
  for (let at = 0; at + 32 <= file.length; at += 4) {
    const row = Array.from({ length: 8 }, (_, i) => at + i * 4);
    if (!row.every(isWeight)) continue;
    changed.writeFloatLE(-file.readFloatLE(at), at);
    at += 28;
  }
  return changed;
}

/** Until the project with so many models is in the browser's storage, weights and all. */
async function untilSaved(page: Page, models: number): Promise<void> {
  const stored = () =>
    page.evaluate(async () => {
      const asked = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      const database = await asked(indexedDB.open('graft'));
      const index = database.transaction('projects').objectStore('projects').index('savedAt');
      const rows: readonly { readonly models: readonly string[] }[] = await asked(index.getAll());
      database.close();
      return rows.at(-1)?.models.length;
    });
  await expect.poll(stored, { timeout: 120_000 }).toBe(models);
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
}

/** The values of the progress bar, each once; call before. */
async function watchProgress(page: Page): Promise<() => Promise<readonly number[]>> {
  await page.evaluate(() => {
    const seen = new Set<number>();
    Object.assign(window, { seenProgress: seen });
    const look = () => {
      const value = document.querySelector('main [role=progressbar]')?.getAttribute('aria-valuenow');
      if (value !== null && value !== undefined) seen.add(Number(value));
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  return () => page.evaluate(() => [...(window as unknown as { seenProgress: Set<number> }).seenProgress]);
}

function report(figures: string): void {
  console.log(figures);
  test.info().annotations.push({ type: 'figures', description: figures });
}
