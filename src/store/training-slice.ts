/**
 * One training run at a time: from a network without errors over its start, its steps and its end to the comparison on the
 * test rows. One union says where it stands. Trained weights are kept with the key of the network that they belong to.
 */
import type { StateCreator } from 'zustand';
import { must } from '../base/assert';
import { compile } from '../compiler/compile';
import type { CompileResult } from '../compiler/result';
import type { Dataset } from '../data/dataset';
import { type Split, splitRows } from '../data/split';
import { targetArray } from '../data/to-arrays';
import type { ModelId, NodeId, ProjectDocument } from '../graph/document';
import { nameMetric } from '../graph/objectives';
import type { TrainingSettings } from '../graph/training-settings';
import { initialize } from '../layers/initializers';
import { lookUpLayer } from '../layers/table';
import type { Network, Weights } from '../network/network';
import type { Backend, EpochLog, TrainerEvent, TrainResult } from '../trainer/protocol';
import { deriveSources } from './baselines';
import { type Counts, selectCounts } from './counts';
import {
  type Answers,
  compareHeads,
  feedRows,
  type HeadResults,
  measureSource,
  type SourceScore,
} from './measure';
import { networkKey } from './network-key';
import { memoize, networksOf, selectCompiled } from './selectors';
import type { Services } from './services';
import type { GraftState } from './store';
import { readiness, shapeAtHead } from './training-check';
import { addEpoch, explainFailure, type Failure, type Live, withWeights } from './training-run';

/** What a run has beside its stage, the same from its first step to its end. */
interface Run {
  /** From 1, in this session. */
  readonly run: number;
  readonly settings: TrainingSettings;
  /** These as they were when the run began. */
  readonly heads: readonly RunHead[];
  readonly counts: Counts | null;
  /** Of the network that it trains. */
  readonly key: string;
  readonly sources: readonly SourceScore[];
  readonly history: readonly EpochLog[];
}

export interface RunHead {
  readonly node: NodeId;
  readonly output: string;
  readonly name: string;
  /** Their names, as in its scores. */
  readonly metrics: readonly string[];
}

interface Started extends Run {
  readonly backend: Backend;
  readonly stepsPerEpoch: number;
  readonly live: Live | null;
}

export type Training =
  | { readonly kind: 'idle' }
  /** `doing`: as in `Measuring shape_cnn alone`. */
  | ({ readonly kind: 'preparing'; readonly doing: string } & Run)
  | ({ readonly kind: 'running' } & Started)
  | ({ readonly kind: 'stopping' } & Started)
  | ({
      readonly kind: 'finished';
      readonly backend: Backend;
      /** Before its last epoch, by a person. */
      readonly stopped: boolean;
      readonly results: Results;
    } & Run)
  | ({ readonly kind: 'failed'; readonly failure: Failure } & Run);

export type Results =
  | { readonly kind: 'measuring' }
  | { readonly kind: 'measured'; readonly heads: readonly HeadResults[] }
  | { readonly kind: 'not-measured'; readonly reason: string };

export interface Trained {
  /** `networkKey` of the compiled network that they belong to. */
  readonly key: string;
  readonly weights: Readonly<Record<string, Weights>>;
  /** null: they came with the project. */
  readonly run: number | null;
}

/** A finished run, for the list of this session's runs. */
export interface RunRecord {
  readonly run: number;
  readonly settings: TrainingSettings;
  readonly key: string;
  readonly epochs: number;
  readonly backend: Backend;
  readonly results: Results;
}

export interface TrainingSlice {
  readonly training: Training;
  readonly trained: Trained | null;
  /** The latest last. */
  readonly runs: readonly RunRecord[];

  train(): Promise<void>;
  stopTraining(): void;
  /** Weights that came with the project; they belong to its network as it is now. */
  adoptTrained(weights: Readonly<Record<string, Weights>>): void;
}

