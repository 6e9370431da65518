/**
 * The cases that `project.py` runs: training projects as Graft writes them, unpacked, and beside each of them what Graft's own
 * trainer makes of it. Run by `project.mjs`.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createRandom } from '../../src/base/random';
import { compile } from '../../src/compiler/compile';
import { writeKerasFile } from '../../src/formats/keras-write/write-keras-file';
import { readFiles } from '../../src/formats/read-files';
import { makeLoss, makeMetric } from '../../src/graph/objectives';
import { documentInPhase } from '../../src/graph/phases';
import { DEFAULT_EARLY_STOPPING, makeSchedule, type Schedule } from '../../src/graph/training-settings';
import { actsInTraining } from '../../src/layers/acts-in-training';
import { initialize } from '../../src/layers/initializers';
import { lookUpLayer } from '../../src/layers/table';
import { draw } from '../../src/layers/testing/networks';
import type { ArrayData } from '../../src/network/arrays';
import type { Network } from '../../src/network/network';
import { EXAMPLES, loadExample } from '../../src/storage/examples';
import { randomProbes } from '../../src/store/export-flow';
import { trainParams } from '../../src/store/training-job';
import { withWeights } from '../../src/store/training-run';
import { makeHead, makePhase, makePlan } from '../../src/targets/code/testing/plans';
import type { TrainingPlan } from '../../src/targets/keras/write-training';
import type { RecordedData } from '../../src/targets/keras-project/recorded-data';
import { writeTrainingProject } from '../../src/targets/keras-project/write-training-project';
import { train } from '../../src/trainer/core';
import { evaluate } from '../../src/trainer/evaluate';
import { predict } from '../../src/trainer/predict';
import type { RowWeights, Scores, TrainParams } from '../../src/trainer/protocol';
import { layersThatMove } from '../../src/trainer/trained-layers';

/** Any date: it isn't looked at. */
const STAMP = { kerasVersion: '3.15.1', savedAt: '2026-01-01@00:00:00' };

/** Rows that are asked before and after. */
const PROBES = 5;
/** The largest absolute difference between Graft's answers and Keras'. */
const ANSWER_TOLERANCE = 1e-5;

interface ProjectCase {
  readonly name: string;
  readonly network: Network;
  readonly training: TrainingPlan;
  readonly data: RecordedData;
  readonly rowWeights: RowWeights;
  /** Whether layers draw while it trains: JAX draws other numbers than Graft. */
  readonly draws: boolean;
}

/** Writes one folder for each case into `folder`; answers with their names. */
export async function writeProjectCases(folder: string): Promise<readonly string[]> {
  const cases = [...(await exampleProjects()), twoHeads(), manyKinds(), dropping()];
  for (const one of cases) await writeCase(path.join(folder, one.name), one);
  return cases.map(({ name }) => name);
}

/** Names of cases whose trained network Graft doesn't read back as Keras runs it, with the reason. */
export async function readBack(folder: string, names: readonly string[]): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const name of names) {
    const off = await compareAnswers(path.join(folder, name)).catch(String);
    if (typeof off === 'string') problems.push(`${name}: trained.keras can't be read back: ${off}`);
    else if (!(off <= ANSWER_TOLERANCE)) problems.push(`${name}: trained.keras answers otherwise by ${off}`);
  }
  return problems;
}

/** The largest difference between what Graft and Keras answer with `trained.keras`. */
async function compareAnswers(folder: string): Promise<number> {
  const bytes = new Uint8Array(await readFile(path.join(folder, 'trained.keras')));
  const [item] = await readFiles([{ path: 'trained.keras', blob: new Blob([bytes]) }]);
  if (item?.kind !== 'model') throw new Error(JSON.stringify(item));
  const { network } = item.model;
  const inputs = randomProbes(network.inputs, PROBES, 1);
  const { outputs } = await predict({ network, inputs, backend: 'cpu' });
  const expected: readonly (readonly number[])[] = JSON.parse(
    await readFile(path.join(folder, 'answers.json'), 'utf8'),
  );
  const off = outputs.flatMap(({ values }, output) =>
    [...values].map((value, index) => Math.abs(value - (expected[output]?.[index] ?? Number.NaN))),
  );
  return Math.max(...off);
}

