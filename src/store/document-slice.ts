/** The project: its document with history, its models and its data set. One door for changes: `applyEdit`. */
import type { StateCreator } from 'zustand';
import type { Dataset } from '../data/dataset';
import type { SourceModel } from '../formats/protocol';
import {
  EMPTY_DOCUMENT,
  type ModelId,
  type NodeId,
  type ProjectDocument,
  type WireId,
} from '../graph/document';
import {
  addNode,
  duplicateSharing,
  type Edit,
  freshNodeId,
  inOrder,
  moveNodes,
  renameNode,
  setData,
} from '../graph/edits';
import type { ProjectEntry, StoredProject } from '../storage/projects';
import {
  applyToHistory,
  type History,
  redoInHistory,
  type Step,
  startHistory,
  undoInHistory,
} from './history';
import { withRoom } from './make-room';
import { freePlace, insertItem, makeNode, type NewItem } from './new-items';
import { freshName, type Position } from './new-nodes';
import type { Example, OpenProject, Services } from './services';
import { stillThere } from './session';
import type { GraftState } from './store';

export type SaveState = 'saved' | 'saving' | 'failed';

export interface DocumentSlice {
  /** Under which the project is stored in this browser. */
  readonly projectId: string;
  readonly document: ProjectDocument;
  readonly past: readonly Step[];
  readonly future: readonly Step[];
  /** All models that were brought into this project; not undone, so that an undo never loses a file. */
  readonly models: Readonly<Record<ModelId, SourceModel>>;
  readonly dataset: Dataset | null;
  readonly saved: SaveState;

  applyEdit(label: string, edit: Edit): void;
  undo(): void;
  redo(): void;
  openProject(project: OpenProject, id?: string): void;
  newProject(): void;
  listExamples(): readonly Example[];
  openExample(id: string): Promise<void>;
  /** The projects in this browser's storage, the latest first. */
  listStored(): Promise<readonly ProjectEntry[]>;
  openStored(id: string): Promise<void>;
  /** As it was saved, with what was trained. */
  resumeProject(stored: StoredProject): void;
  deleteStored(id: string): Promise<void>;
  /** `position` as in `addItem`. */
  addModel(model: SourceModel, position: Position | null): void;
  /** null: in the middle of what is seen, or as near to it as there is a free place. */
  addItem(item: NewItem, position: Position | null): void;
  /** The same weights in a second place, with a name of its own. */
  addSharing(node: NodeId): void;
  /** Puts it between the ends of a wire, or beside if there is no one way through it. */
  addItemOnWire(item: NewItem, wire: WireId, position: Position): void;
  listDatasets(): readonly { readonly id: string; readonly name: string }[];
  /** A data set that comes with Graft. */
  chooseDataset(id: string): Promise<void>;
  setSaved(saved: SaveState): void;
}

export const createDocumentSlice =
  (services: Services): StateCreator<GraftState, [], [], DocumentSlice> =>
  (set, get) => ({
    projectId: crypto.randomUUID(),
    ...startHistory(EMPTY_DOCUMENT),
    models: {},
    dataset: null,
    saved: 'saved',

    applyEdit: (label, edit) => set(state => settle(state, applyToHistory(state, label, withRoom(edit)))),
    undo: () => set(state => settle(state, undoInHistory(state))),
    redo: () => set(state => settle(state, redoInHistory(state))),

    openProject({ document, models, dataset }, id = crypto.randomUUID()) {
      set({
        projectId: id,
        ...startHistory(document),
        models: Object.fromEntries(models.map(model => [model.id, model])),
        dataset,
        selection: { nodes: [], wires: [] },
        openModel: null,
        reports: [],
      });
    },

    newProject: () => get().openProject({ document: EMPTY_DOCUMENT, models: [], dataset: null }),

    listExamples: () => services.examples.list,

    async openExample(id) {
      const name = services.examples.list.find(example => example.id === id)?.name ?? id;
      await get().whileReading(name, async ({ signal }) => {
        const example = await services.examples.load(id);
        if (!signal.aborted) get().openProject(example);
      });
    },

    listStored: () => services.projects.list(),

    async openStored(id) {
      try {
        const stored = await services.projects.load(id);
        if (stored === null) throw new Error('The project is not in this browser any more.');
        get().resumeProject(stored);
      } catch (error) {
        get().showFailure('The project', error);
      }
    },

    resumeProject(stored) {
      get().openProject(stored, stored.id);
      if (stored.trained !== null) set({ trained: { ...stored.trained, run: null } });
    },

    async deleteStored(id) {
      try {
        await services.projects.remove(id);
        // Only then: the save of a project that is left must not bring it back.
        if (get().projectId === id) get().newProject();
      } catch (error) {
        get().showFailure('The project', error);
      }
    },

    addModel(model, position) {
      set(state => ({ models: { ...state.models, [model.id]: model } }));
      get().addItem({ kind: 'model', model: model.id }, position);
    },

    addItem(item, position) {
      const state = get();
      const node = makeNode(item, state, position ?? freePlace(state.document, state.viewCentre));
      if (node === null) return;
      state.applyEdit(`Add ${node.name}`, addNode(node));
      state.select({ nodes: [node.id] });
    },

    addSharing(id) {
      const { document, applyEdit, select } = get();
      const node = document.nodes[id];
      if (node?.kind !== 'model') return;
      const again = freshNodeId(document, node.name);
      const place = freePlace(document, { x: node.position.x, y: node.position.y + 160 });
      applyEdit(
        `Use ${node.name} again`,
        inOrder(
          duplicateSharing(id),
          moveNodes({ [again]: place }),
          renameNode(again, freshName(document, node.name)),
        ),
      );
      select({ nodes: [again] });
      get().revealNodes([again]);
    },

    addItemOnWire(item, wire, position) {
      const edit = insertItem(item, wire);
      if (edit === null || get().document.wires[wire] === undefined) get().addItem(item, position);
      else get().applyEdit(item.kind === 'layer' ? `Insert ${item.type}` : 'Insert', edit);
    },

    listDatasets: () => services.examples.datasets,

    async chooseDataset(id) {
      try {
        const dataset = await services.examples.loadDataset(id);
        set({ dataset });
        get().applyEdit(`Use ${dataset.name}`, setData({ dataset: dataset.id }));
      } catch (error) {
        get().showFailure('The data set', error);
      }
    },

    setSaved: saved => set(state => (state.saved === saved ? state : { saved })),
  });

/** A step through the history, with nothing selected that it took away. */
function settle(state: GraftState, history: History): Partial<GraftState> {
  if (history.document === state.document) return state;
  return { ...history, selection: stillThere(state.selection, history.document) };
}