export const createTrainingSlice =
  (services: Pick<Services, 'trainer'>): StateCreator<GraftState, [], [], TrainingSlice> =>
  (set, get, store) => {
    const answers: Answers = new Map();
    // Runs are numbered through the session, so that a late answer never finds another run in its place.
    let lastRun = 0;

    store.subscribe((state, before) => {
      if (state.projectId === before.projectId) return;
      if (isBusy(state.training)) services.trainer.stop();
      answers.clear();
      set({ training: { kind: 'idle' }, trained: null, runs: [] });
    });

    return {
      training: { kind: 'idle' },
      trained: null,
      runs: [],

      async train() {
        const state = get();
        const compiled = selectCompiled(state);
        const { document, dataset } = state;
        if (isBusy(state.training) || readiness(compiled, dataset).kind === 'blocked') return;
        if (compiled.network === null || dataset === null) return;
        lastRun += 1;
        const run = lastRun;
        const settings = document.training;
        const job: Job = {
          document,
          compiled,
          network: compiled.network,
          dataset,
          networks: networksOf(state.models),
        };
        const current = () => {
          const { training } = get();
          return training.kind !== 'idle' && training.run === run ? training : null;
        };
        const tell = (change: (training: Exclude<Training, { kind: 'idle' }>) => Training) => {
          const training = current();
          if (training !== null) set({ training: change(training) });
        };
        const heads = compiled.heads.map(({ node, output, metrics }) => ({
          node,
          output,
          metrics: metrics.map(nameMetric),
          name: document.nodes[node]?.name ?? output,
        }));
        const key = networkKey(job.network);
        const about = { run, settings, heads, counts: selectCounts(state), key };
        const prepare = (doing: string, sources: readonly SourceScore[] = []) =>
          set({ training: { kind: 'preparing', doing, ...about, sources, history: [] } });
        prepare('Getting the data ready');
        try {
          const isWanted = () => current() !== null;
          const sources = await measureSources(job, answers, services.trainer, isWanted, prepare);
          if (current() === null) return;
          prepare('Starting the trainer', sources);
          await nextPaint();
          // Stopped meanwhile: a trainer that is called now would not hear of it.
          if (current() === null) return;
          const start = initialize(job.network, lookUpLayer, settings.seed);
          const result = await services.trainer.call('train', trainParams(job, start), event =>
            tell(training => withEvent(training, event)),
          );
          if (current() === null) return;
          const finished: Training = {
            kind: 'finished',
            ...about,
            sources,
            history: result.history,
            backend: result.backend,
            stopped: result.stopped,
            results: { kind: 'measuring' },
          };
          set({ training: finished, trained: { key, weights: result.weights, run } });
          const results = await measureJoined(job, start, result, sources, services.trainer);
          if (get().trained?.run !== run) return;
          const { backend, history } = result;
          const record = { run, settings, key, epochs: history.length, backend, results };
          set(({ runs }) => ({ runs: [...runs, record] }));
          tell(training => (training.kind === 'finished' ? { ...training, results } : training));
        } catch (error) {
          const failure = explainFailure(error, document, compiled.origins);
          tell(training => ({ kind: 'failed', ...runOf(training), failure }));
        }
      },

      stopTraining() {
        const { training } = get();
        if (training.kind === 'preparing') set({ training: { kind: 'idle' } });
        else if (training.kind === 'running') set({ training: { ...training, kind: 'stopping' } });
        else return;
        services.trainer.stop();
      },

      adoptTrained(weights) {
        const { network } = selectCompiled(get());
        if (network !== null) set({ trained: { key: networkKey(network), weights, run: null } });
      },
    };
  };

interface Job {
  readonly document: ProjectDocument;
  readonly compiled: CompileResult;
  readonly network: Network;
  readonly dataset: Dataset;
  readonly networks: ReadonlyMap<ModelId, Network>;
}

export function isBusy(training: Training): boolean {
  return training.kind === 'preparing' || training.kind === 'running' || training.kind === 'stopping';
}

