/** The export as it is seen: its steps while they run, then what may be downloaded or why nothing may. */
import type { StateCreator } from 'zustand';
import { must } from '../base/assert';
import { compile } from '../compiler/compile';
import type { ExportFormat, ReadItem } from '../formats/protocol';
import { initialize } from '../layers/initializers';
import { lookUpLayer } from '../layers/table';
import type { Network } from '../network/network';
import { selectCounts } from './counts';
import {
  downloadName,
  type ExportJob,
  type ExportOutcome,
  type ExportStep,
  type Pack,
  proveExport,
  randomProbes,
} from './export-flow';
import { feedRows } from './measure';
import { networkKey } from './network-key';
import { memoize, networksOf, selectCompiled } from './selectors';
import type { Services } from './services';
import type { GraftState } from './store';
import { readiness } from './training-check';
import { withWeights } from './training-run';

export type StepState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running' }
  | { readonly kind: 'done'; readonly found: string }
  | { readonly kind: 'failed' };

/**
 * `trained`: the weights of the last run, which fit. `stale`: there are some, of the network before the last change, so they
 * are left out. `untrained`: new layers have only their start. `whole`: there is nothing new that would have to learn.
 */
export type WeightsState = 'trained' | 'stale' | 'untrained' | 'whole';

/** What may be asked for: a format of files, or the project that goes on training in Keras. */
export type ExportChoice = ExportFormat | 'training';

export type Exporting =
  | { readonly kind: 'closed' }
  | {
      readonly kind: 'open';
      /** Tells an export that was closed and opened again from the first. */
      readonly attempt: number;
      readonly format: ExportChoice;
      readonly weights: WeightsState;
      readonly fileName: string;
      readonly steps: Readonly<Record<ExportStep, StepState>>;
      /** null: not at the end yet. */
      readonly outcome: ExportOutcome | null;
    };

export interface ExportSlice {
  readonly exporting: Exporting;
  /** Writes and proves it; asked again while it runs, the earlier one is forgotten. */
  openExport(format?: ExportChoice): Promise<void>;
  /** The proved file with what goes with it, in a zip; null: nothing is proved. */
  bundleExport(): Promise<Uint8Array<ArrayBuffer> | null>;
  closeExport(): void;
}

const PROBES = 8;

type Sources = Pick<GraftState, 'document' | 'models' | 'dataset' | 'trained'>;

const weightsStateOf = memoize(
  (network: Network | null, trained: GraftState['trained'], seed: number): WeightsState => {
    if (network === null) return 'untrained';
    if (trained?.key === networkKey(network)) return 'trained';
    if (initialize(network, lookUpLayer, seed) === network) return 'whole';
    return trained === null ? 'untrained' : 'stale';
  },
);

/** Whether the weights that training left belong to the network as it is now. */
export function selectWeightsState(state: Sources): WeightsState {
  return weightsStateOf(selectCompiled(state).network, state.trained, state.document.training.seed);
}

/** Ready for use: the trained weights if they fit, else what was brought and the start of what is new. */
export function selectFilledNetwork(state: Sources): Network | null {
  const { network } = selectCompiled(state);
  if (network === null) return null;
  const start = initialize(network, lookUpLayer, state.document.training.seed);
  const fits = selectWeightsState(state) === 'trained' && state.trained !== null;
  return fits && state.trained !== null ? withWeights(start, state.trained.weights) : start;
}

function prepareJob(state: GraftState, choice: ExportChoice, services: ExportParts): ExportJob | null {
  const compiled = selectCompiled(state);
  const network = selectFilledNetwork(state);
  if (network === null) return null;
  const { document, models, dataset, trained } = state;
  const fed = dataset !== null && readiness(compiled, dataset).kind === 'ready';
  const rows = fed ? firstTestRows(dataset) : null;
  return {
    format: choice === 'training' ? 'keras' : choice,
    pack: choice === 'training' ? packTraining(state, network, services) : null,
    savedAt: new Date().toISOString(),
    network,
    document,
    models: Object.values(models).filter(model => isUsed(document, model.id)),
    trained: selectWeightsState(state) === 'trained' && trained !== null ? trained.weights : null,
    probeInputs:
      dataset === null || rows === null
        ? randomProbes(network.inputs, PROBES, document.training.seed)
        : feedRows(network, compiled.feeds, dataset, rows),
  };
}

