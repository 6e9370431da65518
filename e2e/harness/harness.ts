/** What the tests of numbers call in the page: the same small jobs on any backend, and a device that is lost. */
import * as tf from '@tensorflow/tfjs';
import { createRandom } from '../../src/base/random';
import { chain, compileSketch, input, layer, model, output, sketch } from '../../src/compiler/sketch';
import type { ProjectDocument } from '../../src/graph/document';
import { makeSettings } from '../../src/graph/options';
import { DEFAULT_PHASE, DEFAULT_TRAINING, OPTIMIZERS } from '../../src/graph/training-settings';
import { initialize } from '../../src/layers/initializers';
import { lookUpLayer } from '../../src/layers/table';
import type { ArrayData } from '../../src/network/arrays';
import type { Network } from '../../src/network/network';
import type { BackendName } from '../../src/targets/tfjs/webgpu-support';
import { createTrainer } from '../../src/trainer/client';
import { train as runHere } from '../../src/trainer/core';
import { TrainerError } from '../../src/trainer/errors';
import type { TrainParams } from '../../src/trainer/protocol';
import { compareTrainingMaths } from './training-maths';

const ROWS = 8;

const cnn = chain(
  'cnn',
  [null, 6, 6, 1],
  [
    ['conv', 'Conv2D', { filters: 4, kernel_size: [3, 3] }],
    ['bn', 'BatchNormalization'],
    ['relu', 'ReLU'],
    ['pool', 'MaxPooling2D'],
    ['flat', 'Flatten'],
    ['dense', 'Dense', { units: 6, activation: 'relu' }],
  ],
);
const lstm = chain(
  'lstm',
  [null, 6, 6],
  [
    ['lstm', 'LSTM', { units: 5 }],
    ['dense', 'Dense', { units: 6, activation: 'tanh' }],
  ],
);
const free = { freeze: { kind: 'none' } } as const;
const softmax = { units: 3, activation: 'softmax' };

const CASES = {
  stack: sketch(
    [
      input('x', [6, 6, 1]),
      model('a', cnn, free),
      layer('wide', 'Dense', { units: 36 }),
      layer('rows', 'Reshape', { target_shape: [6, 6] }),
      model('b', lstm, free),
      layer('head', 'Dense', softmax),
      output('y'),
    ],
    ['x a', 'a wide', 'wide rows', 'rows b', 'b head', 'head y'],
  ),
  parallel: sketch(
    [
      input('x', [6, 6, 1]),
      input('z', [6, 6]),
      model('a', cnn, free),
      model('b', lstm, free),
      layer('m', 'Concatenate'),
      layer('head', 'Dense', softmax),
      output('y'),
    ],
    ['x a', 'z b', 'a m.in0', 'b m.in1', 'm head', 'head y'],
  ),
  trunk: sketch(
    [
      input('x', [6, 6, 1]),
      model('a', cnn, { freeze: { kind: 'upTo', call: 'bn' } }),
      layer('one', 'Dense', softmax),
      layer('two', 'Dense', { units: 1, activation: 'sigmoid' }),
      output('y1', { lossWeight: 0.5 }),
      output('y2', { loss: 'binary_crossentropy', lossWeight: 0.5 }),
    ],
    ['x a', 'a one', 'a two', 'one y1', 'two y2'],
  ),
  dropout: sketch(
    [
      input('x', [6]),
      layer('wide', 'Dense', { units: 32, activation: 'relu' }),
      layer('drop', 'Dropout', { rate: 0.5 }),
      layer('head', 'Dense', softmax),
      output('y'),
    ],
    ['x wide', 'wide drop', 'drop head', 'head y'],
  ),
  'masked recurrent': sketch(
    [
      input('x', [6], { dtype: 'int32' }),
      layer('embed', 'Embedding', { input_dim: 5, output_dim: 4, mask_zero: true }),
      layer('rnn', 'LSTM', { units: 4 }),
      layer('head', 'Dense', softmax),
      output('y'),
    ],
    ['x embed', 'embed rnn', 'rnn head', 'head y'],
  ),
} satisfies Record<string, ProjectDocument>;

export type CaseName = keyof typeof CASES;

function prepare(name: CaseName, backend: BackendName): TrainParams {
  const result = compileSketch(CASES[name], [cnn, lstm]);
  if (result.network === null) throw new Error(result.diagnostics.map(({ message }) => message).join('\n'));
  const network: Network = initialize(result.network, lookUpLayer, 3);
  const random = createRandom(9);
  const inputs = network.inputs.map((item): ArrayData => {
    const shape = [ROWS, ...item.shape.slice(1).map(dim => dim ?? 1)];
    const length = shape.reduce((a, b) => a * b);
    return item.dtype === 'int32'
      ? { shape, dtype: 'int32', values: Int32Array.from({ length }, () => random.below(5)) }
      : { shape, dtype: 'float32', values: Float32Array.from({ length }, () => random.normal()) };
  });
  const targets = result.heads.map(
    ({ loss }): ArrayData =>
      loss.kind === 'binary_crossentropy'
        ? { shape: [ROWS, 1], dtype: 'float32', values: Float32Array.from({ length: ROWS }, (_, i) => i % 2) }
        : { shape: [ROWS], dtype: 'int32', values: Int32Array.from({ length: ROWS }, (_, i) => i % 3) },
  );
  return {
    network,
    heads: result.heads,
    inputs,
    targets,
    trainRows: Uint32Array.from({ length: ROWS }, (_, row) => row),
    validationRows: new Uint32Array(),
    rowWeights: { training: targets.map(() => null), validation: targets.map(() => null) },
    phases: [
      {
        ...DEFAULT_PHASE,
        epochs: 2,
        optimizer: makeSettings(OPTIMIZERS, 'sgd', { learningRate: 0.5, momentum: 0.9 }),
        trainable: network.layers.filter(({ trainable }) => trainable).map(({ name }) => name),
      },
    ],
    settings: { ...DEFAULT_TRAINING, batchSize: ROWS },
    backend,
  };
}

/** Trains a case; its backend, the losses of its epochs and every value that it ended with. */
async function train(name: CaseName, backend: BackendName) {
  const result = await createTrainer().call('train', prepare(name, backend));
  const values = Object.values(result.weights).flatMap(roles =>
    Object.values(roles).map(({ values: own }) => [...own]),
  );
  return { backend: result.backend.name, losses: result.history.map(log => log.training.loss), values };
}

/** The code of the error with which training ends when the device is lost after the first epoch. */
async function loseDevice(): Promise<string> {
  const params = prepare('parallel', 'webgpu');
  let lost = false;
  const run = runHere(
    { ...params, phases: params.phases.map(phase => ({ ...phase, epochs: 50 })) },
    {
      onEvent: event => {
        if (event.kind !== 'epoch' || lost) return;
        lost = true;
        const backend = tf.backend();
        if ('device' in backend && backend.device instanceof GPUDevice) backend.device.destroy();
      },
      wish: () => 'go',
      untilWishChanges: () => Promise.resolve(),
      now: () => performance.now(),
      breathe: () => new Promise(resolve => setTimeout(resolve)),
    },
  );
  return run.then(
    () => 'finished',
    (error: unknown) => (error instanceof TrainerError ? error.code : String(error)),
  );
}

const harness = { train, loseDevice, compareTrainingMaths };
export type Harness = typeof harness;

declare global {
  interface Window {
    harness: Harness;
  }
}
window.harness = harness;
