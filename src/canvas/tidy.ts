/** An automatic layout: columns by distance from the inputs, rows in the order of what feeds them. Pure. */
import type { NodeId, ProjectDocument } from '../graph/document';
import type { Position } from '../store/new-nodes';

interface Size {
  readonly width: number;
  readonly height: number;
}

const GAP = { x: 84, y: 36 };
const USUAL: Size = { width: 160, height: 90 };
/** What a wire keeps free in a column that it passes, so that no node stands on it. */
const PASSAGE: Size = { width: 0, height: 60 };

/** What takes a place in a column: a node, or a wire on its way to a later column. */
interface Item {
  readonly id: string;
  readonly node: NodeId | null;
  readonly sources: readonly string[];
}

export function tidy(
  document: ProjectDocument,
  sizes: ReadonlyMap<NodeId, Size>,
): Readonly<Record<NodeId, Position>> {
  const positions: Record<NodeId, Position> = {};
  const middle = new Map<string, number>();
  const sizeOf = ({ node }: Item) => (node === null ? PASSAGE : (sizes.get(node) ?? USUAL));
  let x = 0;
  for (const column of columnsOf(document)) {
    // A node stands where its sources stand on average; nodes without sources keep the order in which they stood.
    const wish = ({ node, sources }: Item) => {
      const known = sources.flatMap(source => middle.get(source) ?? []);
      return known.length === 0
        ? (document.nodes[node ?? '']?.position.y ?? 0)
        : known.reduce((sum, y) => sum + y, 0) / known.length;
    };
    const wishes = new Map(column.map(item => [item.id, wish(item)]));
    const sorted = [...column].sort((a, b) => (wishes.get(a.id) ?? 0) - (wishes.get(b.id) ?? 0));
    const height = sorted.reduce((sum, item) => sum + sizeOf(item).height, 0) + GAP.y * (sorted.length - 1);
    let y = -height / 2;
    for (const item of sorted) {
      const size = sizeOf(item);
      if (item.node !== null) positions[item.node] = { x: Math.round(x), y: Math.round(y) };
      middle.set(item.id, y + size.height / 2);
      y += size.height + GAP.y;
    }
    x += Math.max(...column.map(item => sizeOf(item).width)) + GAP.x;
  }
  return positions;
}

function columnsOf(document: ProjectDocument): readonly (readonly Item[])[] {
  const depths = depthsOf(document);
  const sources = new Map<NodeId, string[]>();
  const columns: Item[][] = [];
  const put = (depth: number, item: Item) => {
    while (columns.length <= depth) columns.push([]);
    columns[depth]?.push(item);
  };
  const passages: (readonly [number, Item])[] = [];
  for (const { id, from, to } of Object.values(document.wires)) {
    let last: string = from.node;
    for (let depth = (depths.get(from.node) ?? 0) + 1; depth < (depths.get(to.node) ?? 0); depth++) {
      const passage = { id: `${id} at ${depth}`, node: null, sources: [last] };
      passages.push([depth, passage]);
      last = passage.id;
    }
    sources.set(to.node, [...(sources.get(to.node) ?? []), last]);
  }
  for (const [id, depth] of depths) put(depth, { id, node: id, sources: sources.get(id) ?? [] });
  for (const [depth, passage] of passages) put(depth, passage);
  return columns.filter(column => column.length > 0);
}

/** The longest way from a node without sources; in a circle, the way ends where it began. */
function depthsOf(document: ProjectDocument): ReadonlyMap<NodeId, number> {
  const depths = new Map<NodeId, number>();
  const visiting = new Set<NodeId>();
  const depthOf = (id: NodeId): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    if (visiting.has(id)) return 0;
    visiting.add(id);
    const sources = Object.values(document.wires).filter(wire => wire.to.node === id);
    const depth = sources.length === 0 ? 0 : Math.max(...sources.map(wire => depthOf(wire.from.node))) + 1;
    visiting.delete(id);
    depths.set(id, depth);
    return depth;
  };
  // In the order of the document, which is the order among equals.
  return new Map(Object.keys(document.nodes).map(id => [id, depthOf(id)]));
}
