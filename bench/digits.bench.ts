/**
 * The bundled projects on held-out digits: each source alone and the join after training, on the same 360 test rows, for
 * three seeds. Prints a table and writes `bench-results/digits.json`. Runs on the CPU backend in Node.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { setTraining } from '../src/graph/edits';
import { createStoreInProcess } from '../src/store/in-process';

const PROJECTS = ['digits-parallel', 'digits-stack', 'digits-trunk'];
const SEEDS = [1, 2, 3];

interface Row {
  readonly project: string;
  readonly head: string;
  readonly seed: number;
  readonly scores: Readonly<Record<string, number | string>>;
}

test('accuracy on held-out rows', async () => {
  const rows: Row[] = [];
  for (const project of PROJECTS) {
    const store = createStoreInProcess();
    await store.getState().openExample(project);
    for (const seed of SEEDS) {
      store.getState().applyEdit('Change seed', setTraining({ seed }));
      await store.getState().train();
      const { training } = store.getState();
      if (training.kind !== 'finished' || training.results.kind !== 'measured') {
        throw new Error(`${project} did not finish: ${JSON.stringify(training)}`);
      }
      for (const head of training.results.heads) {
        const alone = head.sources.map(({ name, result }) => [
          `${name} alone`,
          result.kind === 'measured' ? result.mean : result.reason,
        ]);
        const scores = { ...Object.fromEntries(alone), joined: head.joined };
        rows.push({ project, head: head.name, seed, scores });
      }
    }
  }
  console.log(formatTable(rows));
  mkdirSync('bench-results', { recursive: true });
  writeFileSync('bench-results/digits.json', JSON.stringify(rows, null, 2));
  expect(rows.length).toBeGreaterThanOrEqual(PROJECTS.length * SEEDS.length);
});

function formatTable(rows: readonly Row[]): string {
  const lines = rows.map(({ project, head, seed, scores }) => {
    const cells = Object.entries(scores).map(([name, value]) =>
      typeof value === 'number' ? `${name} ${(100 * value).toFixed(1)} %` : `${name}: ${value}`,
    );
    return `${project} · ${head} · seed ${seed} · ${cells.join(' · ')}`;
  });
  return ['', ...lines, ''].join('\n');
}
