/**
 * Each layer type's example and cases against real Keras, on the CPU backend: what it returns, its masks, and one training step.
 * Keras' answers are in `../goldens`; `node scripts/keras/goldens.mjs <Type>` asks for them again.
 */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { must } from '../../../base/assert';
import { LAYER_TYPES, lookUpLayer } from '../../../layers/table';
import { goldenCases } from '../goldens/golden-cases';
import { goldenFiles } from '../goldens/golden-files';
import { compareWithKeras, runCase } from '../goldens/run-case';
import { lookUpImplementation } from './table';

/** Of 1 + the value. */
const OUTPUT_TOLERANCE = 1e-5;
/** Of the largest change. */
const STEP_TOLERANCE = 1e-4;

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const implemented = LAYER_TYPES.filter(({ type }) => lookUpImplementation(type) !== undefined);

test('there are goldens of every type that Graft runs, and of no other', () => {
  const missing = implemented.map(({ type }) => type).filter(type => !goldenFiles.has(type));
  const command = `node scripts/keras/goldens.mjs ${missing.join(' ')}`;
  expect(missing, `Run: ${command}`).toEqual([]);
  expect([...goldenFiles.keys()].filter(type => lookUpLayer(type) === undefined)).toEqual([]);
});

describe.each(
  implemented.filter(({ type }) => goldenFiles.has(type)).map(type => [type.type, type] as const),
)('%s', (name, type) => {
  const golden = must(goldenFiles.get(name), name);
  const cases = goldenCases(type);
  const fresh = cases.map((one, i) => golden.cases[i]?.drawn === one.drawn);

  test('has goldens of just the cases in the table', () => {
    const stale = cases.filter((_, i) => !fresh[i]).map(({ config }) => JSON.stringify(config));
    expect(stale, `Run: node scripts/keras/goldens.mjs ${name}`).toEqual([]);
    expect(golden.cases, `Run: node scripts/keras/goldens.mjs ${name}`).toHaveLength(cases.length);
  });

  test('treats masks as Keras’ class does', () => {
    expect(type.masking).toBe(golden.masking);
  });

  const runs = cases.flatMap((one, i) =>
    one.runs.map(run => {
      const masked = run.name === 'plain' ? '' : `, ${run.name}`;
      const title = `${JSON.stringify(one.config)} of ${JSON.stringify(one.shapes)}${masked}`;
      return [title, one, run, golden.cases[i]] as const;
    }),
  );
  test.each(runs.filter((_, i) => fresh[i] !== false))('%s', async (_, one, run, answer) => {
    const { [run.name]: wanted, plain } = must(answer, 'a golden').runs;
    const tensors = tf.memory().numTensors;
    const found = compareWithKeras(
      await runCase(one, run),
      must(wanted, run.name),
      must(plain, 'the plain run'),
    );
    expect(found.others).toEqual([]);
    expect(found.outputs).toBeLessThanOrEqual(OUTPUT_TOLERANCE);
    expect(found.step).toBeLessThanOrEqual(STEP_TOLERANCE);
    expect(tf.memory().numTensors).toBe(tensors);
  });
});
