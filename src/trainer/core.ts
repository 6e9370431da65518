/**
 * Training, evaluation and prediction on TensorFlow.js. It knows no worker and no messages: events go to a function, and
 * whether to stop is asked of one. The loop is Graft's own because `fit` ignores loss weights, adds up the wrong validation
 * losses of several outputs and never applies constraints (tfjs-layers 4.22).
 */
import * as tf from '@tensorflow/tfjs';
import { createRandom, shuffledRange } from '../base/random';
import type { Head } from '../compiler/result';
import type { ArrayData } from '../network/arrays';
import type { Network } from '../network/network';
import { sliceNetwork } from '../network/slice';
import { type StartedBackend, startBackend } from '../targets/tfjs/backend';
import { buildLiveModel, type LiveModel, loadStock } from '../targets/tfjs/live-model';
import { findPenalties, sumPenalties } from '../targets/tfjs/regularizers';
import { gatherRows, splitIntoBatches } from './batches';
import { TrainerError } from './errors';
import { findNonFiniteLayer } from './non-finite';
import { createOptimizer } from './optimizers';
import type {
  Backend,
  EpochLog,
  EvaluateParams,
  PredictParams,
  PredictStockParams,
  Scores,
  TrainerEvent,
  TrainParams,
  TrainResult,
} from './protocol';
import { lossesOf, packScores, ScoreSum, weighLosses } from './scoring';

export interface TrainHooks {
  readonly onEvent: (event: TrainerEvent) => void;
  readonly shouldStop: () => boolean;
  /** Milliseconds, from any start. */
  readonly now: () => number;
  /** Lets messages arrive; called at most every `PAUSE` milliseconds. */
  readonly breathe: () => Promise<void>;
}

/** How often the loop reads the loss, reports and lets messages arrive, in milliseconds. */
const PAUSE = 100;
/** Rows per step where nothing is trained. */
const INFERENCE_BATCH = 256;

/**
 * Minimises the weighted losses. Frozen layers and layers that only heads of weight 0 need don't move at all.
 * @throws TrainerError `training/nothing-trainable`, `training/nan`, `training/device-lost`, `training/out-of-memory`,
 * `training/gpu-error`.
 */
export async function train(params: TrainParams, hooks: TrainHooks): Promise<TrainResult> {
  const backend = await startBackend(params.backend);
  const layers = trainableLayers(params.network, params.heads);
  const live = await buildLiveModel(freezeOthers(params.network, layers));
  const restore = seedMathRandom(params.settings.seed);
  try {
    return await runEpochs(params, hooks, backend, live, layers);
  } finally {
    restore();
    live.dispose();
  }
}

async function runEpochs(
  params: TrainParams,
  hooks: TrainHooks,
  backend: StartedBackend,
  live: LiveModel,
  layers: ReadonlySet<string>,
): Promise<TrainResult> {
  const { settings, trainRows, validationRows } = params;
  const variables = trainableVariables(live, layers);
  if (variables.length === 0) {
    throw new TrainerError(
      'training/nothing-trainable',
      'Everything is frozen, so there is nothing to train.',
    );
  }
  const step = createStep(params, live, layers, variables);
  const random = createRandom(settings.seed);
  const stepsPerEpoch = Math.ceil(trainRows.length / settings.batchSize);
  hooks.onEvent({ kind: 'started', backend: publicBackend(backend), stepsPerEpoch });

  const history: EpochLog[] = [];
  const start = hooks.now();
  let lastPause = start;
  let rowsSincePause = 0;
  let stopped = false;
  try {
    for (let epoch = 1; epoch <= settings.epochs && !stopped; epoch++) {
      const order = shuffledRange(trainRows.length, random).map(index => trainRows[index] ?? 0);
      const batches = splitIntoBatches(order, settings.batchSize);
      const sum = new ScoreSum();
      let done = 0;
      for (const rows of batches) {
        sum.add(step.run(rows), rows.length);
        rowsSincePause += rows.length;
        done += 1;
        const pause = hooks.now() - lastPause;
        if (pause >= PAUSE && done < batches.length) {
          const scores = await readScores(sum, params, backend, rows);
          const rowsPerSecond = (rowsSincePause * 1000) / (hooks.now() - lastPause);
          hooks.onEvent({ kind: 'step', epoch, step: done, loss: scores.loss, rowsPerSecond });
          await hooks.breathe();
          lastPause = hooks.now();
          rowsSincePause = 0;
        }
        stopped = hooks.shouldStop();
        if (stopped) break;
      }
      const training = await readScores(sum, params, backend, batches[0] ?? new Uint32Array());
      sum.dispose();
      // An epoch that was broken off has no log: its mean would be over other rows.
      if (stopped && done < batches.length) break;
      const validation =
        validationRows.length === 0 ? null : await score(params, validationRows, live, backend);
      const log: EpochLog = { epoch, training, validation, elapsed: hooks.now() - start };
      history.push(log);
      hooks.onEvent({ kind: 'epoch', log });
      await hooks.breathe();
      stopped = stopped || hooks.shouldStop();
    }
  } finally {
    step.dispose();
  }
  const weights = await live.readWeights();
  failOnGpuError(backend);
  // The last step's loss was reckoned before that step, so it doesn't show where the step itself led.
  if (!areFinite(weights)) {
    throw new TrainerError('training/nan', 'The last step led to weights that are no finite numbers.');
  }
  return {
    backend: publicBackend(backend),
    weights,
    history,
    stopped: stopped && history.length < settings.epochs,
  };
}

