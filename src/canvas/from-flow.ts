/** React Flow's changes, as what they mean here. Pure. */
import type { EdgeChange, NodeChange } from 'reactflow';
import type { NodeId } from '../graph/document';
import type { Position } from '../store/new-nodes';
import type { Selection } from '../store/session';
import type { CardNode, WireEdge } from './to-flow';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Moves {
  readonly positions: Readonly<Record<NodeId, Position>>;
  /** They were let go; also at once, when moved by keys. */
  readonly ended: boolean;
}

export function movesOf(changes: readonly NodeChange<CardNode>[]): Moves | null {
  const positions: Record<NodeId, Position> = {};
  let ended = false;
  let any = false;
  for (const change of changes) {
    if (change.type !== 'position') continue;
    any = true;
    if (change.dragging !== true) ended = true;
    if (change.position !== undefined) {
      positions[change.id] = { x: Math.round(change.position.x), y: Math.round(change.position.y) };
    }
  }
  return any ? { positions, ended } : null;
}

/** The same map if nothing was measured. */
export function sizesOf<M extends ReadonlyMap<NodeId, Size>>(
  sizes: M,
  changes: readonly NodeChange<CardNode>[],
): M | Map<NodeId, Size> {
  const measured = changes.flatMap(change => {
    if (change.type !== 'dimensions' || change.dimensions === undefined) return [];
    const before = sizes.get(change.id);
    const { width, height } = change.dimensions;
    return before?.width === width && before.height === height
      ? []
      : [[change.id, change.dimensions] as const];
  });
  return measured.length === 0 ? sizes : new Map([...sizes, ...measured]);
}

/** The same selection if nothing in it changes. */
export function changeSelection(
  selection: Selection,
  changes: {
    readonly nodes: readonly NodeChange<CardNode>[];
    readonly wires: readonly EdgeChange<WireEdge>[];
  },
): Selection {
  const nodes = new Set(selection.nodes);
  const wires = new Set(selection.wires);
  const apply = (set: Set<string>, list: readonly (NodeChange<CardNode> | EdgeChange<WireEdge>)[]) => {
    for (const change of list) {
      if (change.type !== 'select') continue;
      if (change.selected) set.add(change.id);
      else set.delete(change.id);
    }
  };
  apply(nodes, changes.nodes);
  apply(wires, changes.wires);
  const same = (list: readonly string[], set: ReadonlySet<string>) =>
    list.length === set.size && list.every(id => set.has(id));
  if (same(selection.nodes, nodes) && same(selection.wires, wires)) return selection;
  return { nodes: [...nodes], wires: [...wires] };
}
