/**
 * Layers that an edit puts between two nodes get a place of their own: what stands right of them moves on. Pure. Nothing else is
 * ever moved: a person's own arrangement is left alone.
 */
import type { GraphNode, NodeId, ProjectDocument } from '../graph/document';
import type { Edit } from '../graph/edits';

/** Between the edge of one node and the next, wide enough for what the wire says. */
const GAP = 64;

/** About as wide as it is drawn; the store doesn't know what the canvas measured. */
function widthOf(node: GraphNode): number {
  return node.kind === 'model' ? 220 : 150;
}

export function withRoom(edit: Edit): Edit {
  return before => {
    const after = edit(before);
    return after === before ? after : makeRoom(before, after);
  };
}

function makeRoom(before: ProjectDocument, after: ProjectDocument): ProjectDocument {
  const isNew = (id: NodeId) => before.nodes[id] === undefined;
  const added = Object.keys(after.nodes).filter(isNew);
  const anchored = new Set<NodeId>();
  const xs = new Map(Object.values(after.nodes).map(node => [node.id, node.position.x]));
  const xOf = (id: NodeId) => xs.get(id) ?? 0;
  for (const id of added) {
    const node = after.nodes[id];
    const source = wiresOf(after).find(wire => wire.to.node === id)?.from.node;
    const target = wiresOf(after).find(wire => wire.from.node === id)?.to.node;
    const from = source === undefined ? undefined : after.nodes[source];
    if (node === undefined || from === undefined || target === undefined) continue;
    // Only what follows on a node that was there: a pasted part brings its own arrangement.
    if (isNew(from.id) && !anchored.has(from.id)) continue;
    anchored.add(id);
    xs.set(id, Math.max(xOf(id), xOf(from.id) + widthOf(from) + GAP));
    const edge = xOf(target);
    const shift = xOf(id) + widthOf(node) + GAP - edge;
    if (shift <= 0 || isNew(target)) continue;
    for (const [other, x] of xs) if (!isNew(other) && x >= edge) xs.set(other, x + shift);
  }
  if (anchored.size === 0) return after;
  const nodes: Record<NodeId, GraphNode> = {};
  for (const node of Object.values(after.nodes)) {
    const x = xOf(node.id);
    nodes[node.id] = x === node.position.x ? node : { ...node, position: { ...node.position, x } };
  }
  return { ...after, nodes };
}

function wiresOf(document: ProjectDocument) {
  return Object.values(document.wires);
}
