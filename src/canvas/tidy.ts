/** An automatic layout: columns by distance from the inputs, rows in the order of what feeds them. Pure. */
import type { NodeId, ProjectDocument } from '../graph/document';
import type { Position } from '../store/new-nodes';

interface Size {
  readonly width: number;
  readonly height: number;
}

const GAP = { x: 84, y: 36 };
const USUAL: Size = { width: 160, height: 90 };

export function tidy(
  document: ProjectDocument,
  sizes: ReadonlyMap<NodeId, Size>,
): Readonly<Record<NodeId, Position>> {
  const columns = columnsOf(document);
  const positions: Record<NodeId, Position> = {};
  const middle = new Map<NodeId, number>();
  let x = 0;
  for (const column of columns) {
    // A node stands where its sources stand on average; nodes without sources keep the order in which they stood.
    const wish = (id: NodeId) => {
      const sources = sourcesOf(document, id).flatMap(source => middle.get(source) ?? []);
      return sources.length === 0
        ? (document.nodes[id]?.position.y ?? 0)
        : sources.reduce((sum, y) => sum + y, 0) / sources.length;
    };
    const wishes = new Map(column.map(id => [id, wish(id)]));
    const sorted = [...column].sort((a, b) => (wishes.get(a) ?? 0) - (wishes.get(b) ?? 0));
    const height =
      sorted.reduce((sum, id) => sum + (sizes.get(id) ?? USUAL).height, 0) + GAP.y * (sorted.length - 1);
    let y = -height / 2;
    for (const id of sorted) {
      const size = sizes.get(id) ?? USUAL;
      positions[id] = { x: Math.round(x), y: Math.round(y) };
      middle.set(id, y + size.height / 2);
      y += size.height + GAP.y;
    }
    x += Math.max(...column.map(id => (sizes.get(id) ?? USUAL).width)) + GAP.x;
  }
  return positions;
}

function sourcesOf(document: ProjectDocument, id: NodeId): readonly NodeId[] {
  return Object.values(document.wires).flatMap(wire => (wire.to.node === id ? [wire.from.node] : []));
}

/** By the longest way from a node without sources; in a circle, the way ends where it began. */
function columnsOf(document: ProjectDocument): readonly (readonly NodeId[])[] {
  const depths = new Map<NodeId, number>();
  const visiting = new Set<NodeId>();
  const depthOf = (id: NodeId): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    if (visiting.has(id)) return 0;
    visiting.add(id);
    const sources = sourcesOf(document, id);
    const depth = sources.length === 0 ? 0 : Math.max(...sources.map(depthOf)) + 1;
    visiting.delete(id);
    depths.set(id, depth);
    return depth;
  };
  const columns: NodeId[][] = [];
  for (const id of Object.keys(document.nodes)) {
    const depth = depthOf(id);
    while (columns.length <= depth) columns.push([]);
    columns[depth]?.push(id);
  }
  return columns.filter(column => column.length > 0);
}
