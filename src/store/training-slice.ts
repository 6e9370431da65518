/**
 * One training run at a time: from a network without errors over its start, its steps and its end to the comparison on the
 * test rows. Trained weights are kept with the key of the network that they belong to.
 */
import type { StateCreator } from 'zustand';
import type { TrainingSettings } from '../graph/training-settings';
import { initialize } from '../layers/initializers';
import { lookUpLayer } from '../layers/table';
import type { Network, Weights } from '../network/network';
import type { Backend } from '../trainer/protocol';
import { selectCounts } from './counts';
import type { Answers, SourceScore } from './measure';
import { networkKey } from './network-key';
import { memoize, networksOf, selectCompiled } from './selectors';
import type { Services } from './services';
import { selectReadiness } from './setting-problems';
import type { GraftState } from './store';
import { type Job, measureJoined, measureSources, nextPaint, trainParams } from './training-job';
import { explainFailure } from './training-run';
import {
  type AnyRun,
  hasSteps,
  isBusy,
  type Results,
  runOf,
  type Training,
  withEvent,
} from './training-state';

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
  /** Lets the run stand still after its step; it keeps everything. */
  pauseTraining(): void;
  resumeTraining(): void;
  /** Ends the run after its step; the weights of the last one are kept. */
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
        const counts = selectCounts(state);
        if (isBusy(state.training) || selectReadiness(state).kind === 'blocked') return;
        if (compiled.network === null || dataset === null || counts === null) return;
        lastRun += 1;
        const run = lastRun;
        const settings = document.training;
        const job: Job = {
          document,
          compiled,
          network: compiled.network,
          dataset,
          counts,
          networks: networksOf(state.models),
        };
        const current = () => {
          const { training } = get();
          return training.kind !== 'idle' && training.run === run ? training : null;
        };
        const tell = (change: (training: AnyRun) => Training) => {
          const training = current();
          if (training !== null) set({ training: change(training) });
        };
        const heads = compiled.heads.map(({ node, output, metrics }) => ({
          node,
          output,
          metrics,
          name: document.nodes[node]?.name ?? output,
        }));
        const key = networkKey(job.network);
        const about = { run, settings, heads, counts, key };
        const prepare = (doing: string, sources: readonly SourceScore[] = []) =>
          set({ training: { kind: 'preparing', doing, ...about, sources, history: [], ends: [] } });
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
            ends: result.phases,
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
          tell(training => {
            const failure = explainFailure(error, document, compiled.origins, training.ends.length);
            return { kind: 'failed', ...runOf(training), failure };
          });
        }
      },

      pauseTraining() {
        const { training } = get();
        if (training.kind !== 'running') return;
        set({ training: { ...training, kind: 'pausing' } });
        services.trainer.pause();
      },

      resumeTraining() {
        const { training } = get();
        if (training.kind !== 'paused' && training.kind !== 'pausing') return;
        set({ training: { ...training, kind: 'running' } });
        services.trainer.resume();
      },

      stopTraining() {
        const { training } = get();
        if (training.kind === 'preparing') set({ training: { kind: 'idle' } });
        else if (hasSteps(training)) set({ training: { ...training, kind: 'stopping' } });
        else return;
        services.trainer.stop();
      },

      adoptTrained(weights) {
        const { network } = selectCompiled(get());
        if (network !== null) set({ trained: { key: networkKey(network), weights, run: null } });
      },
    };
  };

const keyOnce = memoize((network: Network | null) => (network === null ? null : networkKey(network)));

/** Whether the network isn't any more what the run trains or trained. */
export function selectChangedSinceRun(state: GraftState): boolean {
  const { training } = state;
  return training.kind !== 'idle' && keyOnce(selectCompiled(state).network) !== training.key;
}
