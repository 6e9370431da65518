/** What a person does with Graft, by real pointer and keyboard events. */
import { readFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, type Locator, type Page } from 'playwright/test';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A file of the repository. */
export const repoFile = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

export async function openApp(page: Page): Promise<void> {
  await page.goto('/');
  await expect(page.getByTestId('node-shape_cnn-1')).toBeVisible();
}

export async function startEmptyProject(page: Page): Promise<void> {
  await page.getByTestId('project-menu').click();
  await page.getByRole('menuitem', { name: 'New empty project' }).click();
  await expect(page.getByText('Drop two models here')).toBeVisible();
}

export async function openExample(page: Page, name: string): Promise<void> {
  await page.getByTestId('project-menu').click();
  await page.getByRole('menuitem', { name }).click();
  await expect(page.getByTestId('project-menu')).toHaveText(name);
}

/** Drops files as the operating system does: the browser itself makes the events. */
export async function dropFiles(page: Page, paths: readonly string[], at: Point): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = {
    items: [],
    files: paths.map(path => (isAbsolute(path) ? path : repoFile(path))),
    dragOperationsMask: 1,
  };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, ...at, data });
  }
  await session.detach();
}

export function node(page: Page, id: string): Locator {
  return page.getByTestId(`node-${id}`);
}

export function port(page: Page, node: string, name: string): Locator {
  return page.locator(`[data-handle="${node}/${name}"]`);
}

async function centreOf(target: Locator): Promise<Point> {
  const box = await target.boundingBox();
  if (box === null) throw new Error(`Not on the screen: ${target}`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Press, move in steps, release. */
async function drag(page: Page, from: Point, to: Point): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 8, from.y + 4);
  await page.mouse.move(to.x, to.y, { steps: 12 });
  await page.mouse.up();
}

export async function moveNode(page: Page, id: string, by: Point): Promise<void> {
  const from = await centreOf(node(page, id).getByText(id.replace(/-\d+$/, '')).first());
  await drag(page, from, { x: from.x + by.x, y: from.y + by.y });
}

export async function wire(
  page: Page,
  from: readonly [string, string],
  to: readonly [string, string],
): Promise<void> {
  const start = await centreOf(port(page, ...from));
  await drag(page, start, await centreOf(port(page, ...to)));
}

export async function dragFromPalette(page: Page, type: string, at: Point): Promise<void> {
  await drag(page, await centreOf(page.getByTestId(`palette-${type}`)), at);
}

/** Finds a layer by its name in the palette first. */
export async function dragLayer(page: Page, type: string, at: Point): Promise<void> {
  const find = page.getByRole('searchbox', { name: 'Find a layer' });
  await find.fill(type);
  await dragFromPalette(page, type, at);
  await find.fill('');
}

export async function select(page: Page, id: string): Promise<Locator> {
  await node(page, id).click({ position: { x: 60, y: 12 } });
  return page.getByTestId('inspector');
}

export async function setTrainingField(page: Page, label: string, value: string): Promise<void> {
  const field = page.getByRole('region', { name: 'Settings' }).getByLabel(label);
  await field.fill(value);
  await field.press('Enter');
}

/** Ends when the test rows have been measured. */
export async function train(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(page.getByText(/Finished after/)).toBeVisible({ timeout: 200_000 });
}

export async function cutAfter(page: Page, id: string, layer: string): Promise<void> {
  const inspector = await select(page, id);
  await inspector.getByRole('button', { name: 'Open layers' }).click();
  const view = page.getByTestId('model-view');
  await view.getByTestId(`layer-${layer}`).getByRole('button', { name: 'Cut after' }).click();
  await view.getByRole('button', { name: 'Back to the canvas' }).click();
}

/**
 * Collects what the loss chart says to those who can't see it, epoch by epoch. Call before training; the result gives the
 * training losses so far.
 */
export async function watchLosses(page: Page): Promise<() => Promise<readonly number[]>> {
  await page.evaluate(() => {
    const said = new Map<string, string>();
    Object.assign(window, { said });
    const read = () => {
      for (const chart of document.querySelectorAll('[role=img][aria-label^=Loss]')) {
        const [, epoch, loss] = /after epoch (\d+): .*?training ([\d.]+)/.exec(chart.ariaLabel ?? '') ?? [];
        if (epoch !== undefined && loss !== undefined) said.set(epoch, loss);
      }
    };
    new MutationObserver(read).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  return async () => {
    const values = await page.evaluate(() => [
      ...(window as unknown as { said: Map<string, string> }).said.values(),
    ]);
    return values.map(Number);
  };
}

/** The zip, after its proof. */
export async function exportZip(page: Page): Promise<Uint8Array> {
  await page.getByRole('button', { name: 'Export' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await expect(dialog.getByText(/^Proved on/)).toBeVisible({ timeout: 120_000 });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Download' }).click(),
  ]);
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
  return new Uint8Array(await readFile(await download.path()));
}
