/** What goes to Keras: each file is proved before it is offered, and comes back as the network that it was. */
import { readFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import { expect, type Page, test } from 'playwright/test';
import { dropFiles, node, openApp, openExample, startEmptyProject } from './app';

/** The dialog after the proof of one format. */
async function prove(page: Page, format: RegExp) {
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await dialog.getByRole('radio', { name: format }).click();
  await expect(dialog.getByText(/^Proved on/)).toBeVisible({ timeout: 120_000 });
  return dialog;
}

async function download(page: Page, button: string) {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('dialog', { name: 'Export' }).getByRole('button', { name: button, exact: true }).click(),
  ]);
  return { name: file.suggestedFilename(), bytes: new Uint8Array(await readFile(await file.path())), file };
}

test('the join goes to Keras as a file, with a check, and as a project, and comes back', async ({
  page,
}, info) => {
  await openApp(page);
  await openExample(page, 'Digits: one trunk, two heads');
  await page.getByRole('button', { name: 'Export' }).click();

  await prove(page, /^Keras 2 and 3/);
  await expect(page.getByText(/Opens in Keras 2\.15, tf-keras and Keras 3/)).toBeVisible();
  const h5 = await download(page, 'Download');
  expect(h5.name).toBe('digits-one-trunk-two-heads.h5');
  expect([...h5.bytes.slice(1, 4)]).toEqual([...'HDF'].map(letter => letter.charCodeAt(0)));

  await prove(page, /^Keras training project/);
  const project = unzipSync((await download(page, 'Download')).bytes);
  expect(Object.keys(project)).toEqual(
    expect.arrayContaining(['train.py', 'model.keras', 'data/input-1.npy', 'README.md']),
  );

  await prove(page, /^Keras 3/);
  const checked = unzipSync((await download(page, 'Download with check')).bytes);
  const keras = await download(page, 'Download');
  expect(checked['model.keras']).toEqual(keras.bytes);
  const probes = JSON.parse(new TextDecoder().decode(checked['probes.json']));
  expect(probes.inputs[0].shape).toEqual([8, 8, 8, 1]);

  await page.getByRole('dialog', { name: 'Export' }).getByRole('button', { name: 'Close' }).last().click();
  await startEmptyProject(page);
  const place = info.outputPath('joined.keras');
  await keras.file.saveAs(place);
  await dropFiles(page, [place], { x: 480, y: 300 });
  await expect(node(page, 'joined-1')).toContainText(/\d,\d{3}/);
});
