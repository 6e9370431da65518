/**
 * Files on their way into the project, and what was said about those that came. Imports are read one after the other; each can be
 * cancelled and then leaves nothing. It knows nothing of formats: the reader is a service.
 */
import type { StateCreator } from 'zustand';
import type { Dataset } from '../data/dataset';
import type { ImportReport, ReadItem, ReadProgress, SourceFile, SourceModel } from '../formats/protocol';
import type { ModelId, NodeId } from '../graph/document';
import { changeModel } from '../graph/edits';
import { describeFiles, type Fits, failedReport, judgeFit, nameWithWeights } from './import-flow';
import { freePlace } from './new-items';
import type { Position } from './new-nodes';
import type { Services } from './services';
import type { GraftState } from './store';
import { nextPaint } from './training-job';

/** Something that is being read or waits for its turn; the first in the list is the one that is read. */
export interface Import {
  readonly id: number;
  readonly name: string;
  /** null: nothing is known yet. */
  readonly progress: ReadProgress | null;
}

export type Shown = { readonly id: number } & (
  | {
      readonly kind: 'report';
      /** The model's or the project's name, where it was read; else the file's. */
      readonly name: string;
      readonly report: ImportReport;
      /** The node whose weights they became, or would have; null: it was read as something of its own. */
      readonly into: string | null;
    }
  /** Weights that wait for somebody to say what they are for. */
  | {
      readonly kind: 'weights';
      readonly name: string;
      readonly report: ImportReport;
      readonly file: SourceFile;
      readonly fits: Fits;
    }
  /** They are the weights that the node has. */
  | { readonly kind: 'same'; readonly name: string; readonly into: string }
  | { readonly kind: 'cancelled'; readonly name: string }
);

/** What stands in the list; the slice gives it its number. */
type News = Shown extends infer S ? (S extends Shown ? Omit<S, 'id'> : never) : never;

/** What came in, and what is to be said of it. */
interface Arrived {
  readonly added: readonly NodeId[];
  readonly news: readonly News[];
}

/** Of one import: whether it is still wanted, and how it tells how far it is. */
export interface ImportJob {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ReadProgress) => void;
}

export interface ImportSlice {
  readonly imports: readonly Import[];
  /** The latest last. */
  readonly reports: readonly Shown[];

  /**
   * Each model finds a free place, as near as there is to `position` or, without one, to the middle of what is seen. `onto`: the
   * node that the files were dropped on, for which weights without a structure are meant.
   */
  importFiles(files: readonly SourceFile[], position: Position | null, onto?: NodeId | null): Promise<void>;
  /** Runs `read` as an import that is seen and can be cancelled; whatever it throws is reported. */
  whileReading(name: string, read: (job: ImportJob) => Promise<void>): Promise<void>;
  cancelImport(id: number): void;
  /** Weights that were shown as fitting, into that node and all that share its weights. */
  loadWeights(file: SourceFile, node: NodeId): Promise<void>;
  showReport(report: ImportReport, name?: string): void;
  /** As a report: nobody's files are to blame, and nothing else was changed. */
  showFailure(file: string, error: unknown): void;
  dismissReport(id: number): void;
}