/** The layers whose weights move: not frozen, and leading to a head whose loss counts. */
function trainableLayers(network: Network, heads: readonly Head[]): ReadonlySet<string> {
  const counting = new Set(heads.filter(head => head.lossWeight !== 0).map(head => head.output));
  const outputs = network.outputs.filter(output => counting.has(output.name));
  const sliced = sliceNetwork({ ...network, outputs }, { start: null, end: null, taps: [] }, new Map());
  if ('problem' in sliced) throw new Error(sliced.problem.kind);
  return new Set(sliced.slice.network.layers.filter(layer => layer.trainable).map(layer => layer.name));
}

/**
 * What no counting loss reaches runs as if frozen: without gradients it would still be moved by its own moving statistics and
 * constraints.
 */
function freezeOthers(network: Network, layers: ReadonlySet<string>): Network {
  return {
    ...network,
    layers: network.layers.map(layer => (layers.has(layer.name) ? layer : { ...layer, trainable: false })),
  };
}

function areFinite(weights: TrainResult['weights']): boolean {
  return Object.values(weights)
    .flatMap(own => Object.values(own))
    .every(({ values }) => values.every(value => Number.isFinite(value)));
}

function trainableVariables(live: LiveModel, layers: ReadonlySet<string>): readonly tf.Variable[] {
  return [...live.variables]
    .filter(([layer]) => layers.has(layer))
    .flatMap(([, roles]) => [...roles.values()])
    .filter(variable => variable.trainable);
}

/** One step of training. It leaves no tensor behind but the optimiser's own. */
function createStep(
  { network, heads, inputs, targets, settings }: TrainParams,
  live: LiveModel,
  layers: ReadonlySet<string>,
  variables: readonly tf.Variable[],
) {
  const optimizer = createOptimizer(settings.optimizer);
  const penalties = findPenalties(network, live, layers);
  const run = (rows: Uint32Array): tf.Tensor1D =>
    tf.tidy(() => {
      const x = inputs.map(input => gatherRows(input, rows));
      const y = targets.map(target => gatherRows(target, rows));
      let losses: tf.Scalar[] = [];
      let predictions: tf.Tensor[] = [];
      const { value, grads } = tf.variableGrads(() => {
        predictions = applyModel(live.model, x, true).map(prediction => tf.keep(prediction));
        losses = lossesOf(heads, y, predictions).map(loss => tf.keep(loss));
        return tf.add(weighLosses(heads, losses), sumPenalties(penalties)) as tf.Scalar;
      }, [...variables]);
      optimizer.applyGradients(
        variables,
        variables.map(variable => grads[variable.name] ?? tf.zerosLike(variable)),
      );
      live.applyConstraints();
      const packed = packScores(heads, value, losses, y, predictions);
      for (const kept of [...losses, ...predictions]) kept.dispose();
      return packed;
    });
  return { run, dispose: () => optimizer.dispose() };
}

function applyModel(model: tf.LayersModel, inputs: readonly tf.Tensor[], training: boolean): tf.Tensor[] {
  // Applied to tensors it returns tensors; the type also covers symbolic ones.
  return asList(model.apply([...inputs], { training }) as tf.Tensor | tf.Tensor[]);
}

function asList(result: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
  return Array.isArray(result) ? result : [result];
}

/** Weighted losses and metrics over `rows`, in inference mode. */
async function score(
  { heads, inputs, targets }: Pick<TrainParams, 'heads' | 'inputs' | 'targets'>,
  rows: Uint32Array,
  live: LiveModel,
  backend: StartedBackend,
): Promise<Scores> {
  const sum = new ScoreSum();
  for (const batch of splitIntoBatches(rows, INFERENCE_BATCH)) {
    const packed = tf.tidy(() => {
      const y = targets.map(target => gatherRows(target, batch));
      const predictions = applyModel(
        live.model,
        inputs.map(input => gatherRows(input, batch)),
        false,
      );
      const losses = lossesOf(heads, y, predictions);
      return packScores(heads, weighLosses(heads, losses), losses, y, predictions);
    });
    sum.add(packed, batch.length);
  }
  const scores = await sum.read(heads);
  sum.dispose();
  failOnGpuError(backend);
  if (scores === null) throw new Error('There are no rows to score.');
  return scores;
}

