/** What a person looks at and holds at the moment: neither saved nor undone. */
import type { StateCreator } from 'zustand';
import type { Subject } from '../compiler/result';
import type { NodeId, PortRef, ProjectDocument, WireId } from '../graph/document';
import { moveNodes, removeNodes } from '../graph/edits';
import { type Fragment, pasteFragment, takeFragment } from './fragments';
import type { Position } from './new-nodes';
import type { GraftState } from './store';

export type DockTab = 'training' | 'data' | 'understand' | 'results' | 'problems' | 'code';
export type Theme = 'system' | 'light' | 'dark';

export interface Selection {
  readonly nodes: readonly NodeId[];
  readonly wires: readonly WireId[];
}

/** A wire that is being drawn, from either of its ends. */
export interface PendingWire {
  readonly port: PortRef;
  readonly end: 'from' | 'to';
}

export interface SessionSlice {
  readonly selection: Selection;
  /** The model node whose layers are open. */
  readonly openModel: NodeId | null;
  readonly dockTab: DockTab;
  readonly dockOpen: boolean;
  readonly theme: Theme;
  /** Nodes on their way; the document learns of it once, when they are let go. */
  readonly drag: Readonly<Record<NodeId, Position>> | null;
  readonly pendingWire: PendingWire | null;
  /** The middle of what is seen of the canvas, in its units: where clicked things go. */
  readonly viewCentre: Position;
  /** Asks the canvas to show nodes; the number tells two requests for the same nodes apart. */
  readonly reveal: { readonly nodes: readonly NodeId[]; readonly request: number } | null;
  /** The palette and the inspector where they aren't always in view. */
  readonly sheet: 'palette' | 'inspector' | null;
  /** What paste puts down. */
  readonly copied: Fragment | null;

  select(selection: Partial<Selection>): void;
  /** Selects what a problem is about and brings it into view. */
  show(subject: Subject): void;
  revealNodes(nodes: readonly NodeId[]): void;
  openLayers(node: NodeId | null): void;
  setDockTab(tab: DockTab): void;
  setDockOpen(open: boolean): void;
  setTheme(theme: Theme): void;
  dragNodes(positions: Readonly<Record<NodeId, Position>>): void;
  dropNodes(): void;
  setPendingWire(pending: PendingWire | null): void;
  setViewCentre(centre: Position): void;
  setSheet(sheet: 'palette' | 'inspector' | null): void;
  copySelection(): void;
  cutSelection(): void;
  paste(): void;
  duplicateSelection(): void;
}

export const createSessionSlice: StateCreator<GraftState, [], [], SessionSlice> = (set, get) => ({
  selection: { nodes: [], wires: [] },
  openModel: null,
  dockTab: 'training',
  dockOpen: true,
  theme: 'system',
  drag: null,
  pendingWire: null,
  viewCentre: { x: 0, y: 0 },
  reveal: null,
  sheet: null,
  copied: null,

  select: selection => set({ selection: { nodes: [], wires: [], ...selection } }),
  show(subject) {
    const { document } = get();
    if (subject.kind === 'document') return;
    const wire = subject.kind === 'wire' ? document.wires[subject.wire] : undefined;
    const node = subject.kind === 'wire' ? wire?.to.node : subject.node;
    if (node === undefined) return;
    set({
      selection: wire === undefined ? { nodes: [node], wires: [] } : { nodes: [], wires: [wire.id] },
      openModel: null,
    });
    get().revealNodes([node]);
  },
  revealNodes: nodes => set(({ reveal }) => ({ reveal: { nodes, request: (reveal?.request ?? 0) + 1 } })),
  openLayers: node => set({ openModel: node }),
  setDockTab: tab => set({ dockTab: tab, dockOpen: true }),
  setDockOpen: open => set({ dockOpen: open }),
  setTheme: theme => set({ theme }),
  dragNodes: positions => set(state => ({ drag: { ...state.drag, ...positions } })),
  dropNodes() {
    const { drag, applyEdit } = get();
    if (drag === null) return;
    applyEdit('Move', moveNodes(drag));
    set({ drag: null });
  },
  setPendingWire: pendingWire => set({ pendingWire }),
  setViewCentre: viewCentre => set({ viewCentre }),
  setSheet: sheet => set({ sheet }),

  copySelection() {
    const { document, selection } = get();
    if (selection.nodes.length > 0) set({ copied: takeFragment(document, selection.nodes) });
  },
  cutSelection() {
    const { copySelection, applyEdit, selection } = get();
    copySelection();
    const { copied } = get();
    if (copied !== null && selection.nodes.length > 0)
      applyEdit(`Cut ${named(copied)}`, removeNodes(selection.nodes));
  },
  paste() {
    const { copied } = get();
    if (copied === null) return;
    const nodes = putDown(get(), `Paste ${named(copied)}`, copied);
    // Pasted once more, it comes beside what was pasted before.
    set({ copied: takeFragment(get().document, nodes) });
  },
  duplicateSelection() {
    const { document, selection } = get();
    const fragment = takeFragment(document, selection.nodes);
    if (fragment.nodes.length > 0) putDown(get(), `Duplicate ${named(fragment)}`, fragment);
  },
});

/** The selection without what is gone; the same object if nothing is. */
export function stillThere(selection: Selection, { nodes, wires }: ProjectDocument): Selection {
  const left = {
    nodes: selection.nodes.filter(id => nodes[id] !== undefined),
    wires: selection.wires.filter(id => wires[id] !== undefined),
  };
  const whole = left.nodes.length === selection.nodes.length && left.wires.length === selection.wires.length;
  return whole ? selection : left;
}

const BESIDE: Position = { x: 32, y: 48 };

function putDown({ document, applyEdit, select }: GraftState, label: string, fragment: Fragment) {
  const { ids } = pasteFragment(document, fragment, BESIDE);
  applyEdit(label, before => pasteFragment(before, fragment, BESIDE).document);
  select({ nodes: ids });
  return ids;
}

function named({ nodes }: Fragment): string {
  const [only] = nodes;
  return nodes.length === 1 && only !== undefined ? only.name : `${nodes.length} nodes`;
}