async function writeCase(folder: string, { network, training, data, rowWeights, draws }: ProjectCase) {
  const { settings, heads } = training;
  const measurable = {
    network,
    heads,
    inputs: data.inputs,
    targets: data.targets.map(({ array }) => array),
    backend: 'cpu',
  } as const;
  const measure = async (rows: Uint32Array) => {
    const { scores } = await evaluate({ ...measurable, rowWeights: rowWeights.validation, rows });
    return { ...scores, phase: null };
  };
  const params: TrainParams = {
    ...measurable,
    rowWeights,
    trainRows: data.rows.train,
    validationRows: data.rows.validation,
    phases: settings.phases.map((phase, index) => ({
      ...phase,
      trainable: [...(training.trainable[index] ?? [])],
    })),
    settings,
  };
  const probeInputs = randomProbes(network.inputs, PROBES, 1);
  const { outputs } = await predict({ network, inputs: probeInputs, backend: 'cpu' });
  const files = await writeTrainingProject({
    name: path.basename(folder),
    model: await writeKerasFile(network, STAMP),
    network,
    training: {
      ...training,
      trainable: params.phases.map(({ trainable }) => layersThatMove(network, heads, trainable)),
    },
    data,
    reported: { validation: await measure(data.rows.validation), test: await measure(data.rows.test) },
    probes: { inputs: probeInputs, outputs },
  });
  for (const { path: name, bytes } of files) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), bytes);
  }
  const expected = draws ? null : await trainHere(params, probeInputs);
  await writeFile(path.join(folder, 'expected.json'), JSON.stringify(expected));
}

/** Of each epoch the losses and metrics; what the trained network answers to the probes. */
async function trainHere(params: TrainParams, probeInputs: readonly ArrayData[]) {
  const { history, weights, phases } = await train(params, {
    onEvent: () => {},
    wish: () => 'go',
    untilWishChanges: () => Promise.reject(new Error('Nobody pauses.')),
    now: () => performance.now(),
    breathe: () => Promise.resolve(),
  });
  const network = withWeights(params.network, weights);
  const { outputs } = await predict({ network, inputs: probeInputs, backend: 'cpu' });
  return {
    history: history.map(({ phase, training, validation }) => ({
      phase,
      training: flatten(training),
      validation: validation === null ? null : flatten(validation),
    })),
    restored: phases.map(({ restored }) => restored),
    answers: outputs.map(({ values }) => [...values]),
  };
}

function flatten({ loss, heads }: Scores) {
  return { loss, heads: heads.map(head => ({ loss: head.loss, metrics: Object.values(head.metrics) })) };
}

/** The bundled examples on a few of their rows, for one epoch. */
async function exampleProjects(): Promise<ProjectCase[]> {
  const read = (files: Parameters<typeof readFiles>[0]) => Promise.resolve(readFiles(files));
  const fetchBytes = async (file: string) => new Uint8Array(await readFile(path.join('public', file)));
  return Promise.all(
    EXAMPLES.map(async ({ id }) => {
      const { document, models, dataset } = await loadExample(id, { read, fetchBytes });
      const networks = new Map(models.map(model => [model.id, model.network]));
      const compiled = compile(document, networks, lookUpLayer);
      if (compiled.network === null) throw new Error(`The example ${id} doesn't compile.`);
      const network = initialize(compiled.network, lookUpLayer, document.training.seed);
      const phases = document.training.phases.map(phase => {
        const inPhase = compile(documentInPhase(document, phase), networks, lookUpLayer);
        const free = (inPhase.network?.layers ?? []).filter(layer => layer.trainable);
        return { layers: free.map(({ name }) => name), trainable: 0, problem: null };
      });
      const counts = { parameters: 0, phases };
      const params = trainParams({ document, compiled, network, dataset, counts, networks }, network);
      const [first, ...rest] = document.training.phases.map(phase => ({ ...phase, epochs: 1 }));
      if (first === undefined) throw new Error(`The example ${id} has no phase.`);
      return {
        name: id,
        network,
        training: {
          settings: { ...document.training, phases: [first, ...rest] },
          heads: compiled.heads,
          trainable: phases.map(({ layers }) => new Set(layers)),
        },
        data: {
          credit: dataset.credit,
          inputs: params.inputs,
          targets: params.targets.map((array, index) => {
            const column = dataset.columns.find(({ name }) => name === compiled.heads[index]?.column);
            return { array, classes: column?.kind === 'classes' ? column.classes : null };
          }),
          sampleWeights: null,
          rows: {
            train: params.trainRows.subarray(0, 2 * 32),
            validation: params.validationRows.subarray(0, 32),
            test: dataset.testRows.subarray(0, 32),
          },
        },
        rowWeights: params.rowWeights,
        draws: draws(network, phases),
      };
    }),
  );
}