async function readScores(
  sum: ScoreSum,
  params: TrainParams,
  backend: StartedBackend,
  rows: Uint32Array,
): Promise<Scores> {
  const scores = await sum.read(params.heads).catch((error: unknown) => {
    failOnGpuError(backend);
    throw error;
  });
  failOnGpuError(backend);
  if (scores === null) throw new Error('No step was made.');
  if (!Number.isFinite(scores.loss)) {
    throw new TrainerError(
      'training/nan',
      'The loss is no longer a finite number.',
      await blame(params, rows),
    );
  }
  return scores;
}

/**
 * The layer that gave NaN or infinity from the start, before any step; null if all was well then and the steps led there. By
 * now every weight that trains may be NaN, which would say nothing.
 */
async function blame({ network, inputs }: TrainParams, rows: Uint32Array): Promise<string | null> {
  const fresh = await buildLiveModel(network);
  const x = inputs.map(input => gatherRows(input, rows));
  const layer = await findNonFiniteLayer(fresh.model, x);
  tf.dispose(x);
  fresh.dispose();
  return layer;
}

function failOnGpuError(backend: StartedBackend): void {
  const failure = backend.failure();
  if (failure === null) return;
  const code = {
    lost: 'training/device-lost',
    'out-of-memory': 'training/out-of-memory',
    error: 'training/gpu-error',
  };
  throw new TrainerError(code[failure.kind], failure.message);
}

const publicBackend = ({ name, why }: StartedBackend): Backend => ({ name, why });

/** @throws TrainerError as `train` does for the GPU. */
export async function evaluate(params: EvaluateParams): Promise<{ backend: Backend; scores: Scores }> {
  const backend = await startBackend(params.backend);
  const live = await buildLiveModel(params.network);
  const scores = await score(params, params.rows, live, backend);
  live.dispose();
  return { backend: publicBackend(backend), scores };
}

/** What the network answers to all rows of `inputs`, output by output. */
export async function predict(
  params: PredictParams,
): Promise<{ backend: Backend; outputs: readonly ArrayData[] }> {
  const backend = await startBackend(params.backend);
  const live = await buildLiveModel(params.network);
  const outputs = await predictAll(x => applyModel(live.model, x, false), params.inputs, backend);
  live.dispose();
  return { backend: publicBackend(backend), outputs };
}

/** The same from exported files, loaded by stock TensorFlow.js and run with its `predict`, as their receiver will. */
export async function predictStock(
  params: PredictStockParams,
): Promise<{ backend: Backend; outputs: readonly ArrayData[] }> {
  const backend = await startBackend(params.backend);
  const { modelTopology, weightsManifest } = JSON.parse(params.modelJson);
  const weightSpecs = weightsManifest.flatMap((group: { weights: unknown }) => group.weights);
  const model = await loadStock({ modelTopology, weightSpecs, weightData: params.weightData });
  const outputs = await predictAll(x => asList(model.predict(x)), params.inputs, backend);
  model.dispose();
  return { backend: publicBackend(backend), outputs };
}

async function predictAll(
  apply: (batch: tf.Tensor[]) => tf.Tensor[],
  inputs: readonly ArrayData[],
  backend: StartedBackend,
): Promise<readonly ArrayData[]> {
  const rows = Uint32Array.from({ length: inputs[0]?.shape[0] ?? 0 }, (_, row) => row);
  const parts: tf.Tensor[][] = splitIntoBatches(rows, INFERENCE_BATCH).map(batch =>
    tf.tidy(() => apply(inputs.map(input => gatherRows(input, batch)))),
  );
  const outputs: ArrayData[] = [];
  for (const index of parts[0]?.keys() ?? []) {
    const whole = tf.concat(parts.flatMap(part => part[index] ?? []));
    // Whole numbers come out where an input is an output.
    outputs.push({ shape: whole.shape, dtype: 'float32', values: Float32Array.from(await whole.data()) });
    whole.dispose();
  }
  tf.dispose(parts);
  failOnGpuError(backend);
  return outputs;
}

/**
 * TensorFlow.js draws what it drops and adds as noise from `Math.random`, on every backend. Seeding that makes a run
 * repeatable; the worker does nothing else meanwhile. Returns what undoes it.
 */
function seedMathRandom(seed: number): () => void {
  const original = Math.random;
  Math.random = createRandom(seed ^ 0x5eed).uniform;
  return () => {
    Math.random = original;
  };
}