export const createImportSlice =
  (services: Services): StateCreator<GraftState, [], [], ImportSlice> =>
  (set, get) => {
    const running = new Map<number, AbortController>();
    let lastId = 0;

    const show = (news: News) => {
      lastId += 1;
      const shown = { ...news, id: lastId } as Shown;
      set(state => ({ reports: [...state.reports, shown] }));
    };
    const update = (id: number, progress: ReadProgress) =>
      set(({ imports }) => ({ imports: imports.map(job => (job.id === id ? { ...job, progress } : job)) }));
    const remove = (id: number) => {
      running.delete(id);
      set(({ imports }) => ({ imports: imports.filter(job => job.id !== id) }));
    };

    /** The data sets of projects are fetched before anything is taken in: until then all of it can be cancelled. */
    const fetchDatasets = async (items: readonly ReadItem[]): Promise<ReadonlyMap<ReadItem, Dataset>> => {
      const found = new Map<ReadItem, Dataset>();
      for (const item of items) {
        if (item.kind !== 'project') continue;
        const id = item.project.document.data.dataset;
        const isBundled = services.examples.datasets.some(dataset => dataset.id === id);
        if (id !== null && isBundled) found.set(item, await services.examples.loadDataset(id));
      }
      return found;
    };

    /** All at once, so that nothing can come between; what is to be said of it afterwards is returned. */
    const takeIn = (
      items: readonly ReadItem[],
      datasets: ReadonlyMap<ReadItem, Dataset>,
      position: Position | null,
    ): Arrived => {
      const added: NodeId[] = [];
      const newsOf = (item: ReadItem): News => {
        switch (item.kind) {
          case 'model': {
            const { document, viewCentre } = get();
            get().addModel(item.model, freePlace(document, position ?? viewCentre));
            added.push(...get().selection.nodes);
            return { kind: 'report', name: item.model.name, report: item.model.report, into: null };
          }
          case 'project': {
            get().openProject({ ...item.project, dataset: datasets.get(item) ?? null });
            if (item.project.trained !== null) get().adoptTrained(item.project.trained);
            return { kind: 'report', name: item.project.document.name, report: item.report, into: null };
          }
          case 'weights':
            return {
              kind: 'weights',
              name: item.report.file,
              report: item.report,
              file: item.file,
              fits: {},
            };
          case 'refused':
            return { kind: 'report', name: item.report.file, report: item.report, into: null };
        }
      };
      return { news: items.map(newsOf), added };
    };

    /** The node whose weights a drop on this one means, and its model. */
    const ownerOf = (id: NodeId | null): { readonly node: NodeId; readonly model: SourceModel } | null => {
      const { document, models } = get();
      const node = id === null ? undefined : document.nodes[id];
      const owner =
        node?.kind === 'model' && node.sharesWith !== null ? document.nodes[node.sharesWith] : node;
      const model = owner?.kind === 'model' ? models[owner.model] : undefined;
      return owner === undefined || model === undefined ? null : { node: owner.id, model };
    };

    const putInto = async (file: SourceFile, node: NodeId, before: SourceModel, job: ImportJob) => {
      const item = await services.formats.applyWeights(before, file, job);
      const { document, applyEdit } = get();
      const target = document.nodes[node];
      // Deleted or given another model meanwhile: then there is nothing to put them into.
      if (target?.kind !== 'model' || target.model !== before.id) return;
      if (item.kind !== 'model') {
        show({ kind: 'report', name: file.path, report: item.report, into: target.name });
        return;
      }
      const model = { ...item.model, name: nameWithWeights(before, file.path) };
      const { report } = model;
      if (model.id === before.id) {
        show({ kind: 'same', name: file.path, into: target.name });
        return;
      }
      set(({ models }) => ({ models: { ...models, [model.id]: model } }));
      applyEdit(`Load weights into ${target.name}`, changeModel(node, model.id));
      show({ kind: 'report', name: file.path, report, into: target.name });
    };

    const noteFit = (shown: number, model: ModelId, fit: number | null) =>
      set(({ reports }) => ({
        reports: reports.map(other =>
          other.id === shown && other.kind === 'weights'
            ? { ...other, fits: { ...other.fits, [model]: fit } }
            : other,
        ),
      }));

    /** Whether shown weights fit is found by trying, each model once. */
    const tryWeights = async () => {
      for (const shown of get().reports) {
        if (shown.kind !== 'weights') continue;
        for (const model of Object.values(get().models)) {
          const now = get().reports.find(({ id }) => id === shown.id);
          if (now?.kind !== 'weights' || now.fits[model.id] !== undefined) continue;
          const item =
            model.architecture === null
              ? null
              : await services.formats.applyWeights(model, shown.file, { onlyTry: true });
          noteFit(shown.id, model.id, item === null ? null : judgeFit(item));
        }
      }
    };

    return {
      imports: [],
      reports: [],

      async importFiles(files, position, onto = null) {
        if (files.length === 0) return;
        let arrived: Arrived = { added: [], news: [] };
        await get().whileReading(describeFiles(files), async job => {
          const items = await services.formats.read(files, job);
          const datasets = await fetchDatasets(items);
          if (job.signal.aborted) return;
          const owner = ownerOf(onto);
          const weights = items.filter(item => item.kind === 'weights');
          const [only] = weights;
          const meant = owner !== null && only !== undefined && weights.length === 1 ? only : null;
          if (owner !== null && meant !== null) await putInto(meant.file, owner.node, owner.model, job);
          if (job.signal.aborted) return;
          arrived = takeIn(
            items.filter(item => item !== meant),
            datasets,
            position,
          );
        });
        // The canvas has drawn what came before more is drawn: the page is never held up for long.
        await nextPaint();
        for (const news of arrived.news) show(news);
        if (arrived.added.length > 0) get().revealNodes(arrived.added);
        await tryWeights();
      },

      async whileReading(name, read) {
        const controller = new AbortController();
        const { signal } = controller;
        lastId += 1;
        const id = lastId;
        running.set(id, controller);
        set(({ imports }) => ({ imports: [...imports, { id, name, progress: null }] }));
        try {
          await read({ signal, onProgress: progress => update(id, progress) });
        } catch (error) {
          if (!signal.aborted) get().showFailure(name, error);
        } finally {
          remove(id);
        }
      },

      cancelImport(id) {
        const job = get().imports.find(other => other.id === id);
        if (job === undefined) return;
        running.get(id)?.abort();
        remove(id);
        show({ kind: 'cancelled', name: job.name });
      },

      async loadWeights(file, node) {
        const owner = ownerOf(node);
        if (owner === null) return;
        const shown = get().reports.find(other => other.kind === 'weights' && other.file === file);
        if (shown !== undefined) get().dismissReport(shown.id);
        await get().whileReading(file.path, job => putInto(file, owner.node, owner.model, job));
      },

      showReport: (report, name = report.file) => show({ kind: 'report', name, report, into: null }),
      showFailure: (file, error) => get().showReport(failedReport(file, error)),
      dismissReport: id => set(state => ({ reports: state.reports.filter(shown => shown.id !== id) })),
    };
  };
