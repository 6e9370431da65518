import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFormatsClient, type FormatsWorker, type WorkerListener } from './client';
import type { ToFormats } from './protocol';

/** Workers that answer only when told to. */
function fakeWorkers() {
  const spawned: { listener: WorkerListener; calls: ToFormats[]; ended: boolean }[] = [];
  const spawn = (listener: WorkerListener): FormatsWorker => {
    const entry = { listener, calls: [] as ToFormats[], ended: false };
    spawned.push(entry);
    return {
      post: call => {
        entry.calls.push(call);
      },
      terminate: () => {
        entry.ended = true;
      },
    };
  };
  return { spawned, spawn };
}

const file = { path: 'a/model.json', blob: new Blob([new Uint8Array([1])]) };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the client of the formats worker', () => {
  it('answers calls one after the other with one worker', async () => {
    const { spawned, spawn } = fakeWorkers();
    const client = createFormatsClient(spawn);
    const first = client.read([file]);
    const second = client.read([]);
    expect(spawned[0]?.calls).toHaveLength(1);
    spawned[0]?.listener.answered({ id: 1, result: [] });
    expect(await first).toEqual([]);
    expect(spawned[0]?.calls).toHaveLength(2);
    spawned[0]?.listener.answered({ id: 2, result: [] });
    expect(await second).toEqual([]);
    expect(spawned).toHaveLength(1);
  });

  it('refuses a file that hangs the worker, ends that worker, and goes on with a new one', async () => {
    const { spawned, spawn } = fakeWorkers();
    const client = createFormatsClient(spawn, 1000);
    const hanging = client.read([file]);
    const waiting = client.read([]);
    vi.advanceTimersByTime(1000);
    expect(await hanging).toMatchObject([
      {
        kind: 'refused',
        report: {
          file: 'a/model.json',
          refusal: { reason: 'It took more than 1 seconds and was stopped.' },
        },
      },
    ]);
    expect(spawned[0]?.ended).toBe(true);
    spawned[0]?.listener.broke('late');
    spawned[1]?.listener.answered({ id: 2, result: [] });
    expect(await waiting).toEqual([]);
  });

  it('waits for a reader that gets on, and ends one that says so for ever', async () => {
    const { spawned, spawn } = fakeWorkers();
    const client = createFormatsClient(spawn, 1000);
    const large = { path: 'large.h5', blob: new Blob([new Uint8Array(3_000_000)]) };
    let ended = false;
    const reading = client.read([large]).finally(() => {
      ended = true;
    });
    // One second, and one more for each of its megabytes.
    for (let told = 1; told < 8; told++) {
      expect([told, ended]).toEqual([told, false]);
      await vi.advanceTimersByTimeAsync(500);
      spawned[0]?.listener.answered({ id: 1, progress: { file: 'large.h5', done: told, total: 100 } });
    }
    await vi.advanceTimersByTimeAsync(500);
    expect(await reading).toMatchObject([
      { report: { refusal: { reason: 'It took more than 4 seconds and was stopped.' } } },
    ]);
    expect(spawned[0]?.ended).toBe(true);
    const next = client.read([]);
    spawned[1]?.listener.answered({ id: 2, result: [] });
    expect(await next).toEqual([]);
  });

  it('refuses the file when the worker crashes', async () => {
    const { spawned, spawn } = fakeWorkers();
    const client = createFormatsClient(spawn);
    const crashing = client.read([file, file]);
    spawned[0]?.listener.broke('out of memory');
    expect(await crashing).toMatchObject([
      {
        report: {
          file: '2 files',
          refusal: { reason: 'The worker that reads and writes files broke down: out of memory.' },
        },
      },
    ]);
  });

  it('rejects every pending call when it is disposed', async () => {
    const { spawned, spawn } = fakeWorkers();
    const client = createFormatsClient(spawn);
    const pending = [client.read([file]), client.read([file])];
    client.dispose();
    for (const call of pending) await expect(call).rejects.toMatchObject({ code: 'formats/disposed' });
    expect(spawned[0]?.ended).toBe(true);
    await expect(client.read([])).rejects.toMatchObject({ code: 'formats/disposed' });
  });

  it('tells a bug in writing apart', async () => {
    const { spawned, spawn } = fakeWorkers();
    const client = createFormatsClient(spawn);
    const writing = client.write({} as Parameters<typeof client.write>[0]);
    spawned[0]?.listener.answered({ id: 1, error: { message: 'oops', stack: null } });
    await expect(writing).rejects.toMatchObject({ code: 'bug', message: 'oops' });
  });
});
