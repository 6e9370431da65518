/** Small training jobs on the CPU backend, for tests: compiled from sketches, with random rows, run without a worker. */
import { createRandom } from '../../base/random';
import type { CompileResult } from '../../compiler/result';
import { chain, compileSketch, input, layer, model, output, sketch } from '../../compiler/sketch';
import type { ProjectDocument } from '../../graph/document';
import {
  DEFAULT_PHASE,
  DEFAULT_TRAINING,
  type Phase,
  type TrainingSettings,
} from '../../graph/training-settings';
import { initialize } from '../../layers/initializers';
import { lookUpLayer } from '../../layers/table';
import type { ArrayData } from '../../network/arrays';
import type { Network, Weights } from '../../network/network';
import { train } from '../core';
import type { TrainerEvent, TrainParams } from '../protocol';

/** Of every job. */
export const ROWS = 6;

/** A source with everything that frozen layers must not do: moving statistics, dropout. */
export const base = chain(
  'base',
  [null, 6],
  [
    ['d', 'Dense', { units: 5 }],
    ['bn', 'BatchNormalization'],
    ['drop', 'Dropout', { rate: 0.5 }],
    ['features', 'Dense', { units: 4, activation: 'relu' }],
  ],
  7,
);
export const onBase = (freeze: 'all' | 'none') =>
  sketch(
    [
      input('x', [6]),
      model('base', base, { freeze: { kind: freeze } }),
      layer('head', 'Dense', { units: 3, activation: 'softmax' }),
      output('y'),
    ],
    ['x base', 'base head', 'head y'],
  );

export interface Case {
  readonly result: CompileResult;
  readonly network: Network;
  readonly params: TrainParams;
}

/** `settings` are those of the one phase and of the run. */
export function prepare(
  document: ProjectDocument,
  networks: readonly Network[],
  settings: Partial<TrainingSettings & Phase> = {},
): Case {
  const result = compileSketch(document, networks);
  if (result.network === null) throw new Error(result.diagnostics.map(({ message }) => message).join('\n'));
  const network = initialize(result.network, lookUpLayer, 3);
  const random = createRandom(5);
  const inputs = network.inputs.map((item): ArrayData => {
    const shape = [ROWS, ...item.shape.slice(1).map(dim => dim ?? 1)];
    const length = shape.reduce((a, b) => a * b);
    return { shape, dtype: 'float32', values: Float32Array.from({ length }, () => random.normal()) };
  });
  const targets = result.heads.map(({ loss }): ArrayData => {
    if (loss.kind === 'binary_crossentropy') {
      return {
        shape: [ROWS, 1],
        dtype: 'float32',
        values: Float32Array.from({ length: ROWS }, () => random.below(2)),
      };
    }
    return {
      shape: [ROWS],
      dtype: 'int32',
      values: Int32Array.from({ length: ROWS }, () => random.below(3)),
    };
  });
  const trainRows = Uint32Array.from({ length: ROWS }, (_, row) => row);
  const params: TrainParams = {
    network,
    heads: result.heads,
    inputs,
    targets,
    trainRows,
    validationRows: new Uint32Array(),
    rowWeights: { training: targets.map(() => null), validation: targets.map(() => null) },
    phases: [
      {
        ...DEFAULT_PHASE,
        epochs: 1,
        ...settings,
        trainable: network.layers.filter(({ trainable }) => trainable).map(({ name }) => name),
      },
    ],
    settings: { ...DEFAULT_TRAINING, batchSize: ROWS, ...settings },
    backend: 'cpu',
  };
  return { result, network, params };
}

export async function run(params: TrainParams, events: TrainerEvent[] = []) {
  let clock = 0;
  return train(params, {
    onEvent: event => events.push(event),
    wish: () => 'go',
    untilWishChanges: () => Promise.resolve(),
    now: () => (clock += 1),
    breathe: () => Promise.resolve(),
  });
}

/** As many epochs of its one phase. */
export function forEpochs(params: TrainParams, epochs: number): TrainParams {
  return { ...params, phases: params.phases.map(phase => ({ ...phase, epochs })) };
}

export function bytes(weights: Weights | undefined): Record<string, readonly number[]> {
  return Object.fromEntries(Object.entries(weights ?? {}).map(([role, { values }]) => [role, [...values]]));
}
