/** What an import costs the page: tasks that hold up its main thread, and memory. */
import { readFile, writeFile } from 'node:fs/promises';
import type { Page } from 'playwright/test';

/** One task of the page's main thread, in milliseconds. */
export interface Task {
  /** From its start to its end, also while other programs had the processor. */
  readonly duration: number;
  /** What the thread itself computed. */
  readonly computing: number;
}

/** From here on all tasks of the page's main thread are noted; the result ends that and gives them, the longest first. */
export async function watchTasks(page: Page): Promise<() => Promise<readonly Task[]>> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('The page has no browser of its own.');
  // `RunTask` stands in the category in which DevTools looks for long tasks.
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline'] });
  return async () => {
    const { traceEvents }: { traceEvents: readonly TraceEvent[] } = JSON.parse(
      (await browser.stopTracing()).toString('utf8'),
    );
    const named = traceEvents.filter(({ name }) => name === 'thread_name');
    const mains = named.filter(({ args }) => args?.name === 'CrRendererMain').map(threadOf);
    return traceEvents
      .filter(event => event.name === 'RunTask' && event.ph === 'X' && mains.includes(threadOf(event)))
      .map(({ dur = 0, tdur = 0 }) => ({ duration: dur / 1000, computing: tdur / 1000 }))
      .sort((a, b) => b.computing - a.computing);
  };
}

/** https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU: durations in microseconds, `tdur` on the thread. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

function threadOf({ pid, tid }: TraceEvent): string {
  return `${pid} ${tid}`;
}

/**
 * By how much the resident memory of the processes that hold the page and its workers grows at most, in bytes. null where the system
 * doesn't tell (anything but Linux). Not counted: the browser's own process, where a profile for tests keeps what others have on
 * the disk, and the GPU's.
 */
export async function watchMemory(page: Page): Promise<(() => Promise<number>) | null> {
  const browser = page.context().browser();
  if (process.platform !== 'linux' || browser === null) return null;
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const ids = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  const before = new Map<number, number>();
  for (const id of ids) {
    // From here on the kernel notes the highest anew: https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html
    await writeFile(`/proc/${id}/clear_refs`, '5');
    before.set(id, await readMemory(id, 'VmRSS'));
  }
  return async () => {
    let grown = 0;
    for (const id of ids) grown += (await readMemory(id, 'VmHWM')) - (before.get(id) ?? 0);
    return grown;
  };
}

async function readMemory(id: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${id}/status`, 'utf8');
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
  if (kilobytes === undefined) throw new Error(`No ${field} of the process ${id}`);
  return Number(kilobytes) * 1024;
}
