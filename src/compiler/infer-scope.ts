/** What the parts of pass 3 share: what has been inferred so far, and what is wired to a port. */
import type { GraphNode, NodeId, PortRef, ProjectDocument, Wire, WireId } from '../graph/document';
import * as edits from '../graph/edits';
import type { LayerLookup, LayerType } from '../layers/layer-type';
import type { Dtype, Shape } from '../network/shape';
import type { Resolved } from './1-resolve';
import type { OrderPass } from './2-order';
import * as d from './diagnostics';
import type { ColumnFacts, Diagnostic, Fix, PortFacts, WireFacts } from './result';

/** What comes out of a port. `shape` null: unknown. */
export interface Flow {
  readonly shape: Shape | null;
  readonly dtype: Dtype;
}

export interface Scope {
  readonly document: ProjectDocument;
  readonly table: LayerLookup;
  readonly columns: readonly ColumnFacts[] | null;
  readonly order: OrderPass;
  readonly resolved: ReadonlyMap<NodeId, Resolved>;
  readonly flows: Map<string, Flow>;
  readonly wires: Map<WireId, WireFacts>;
  readonly report: (diagnostic: Diagnostic) => void;
}

export const portKey = (ref: PortRef) => `${ref.node} ${ref.port}`;
const UNKNOWN: Flow = { shape: null, dtype: 'float32' };

export interface Incoming {
  readonly wire: Wire;
  readonly source: GraphNode;
  readonly flow: Flow;
}

/** What is wired to a port; undefined: nothing. Notes the wire's shape. */
export function takeIn(ref: PortRef, scope: Scope): Incoming | undefined {
  const wire = scope.order.incoming.get(ref.node)?.find(candidate => candidate.to.port === ref.port);
  const source = wire && scope.document.nodes[wire.from.node];
  if (wire === undefined || source === undefined) return undefined;
  const flow = scope.flows.get(portKey(wire.from));
  // A source that failed has its diagnostic; one that did not fail and lacks the port is this wire's own mistake.
  if (flow === undefined && scope.resolved.has(source.id)) {
    scope.report(d.wireToNothing(wire, `${source.name} has no such output any more. Wire another one.`));
  }
  scope.wires.set(wire.id, { shape: flow?.shape ?? null, wanted: null });
  return { wire, source, flow: flow ?? UNKNOWN };
}

/** Wires to ports that the node doesn't have, or that have a wire already: `takeIn` takes the first. */
export function reportStrayWires(node: NodeId, ports: readonly PortFacts[], scope: Scope): void {
  const name = scope.document.nodes[node]?.name ?? node;
  const wired = new Set<string>();
  for (const wire of scope.order.incoming.get(node) ?? []) {
    const { port } = wire.to;
    if (!ports.some(each => each.port === port)) {
      scope.report(d.wireToNothing(wire, `${name} has no such input any more. Wire another one.`));
    } else if (wired.has(port)) {
      scope.report(d.wireToNothing(wire, `${name} has another wire at that input, and it takes only one.`));
    }
    wired.add(port);
  }
}

/** Layers that only move values about pass tokens on as they are. */
export function keepsTokens(type: Pick<LayerType, 'category'>): boolean {
  return type.category === 'Reshape';
}

export type ValueKind = 'floats' | 'tokens' | 'any';

/** Whether the kind of values suits; reports it if not. */
export function checkValues(
  wire: Wire,
  source: GraphNode,
  flow: Flow,
  wanted: ValueKind,
  target: string,
  scope: Scope,
): boolean {
  if (flow.shape === null) return true;
  const retype = (label: string, dtype: Dtype): readonly Fix[] =>
    source.kind === 'input' ? [{ label, edit: edits.updateInput(source.id, { dtype }) }] : [];
  if (wanted === 'tokens' && flow.dtype === 'float32') {
    const fixes = retype(`Make ${source.name} whole numbers`, 'int32');
    scope.report(d.floatsIntoTokens(wire, source, target, fixes));
    return false;
  }
  if (wanted === 'floats' && flow.dtype === 'int32') {
    const fixes = retype(`Take ${source.name} as amounts`, 'float32');
    scope.report(d.tokensIntoFloats(wire, source, target, fixes));
    return false;
  }
  return true;
}