/** Whether training can go on elsewhere: there is data for all inputs and outputs. */
export function selectCanGoOn(state: GraftState): boolean {
  const { dataset } = state;
  return dataset !== null && readiness(selectCompiled(state), dataset).kind === 'ready';
}

type ExportParts = Pick<Services, 'formats' | 'trainer'>;

function packTraining(state: GraftState, network: Network, { formats, trainer }: ExportParts): Pack {
  return async (model, probes) => {
    const { document, dataset } = state;
    const job = {
      document,
      compiled: selectCompiled(state),
      network,
      dataset: must(dataset, 'the data'),
      counts: must(selectCounts(state), 'which layers train'),
      networks: networksOf(state.models),
    };
    const { packTrainingProject } = await import('./training-project');
    const { files, found } = await packTrainingProject(job, network, model, probes, trainer);
    return { file: await formats.bundle(files), found };
  };
}

function firstTestRows(dataset: NonNullable<GraftState['dataset']>): Uint32Array {
  const some = Uint32Array.from({ length: Math.min(PROBES, dataset.rows) }, (_, i) => i);
  return dataset.testRows.length > 0 ? dataset.testRows.slice(0, PROBES) : some;
}

function isUsed(document: ExportJob['document'], model: string): boolean {
  return Object.values(document.nodes).some(node => node.kind === 'model' && node.model === model);
}

/** The network that comes out of what was read: compiled anew for a project, so that all of it is proved. */
export function networkOfItem(item: ReadItem, seed: number): Network | null {
  if (item.kind === 'refused' || item.kind === 'weights') return null;
  if (item.kind === 'model') return item.model.network;
  const { document, models, trained } = item.project;
  const networks = new Map(models.map(model => [model.id, model.network]));
  const { network } = compile(document, networks, lookUpLayer);
  return network && withWeights(initialize(network, lookUpLayer, seed), trained ?? {});
}

export const createExportSlice =
  (services: ExportParts): StateCreator<GraftState, [], [], ExportSlice> =>
  (set, get) => {
    let lastAttempt = 0;
    return {
      exporting: { kind: 'closed' },

      async openExport(format = 'tfjs') {
        const state = get();
        const job = prepareJob(state, format, services);
        if (job === null || (format === 'training' && !selectCanGoOn(state))) return;
        lastAttempt += 1;
        const attempt = lastAttempt;
        const tell = (change: (open: Extract<Exporting, { kind: 'open' }>) => Exporting) => {
          const { exporting } = get();
          if (exporting.kind === 'open' && exporting.attempt === attempt)
            set({ exporting: change(exporting) });
        };
        set({
          exporting: {
            kind: 'open',
            attempt,
            format,
            weights: selectWeightsState(state),
            fileName: downloadName(job),
            steps: {
              write: { kind: 'waiting' },
              read: { kind: 'waiting' },
              run: { kind: 'waiting' },
              pack: { kind: 'waiting' },
            },
            outcome: null,
          },
        });
        const outcome = await proveExport(
          job,
          {
            read: (files, options) => services.formats.read(files, options),
            write: params => services.formats.write(params),
            call: (method, params) => services.trainer.call(method, params),
            networkOf: item => networkOfItem(item, job.document.training.seed),
          },
          (step, found) =>
            tell(open => ({
              ...open,
              steps: {
                ...open.steps,
                [step]: found === null ? { kind: 'running' } : { kind: 'done', found },
              },
            })),
        );
        tell(open => ({
          ...open,
          outcome,
          steps:
            outcome.kind === 'failed' ? { ...open.steps, [outcome.step]: { kind: 'failed' } } : open.steps,
        }));
      },

      async bundleExport() {
        const { exporting } = get();
        if (exporting.kind !== 'open' || exporting.outcome?.kind !== 'proved') return null;
        const { file, companions } = exporting.outcome.written;
        const name = exporting.format === 'h5' ? 'model.h5' : 'model.keras';
        return services.formats.bundle(
          [{ path: name, bytes: file }, ...companions].map(part => ({ ...part, store: true })),
        );
      },

      closeExport: () => set({ exporting: { kind: 'closed' } }),
    };
  };