const keyOnce = memoize((network: Network | null) => (network === null ? null : networkKey(network)));

/** Whether the network isn't any more what the run trains or trained. */
export function selectChangedSinceRun(state: GraftState): boolean {
  const { training } = state;
  return training.kind !== 'idle' && keyOnce(selectCompiled(state).network) !== training.key;
}

function runOf({ run, settings, heads, counts, key, sources, history }: Run): Run {
  return { run, settings, heads, counts, key, sources, history };
}

function withEvent(training: Exclude<Training, { kind: 'idle' }>, event: TrainerEvent): Training {
  if (event.kind === 'started') {
    const { backend, stepsPerEpoch } = event;
    return { kind: 'running', ...runOf(training), backend, stepsPerEpoch, live: null };
  }
  if (training.kind !== 'running' && training.kind !== 'stopping') return training;
  if (event.kind === 'epoch') return { ...training, history: addEpoch(training.history, event.log) };
  const { epoch, step, loss, rowsPerSecond } = event;
  return { ...training, live: { epoch, step, loss, rowsPerSecond } };
}

async function measureSources(
  { document, compiled, dataset, networks }: Job,
  answers: Answers,
  trainer: Services['trainer'],
  isWanted: () => boolean,
  report: (doing: string, sources: readonly SourceScore[]) => void,
): Promise<readonly SourceScore[]> {
  await nextPaint();
  const scores: SourceScore[] = [];
  if (dataset.testRows.length === 0) return scores;
  const sources = deriveSources({
    document,
    heads: compiled.heads,
    dataset,
    networks,
    compile: derived => compile(derived, networks, lookUpLayer),
  });
  for (const source of sources) {
    if (!isWanted()) break;
    report(`Measuring ${source.name} alone`, [...scores]);
    scores.push(
      await measureSource(source, compiled.heads, dataset, answers, params =>
        trainer.call('predict', params),
      ),
    );
  }
  return scores;
}

function trainParams({ document, compiled, dataset }: Job, start: Network) {
  const { train, validation } = splitFor(document.training, compiled, dataset);
  return {
    network: start,
    heads: compiled.heads,
    inputs: feedRows(start, compiled.feeds, dataset, null),
    targets: compiled.heads.map(head => {
      const column = dataset.columns.find(({ name }) => name === head.column);
      const shape = must(shapeAtHead(document, compiled, head.node), `the shape at ${head.output}`);
      return targetArray(must(column, `the column ${head.column}`), head.loss.kind, shape);
    }),
    trainRows: train,
    validationRows: validation,
    settings: document.training,
    backend: 'best' as const,
  };
}

/** The rows of a run, in the same parts wherever they are shown or used: by the classes of the first head. */
export function splitFor(
  { validationSplit, seed }: TrainingSettings,
  compiled: CompileResult,
  dataset: Dataset,
): Split {
  return splitRows(dataset, validationSplit, seed, compiled.heads[0]?.column ?? null);
}

async function measureJoined(
  { document, compiled, dataset }: Job,
  start: Network,
  { weights }: TrainResult,
  sources: readonly SourceScore[],
  trainer: Services['trainer'],
): Promise<Results> {
  if (dataset.testRows.length === 0)
    return { kind: 'not-measured', reason: `${dataset.name} holds no test rows back.` };
  try {
    const network = withWeights(start, weights);
    const inputs = feedRows(network, compiled.feeds, dataset, dataset.testRows);
    const { outputs } = await trainer.call('predict', { network, inputs, backend: 'best' });
    const nameOf = (node: string) => document.nodes[node]?.name ?? node;
    const { seed } = document.training;
    return {
      kind: 'measured',
      heads: compareHeads(compiled.heads, nameOf, dataset, sources, outputs, seed),
    };
  } catch (error) {
    return { kind: 'not-measured', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Lets the screen show what is being done before something keeps the page busy. */
function nextPaint(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve));
}