function draws({ layers }: Network, phases: readonly { readonly layers: readonly string[] }[]): boolean {
  return layers.some(({ name, type, config }) => {
    const known = lookUpLayer(type);
    const trains = phases.some(phase => phase.layers.includes(name));
    return trains && known !== undefined && actsInTraining(known, config, lookUpLayer);
  });
}

const ROWS = 60;
const random = createRandom(11);

function numbers(...rowShape: readonly number[]): ArrayData {
  const size = rowShape.reduce((product, length) => product * length, ROWS);
  return {
    shape: [ROWS, ...rowShape],
    dtype: 'float32',
    values: Float32Array.from({ length: size }, random.normal),
  };
}

function classNumbers(count: number): ArrayData {
  return {
    shape: [ROWS],
    dtype: 'int32',
    values: Int32Array.from({ length: ROWS }, () => random.below(count)),
  };
}

function rowsOf(from: number, to: number): Uint32Array {
  return Uint32Array.from({ length: to - from }, (_, index) => from + index);
}

/** Four devices can't share them equally, nor the rows that are measured. */
const BATCH = 10;
const WHOLE_BATCHES = { train: rowsOf(0, 30), validation: rowsOf(30, 45), test: rowsOf(45, ROWS) };
/** A last batch of fewer rows; each size is compiled anew. */
const BROKEN_BATCHES = { train: rowsOf(0, 33), validation: rowsOf(33, 50), test: rowsOf(50, ROWS) };

/** The frozen base normalises, drops and is regularised: none of that may show while it is frozen. */
function withBase(name: string, rate: number) {
  const draft = draw(name);
  const dense = {
    units: 6,
    activation: 'tanh',
    kernel_regularizer: { class_name: 'L2', config: { l2: 0.01 } },
  };
  const at = draft.call(draft.layer('base/dense 1', 'Dense', dense), draft.input('x', [null, 5]));
  const normal = draft.call(draft.layer('normal', 'BatchNormalization', { momentum: 0.8 }), at);
  return { draft, base: draft.call(draft.layer('drop', 'Dropout', { rate }), normal) };
}

/** Phases, a warm-up, clipping, weights of losses, classes and rows, early stopping that restores. */
function twoHeads(): ProjectCase {
  const { draft, base } = withBase('two-heads', 0.4);
  draft.output('kind', draft.call(draft.layer('kind', 'Dense', { units: 3, activation: 'softmax' }), base));
  draft.output('size', draft.call(draft.layer('size', 'Dense', { units: 2 }), base));
  const network = draft.finish();
  const classes = ['a', 'b', 'c'];
  const kind = {
    ...makeHead(
      'kind',
      makeLoss('sparse_categorical_crossentropy'),
      [makeMetric('accuracy'), makeMetric('f1_score')],
      0.7,
    ),
    classWeights: { a: 2, c: 0.25 },
  };
  const size = makeHead('size', makeLoss('huber', { delta: 0.5 }), [makeMetric('r2_score')], 1.5);
  const warmUp: Schedule = {
    ...makeSchedule('cosine'),
    warmupTarget: 0.3,
    warmupEpochs: 0.5,
    decayEpochs: null,
  } as Schedule;
  const plateau: Schedule = {
    ...makeSchedule('plateau'),
    patience: 1,
    minDelta: 0.5,
    factor: 0.5,
  } as Schedule;
  const training = makePlan(
    network,
    [kind, size],
    {
      phases: [
        { ...makePhase('adamw', warmUp), name: 'Heads', epochs: 3 },
        { ...makePhase('sgd', plateau), name: 'All but dropout', epochs: 3 },
      ],
      batchSize: BATCH,
      seed: 5,
      clipping: { kind: 'globalNorm', limit: 0.3 },
      earlyStopping: {
        ...DEFAULT_EARLY_STOPPING,
        patience: 1,
        monitor: { rows: 'validation', output: size.node, value: 'r2_score' },
      },
    },
    [new Set(['kind', 'size']), new Set(['kind', 'size', 'base/dense 1', 'normal'])],
  );
  const [x, kinds, sizes] = [numbers(5), classNumbers(3), numbers(2)];
  const samples = Float32Array.from({ length: ROWS }, () => 0.5 + random.uniform());
  const ofClass = [2, 1, 0.25];
  return {
    name: network.name,
    network,
    training,
    data: {
      credit: '',
      inputs: [x],
      targets: [
        { array: kinds, classes },
        { array: sizes, classes: null },
      ],
      sampleWeights: samples,
      rows: BROKEN_BATCHES,
    },
    rowWeights: {
      training: [samples.map((weight, row) => weight * (ofClass[kinds.values[row] ?? 0] ?? 1)), samples],
      validation: [samples, samples],
    },
    draws: false,
  };
}

