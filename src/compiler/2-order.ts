/** Pass 2: an order in which the nodes can run (Kahn's). Nodes on a circle have none, and neither have those after them. */
import type { GraphNode, NodeId, ProjectDocument, Wire } from '../graph/document';
import * as d from './diagnostics';
import type { Diagnostic } from './result';

export interface OrderPass {
  readonly order: readonly NodeId[];
  /** The wires into each node. */
  readonly incoming: ReadonlyMap<NodeId, readonly Wire[]>;
  /** Nodes that lead to an output node, output nodes included. */
  readonly used: ReadonlySet<NodeId>;
  readonly diagnostics: readonly Diagnostic[];
}

export function putInOrder(document: ProjectDocument): OrderPass {
  const ids = Object.keys(document.nodes);
  const incoming = new Map<NodeId, Wire[]>(ids.map(id => [id, []]));
  const outgoing = new Map<NodeId, Wire[]>(ids.map(id => [id, []]));
  for (const wire of Object.values(document.wires)) {
    const into = incoming.get(wire.to.node);
    const out = outgoing.get(wire.from.node);
    if (into === undefined || out === undefined) continue;
    into.push(wire);
    out.push(wire);
  }
  const waiting = new Map(ids.map(id => [id, incoming.get(id)?.length ?? 0]));
  const order = ids.filter(id => waiting.get(id) === 0);
  for (let i = 0; i < order.length; i++) {
    for (const { to } of outgoing.get(order[i] ?? '') ?? []) {
      const left = (waiting.get(to.node) ?? 0) - 1;
      waiting.set(to.node, left);
      if (left === 0) order.push(to.node);
    }
  }
  const placed = new Set(order);
  const stuck = new Set(ids.filter(id => !placed.has(id)));
  return {
    order,
    incoming,
    used: leadingTo(
      Object.values(document.nodes).filter(node => node.kind === 'output'),
      { incoming },
    ),
    diagnostics: findCircles(stuck, incoming).map(circle => d.circle(document, circle)),
  };
}

/** Each circle as its wires. Every stuck node has a stuck node before it, so walking against the wires must meet itself. */
function findCircles(stuck: ReadonlySet<NodeId>, incoming: ReadonlyMap<NodeId, readonly Wire[]>): Wire[][] {
  const circles: Wire[][] = [];
  const visited = new Set<NodeId>();
  for (const first of stuck) {
    const path: Wire[] = [];
    const onPath = new Set<NodeId>();
    let id: NodeId | undefined = first;
    while (id !== undefined && !visited.has(id)) {
      visited.add(id);
      onPath.add(id);
      const back: Wire | undefined = incoming.get(id)?.find(wire => stuck.has(wire.from.node));
      if (back === undefined) break;
      path.push(back);
      id = back.from.node;
      if (onPath.has(id)) {
        const meeting: NodeId = id;
        circles.push(path.slice(path.findIndex(wire => wire.to.node === meeting)));
        break;
      }
    }
  }
  return circles;
}

/** These nodes and all that they need. */
export function leadingTo(
  nodes: readonly GraphNode[],
  { incoming }: Pick<OrderPass, 'incoming'>,
): ReadonlySet<NodeId> {
  const used = new Set<NodeId>();
  const pending = nodes.map(node => node.id);
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (used.has(id)) continue;
    used.add(id);
    for (const wire of incoming.get(id) ?? []) pending.push(wire.from.node);
  }
  return used;
}
