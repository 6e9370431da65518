/** Parts of a graph that are copied: nodes with the wires between them. Pure. */
import type { GraphNode, NodeId, ProjectDocument, Wire } from '../graph/document';
import { addNode, connect, freshNodeId } from '../graph/edits';
import { freshName, type Position } from './new-nodes';

export interface Fragment {
  readonly nodes: readonly GraphNode[];
  readonly wires: readonly Wire[];
}

export function takeFragment(document: ProjectDocument, ids: readonly NodeId[]): Fragment {
  const nodes = ids.flatMap(id => document.nodes[id] ?? []);
  const taken = new Set(nodes.map(node => node.id));
  const wires = Object.values(document.wires);
  return { nodes, wires: wires.filter(wire => taken.has(wire.from.node) && taken.has(wire.to.node)) };
}

export interface Pasted {
  readonly document: ProjectDocument;
  readonly ids: readonly NodeId[];
}

/** The same document and fragment give the same ids. Weights that were shared within the fragment are shared within the copy. */
export function pasteFragment(document: ProjectDocument, fragment: Fragment, by: Position): Pasted {
  const ids = new Map<NodeId, NodeId>();
  let result = document;
  for (const node of fragment.nodes) {
    const id = freshNodeId(result, baseOf(node));
    ids.set(node.id, id);
    const position = { x: node.position.x + by.x, y: node.position.y + by.y };
    result = addNode({ ...node, id, name: freshName(result, node.name), position })(result);
  }
  for (const id of ids.values()) {
    const node = result.nodes[id];
    if (node?.kind !== 'model' || node.sharesWith === null) continue;
    const owner = ids.get(node.sharesWith) ?? node.sharesWith;
    result = addNode({ ...node, sharesWith: result.nodes[owner] === undefined ? null : owner })(result);
  }
  for (const { from, to } of fragment.wires) {
    const edit = connect(
      { node: ids.get(from.node) ?? from.node, port: from.port },
      { node: ids.get(to.node) ?? to.node, port: to.port },
    );
    result = edit(result);
  }
  return { document: result, ids: [...ids.values()] };
}

function baseOf(node: GraphNode): string {
  return node.kind === 'layer' ? node.type : node.kind === 'model' ? node.name : node.kind;
}