/** Logits, a sequence with a mask, positions, rates in steps, an optimiser with momentum; one head counts for nothing. */
function manyKinds(): ProjectCase {
  const draft = draw('many-kinds');
  const words = draft.input('words', [null, 4], 'int32');
  const embedded = draft.call(
    draft.layer('embed', 'Embedding', { input_dim: 7, output_dim: 3, mask_zero: true }),
    words,
  );
  const read = draft.call(draft.layer('read', 'GRU', { units: 4, return_sequences: true }), embedded);
  draft.output('each word', draft.call(draft.layer('each', 'Dense', { units: 3 }), read));
  const last = draft.call(draft.layer('last', 'GlobalAveragePooling1D', {}), read);
  draft.output('yes', draft.call(draft.layer('yes', 'Dense', { units: 1 }), last));
  draft.output('idle', draft.call(draft.layer('idle', 'Dense', { units: 2 }), last));
  const network = draft.finish();
  const heads = [
    makeHead('each word', makeLoss('mean_squared_error'), [
      makeMetric('root_mean_squared_error'),
      makeMetric('r2_score'),
    ]),
    {
      ...makeHead('yes', makeLoss('binary_crossentropy', { fromLogits: true, labelSmoothing: 0.1 }), [
        makeMetric('accuracy'),
        makeMetric('f1_score'),
        makeMetric('auc'),
        makeMetric('precision', { threshold: 0.4 }),
      ]),
      classWeights: { no: 0.5 },
    },
    makeHead('idle', makeLoss('log_cosh'), [], 0),
  ];
  const piecewise = {
    ...makeSchedule('piecewise'),
    boundaries: [1, 1.5],
    values: [0.05, 0.02, 0.01],
  } as Schedule;
  const training = makePlan(network, heads, {
    phases: [{ ...makePhase('rmsprop', piecewise), epochs: 2 }],
    batchSize: BATCH,
    clipping: { kind: 'norm', limit: 0.2 },
  });
  const tokens: ArrayData = {
    shape: [ROWS, 4],
    dtype: 'int32',
    values: Int32Array.from({ length: ROWS * 4 }, (_, at) => (at % 4 === 3 ? 0 : random.below(7))),
  };
  const yes = Float32Array.from({ length: ROWS }, () => random.below(2));
  return {
    name: network.name,
    network,
    training,
    data: {
      credit: '',
      inputs: [tokens],
      targets: [
        { array: numbers(4, 3), classes: null },
        { array: { shape: [ROWS, 1], dtype: 'float32', values: yes }, classes: ['no', 'yes'] },
        { array: numbers(2), classes: null },
      ],
      sampleWeights: null,
      rows: WHOLE_BATCHES,
    },
    rowWeights: {
      training: [null, yes.map(value => (value === 0 ? 0.5 : 1)), null],
      validation: [null, null, null],
    },
    draws: false,
  };
}

/** Dropout that acts: JAX draws the same on any number of devices. */
function dropping(): ProjectCase {
  const { draft, base } = withBase('dropping', 0.3);
  draft.output('y', draft.call(draft.layer('y', 'Dense', { units: 1 }), base));
  const network = draft.finish();
  const head = makeHead('y', makeLoss('mean_squared_error'), [makeMetric('mean_absolute_error')]);
  const training = makePlan(network, [head], {
    phases: [{ ...makePhase('nadam', makeSchedule('exponential')), epochs: 2 }],
    batchSize: BATCH,
  });
  return {
    name: network.name,
    network,
    training,
    data: {
      credit: '',
      inputs: [numbers(5)],
      targets: [{ array: numbers(1), classes: null }],
      sampleWeights: null,
      rows: WHOLE_BATCHES,
    },
    rowWeights: { training: [null], validation: [null] },
    draws: true,
  };
}
