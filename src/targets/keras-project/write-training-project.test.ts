import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { makeLoss, makeMetric } from '../../graph/objectives';
import { DEFAULT_EARLY_STOPPING, makeSchedule, type Schedule } from '../../graph/training-settings';
import { draw } from '../../layers/testing/networks';
import type { ArrayData } from '../../network/arrays';
import { makeHead, makePhase, makePlan } from '../code/testing/plans';
import { REQUIREMENTS } from './requirements';
import { type TrainingProject, writeTrainingProject } from './write-training-project';

const floats = (shape: readonly number[], ...values: number[]): ArrayData => ({
  shape,
  dtype: 'float32',
  values: Float32Array.from(values),
});

/** Two inputs from one column, a name that Keras doesn't take, a layer that leads nowhere. */
function makeProject(): TrainingProject {
  const draft = draw('eyes');
  const [left, right] = [draft.input('left', [null, 2]), draft.input('right', [null, 2])];
  const eye = draft.layer('eye/both', 'Dense', { units: 2 });
  const joined = draft.call(draft.layer('join', 'Add', {}), draft.call(eye, left), draft.call(eye, right));
  draft.call(draft.layer('nowhere', 'Dense', { units: 1 }), joined);
  draft.output('Which?', draft.call(draft.layer('which', 'Dense', { units: 3 }), joined));
  draft.output('sure', draft.call(draft.layer('sure', 'Dense', { units: 1 }), joined));
  const network = draft.finish();
  const which = {
    ...makeHead('Which?', makeLoss('sparse_categorical_crossentropy', { fromLogits: true }), [
      makeMetric('f1_score'),
      makeMetric('accuracy'),
    ]),
    classWeights: { red: 3, gone: 7 },
  };
  const sure = makeHead(
    'sure',
    makeLoss('binary_crossentropy'),
    [makeMetric('f1_score'), makeMetric('recall')],
    0.5,
  );
  const plateau = {
    ...makeSchedule('plateau'),
    monitor: { rows: 'training', output: sure.node, value: 'recall' },
  } as Schedule;
  const plan = makePlan(
    network,
    [which, sure],
    {
      phases: [
        makePhase('adamw', { ...makeSchedule('exponential'), decayEpochs: 2 } as Schedule),
        makePhase('sgd', plateau),
      ],
      clipping: { kind: 'norm', limit: 2 },
      earlyStopping: DEFAULT_EARLY_STOPPING,
    },
    [new Set(['which', 'sure']), new Set(['which', 'sure', 'eye/both'])],
  );
  const x = floats([2, 2], 1, 2, 3, 4);
  return {
    name: 'Eyes',
    model: Uint8Array.of(1, 2, 3),
    network,
    training: plan,
    data: {
      credit: 'Drawn by hand.',
      inputs: [x, { ...x, values: x.values.slice() }],
      targets: [
        {
          array: { shape: [2], dtype: 'int32', values: Int32Array.of(0, 2) },
          classes: ['red', 'green', 'blue'],
        },
        { array: floats([2, 1], 0, 1), classes: null },
      ],
      sampleWeights: null,
      rows: { train: Uint32Array.of(0), validation: Uint32Array.of(1), test: new Uint32Array() },
    },
    reported: { validation: { loss: 1.5, heads: [{ loss: 1 }, { loss: 1 }], phase: 1 }, test: null },
    probes: { inputs: [x, x], outputs: [floats([2, 3], 0, 0, 0, 0, 0, 0), floats([2, 1], 0, 0)] },
  };
}

async function write(project = makeProject()) {
  const files = new Map((await writeTrainingProject(project)).map(({ path, bytes }) => [path, bytes]));
  const text = (path: string) => new TextDecoder().decode(files.get(path));
  return { files, text, settings: JSON.parse(text('graft.json')) };
}

test('the same program for every project, the model as it was given, each column once', async () => {
  const { files, text } = await write();
  expect([...files.keys()].sort()).toEqual([
    'README.md',
    'data/input-1.npy',
    'data/probe-input-1.npy',
    'data/probe-input-2.npy',
    'data/probe-output-1.npy',
    'data/probe-output-2.npy',
    'data/rows-train.npy',
    'data/rows-validation.npy',
    'data/target-1.npy',
    'data/target-2.npy',
    'graft.json',
    'model.keras',
    'requirements.txt',
    'train.py',
  ]);
  expect(files.get('model.keras')).toEqual(Uint8Array.of(1, 2, 3));
  expect(text('train.py')).toBe(await readFile(new URL('train.py', import.meta.url), 'utf8'));
  expect(text('README.md')).toContain('The data: Drawn by hand.');
});

test('says where the data is and which rows there are', async () => {
  const { inputs, outputs, rows, sample_weights } = (await write()).settings;
  expect(inputs).toEqual([
    { name: 'left', file: 'data/input-1.npy' },
    { name: 'right', file: 'data/input-1.npy' },
  ]);
  expect(outputs.map(({ file }: { file: string }) => file)).toEqual([
    'data/target-1.npy',
    'data/target-2.npy',
  ]);
  expect(rows).toEqual({ train: 'data/rows-train.npy', validation: 'data/rows-validation.npy', test: null });
  expect(sample_weights).toBeNull();
});

test('describes each output in Keras’ words, as far as Keras means what Graft does', async () => {
  const [which, sure] = (await write()).settings.outputs;
  // F1Score compares with one-hot rows only, so the loss takes those as well.
  expect(which).toMatchObject({
    name: 'Which',
    one_hot: 3,
    class_weights: [3, 1, 1],
    activation: 'softmax',
    loss: { class_name: 'CategoricalCrossentropy', config: { from_logits: true } },
    metrics: [{ class_name: 'F1Score' }, { class_name: 'CategoricalAccuracy', config: { name: 'accuracy' } }],
  });
  // Of a single value Keras' F1Score would always say yes.
  expect(sure).toMatchObject({
    one_hot: null,
    class_weights: null,
    activation: 'linear',
    loss_weight: 0.5,
    metrics: [{ config: { threshold: 0.5 } }, { class_name: 'Recall' }],
  });
});

test('names layers as the file does, and leaves schedules in epochs', async () => {
  const { phases, early_stopping, reported } = (await write()).settings;
  expect(phases).toMatchObject([
    {
      trains: ['which', 'sure'],
      learning_rate: 0.001,
      optimizer: { class_name: 'AdamW', config: { clipnorm: 2 } },
      schedule: { kind: 'exponential', decay_epochs: 2, decay_rate: 0.96, staircase: false },
    },
    {
      trains: ['which', 'sure', 'eye_both'],
      optimizer: { class_name: 'SGD', config: { clipnorm: 2 } },
      schedule: { kind: 'plateau', monitor: { rows: 'training', output: 1, value: 'recall', mode: 'max' } },
    },
  ]);
  expect(early_stopping.monitor).toEqual({ rows: 'validation', output: null, value: 'loss', mode: 'min' });
  expect(reported).toEqual({ validation: { loss: 1.5, losses: [1, 1], phase: 1 }, test: null });
});

test('pins what the Keras tests install', async () => {
  const tested = await readFile(new URL('../../../scripts/keras/requirements.txt', import.meta.url), 'utf8');
  const pins = REQUIREMENTS.split('\n').filter(line => line.includes('=='));
  expect(pins).toHaveLength(3);
  for (const pin of pins) expect(tested.split('\n')).toContain(pin);
});
