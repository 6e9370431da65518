import { describe, expect, test } from 'vitest';
import { EMPTY_DOCUMENT } from '../graph/document';
import { addNode } from '../graph/edits';
import type { EpochLog } from '../trainer/protocol';
import { addEpoch, explainFailure, formatDuration, progress, timeLeft, withWeights } from './training-run';

function log(epoch: number, elapsed = epoch * 1000): EpochLog {
  return {
    epoch,
    phase: 0,
    learningRate: 0.001,
    elapsed,
    training: { loss: 1 / epoch, heads: [] },
    validation: null,
  };
}

test('an epoch stands in the history once and in order', () => {
  const history = [log(2), log(1), log(3), log(2, 2500)].reduce(addEpoch, []);
  expect(history.map(({ epoch, elapsed }) => [epoch, elapsed])).toEqual([
    [1, 1000],
    [2, 2500],
    [3, 3000],
  ]);
});

describe('progress', () => {
  test('counts steps, and whole epochs where the last step is of an epoch that is done', () => {
    const live = { epoch: 2, step: 5, loss: 1, rowsPerSecond: 1 };
    expect(progress(null, [], 10, 4)).toBe(0);
    expect(progress(live, [log(1)], 10, 4)).toBe(15 / 40);
    expect(progress(live, [log(1), log(2)], 10, 4)).toBe(20 / 40);
  });
});

describe('timeLeft', () => {
  const settings = { epochs: 10, batchSize: 32 };

  test('is not guessed before the first step', () => {
    expect(timeLeft(null, [], 10, settings)).toBeNull();
  });

  test('comes from the rate in the first epoch', () => {
    const live = { epoch: 1, step: 10, loss: 1, rowsPerSecond: 320 };
    expect(timeLeft(live, [], 10, settings)).toBeCloseTo(9000);
  });

  test('leaves the first epoch out once there is another', () => {
    expect(timeLeft(null, [log(1, 5000)], 10, settings)).toBeCloseTo(45_000);
    expect(timeLeft(null, [log(1, 5000), log(2, 6000), log(3, 7000)], 10, settings)).toBeCloseTo(7000);
  });

  test('is nothing at the end', () => {
    const all = Array.from({ length: 10 }, (_, i) => log(i + 1));
    expect(timeLeft(null, all, 10, settings)).toBe(0);
  });
});

test.each([
  [0, '0 s'],
  [400, '1 s'],
  [59_000, '59 s'],
  [130_000, '2 min 10 s'],
  [3_900_000, '1 h 5 min'],
])('%i ms is %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

test('trained weights take the place of the old ones, layer by layer', () => {
  const weight = (value: number) => ({
    shape: [1],
    dtype: 'float32' as const,
    values: Float32Array.of(value),
  });
  const layer = (name: string) => ({
    name,
    type: 'Dense',
    config: {},
    trainable: true,
    weights: { kernel: weight(1) },
  });
  const network = { name: 'n', inputs: [], calls: [], outputs: [], layers: [layer('a'), layer('b')] };
  const trained = withWeights(network, { b: { kernel: weight(2) } });
  expect(trained.layers.map(({ weights }) => weights.kernel?.values[0])).toEqual([1, 2]);
  expect(network.layers[1]?.weights.kernel.values[0]).toBe(1);
});

describe('explainFailure', () => {
  const document = addNode({
    kind: 'layer',
    id: 'dense-1',
    name: 'Head',
    position: { x: 0, y: 0 },
    type: 'Dense',
    config: {},
    trainable: true,
  })(EMPTY_DOCUMENT);
  const origins = new Map([['head', { node: 'dense-1', layer: null }]]);
  const failed = (code: string, layer: string | null = null) =>
    explainFailure(Object.assign(new Error('said'), { code, layer }), document, origins, 0);

  test('leads a NaN back to its node', () => {
    const failure = failed('training/nan', 'head');
    expect(failure.node).toBe('dense-1');
    expect(failure.title).toBe('Head gives values that are not numbers');
    expect(failure.wayOut).toContain('0.001');
  });

  test('says what to do when the device is lost', () => {
    expect(failed('training/device-lost').wayOut).toMatch(/^Train again\./);
  });

  test('keeps the words of an error that it does not know', () => {
    expect(failed('training/something-new').detail).toBe('said');
    expect(explainFailure('a string', document, origins, 0).detail).toBe('a string');
  });
});
