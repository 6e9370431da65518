/**
 * Pass 3: the shape and kind of what flows on every wire, and what doesn't fit. A node that fails gives tensors of unknown
 * shape, and whatever needs them stays silent.
 */
import type { NodeId, ProjectDocument, WireId } from '../graph/document';
import * as edits from '../graph/edits';
import type { LayerLookup } from '../layers/layer-type';
import { formatShape, type Shape, shapeFits } from '../network/shape';
import type { Resolved, ResolvedInput, ResolvedOutput } from './1-resolve';
import type { OrderPass } from './2-order';
import * as d from './diagnostics';
import { inferLayer } from './infer-layer';
import { inferModel } from './infer-model';
import { portKey, reportStrayWires, type Scope, takeIn } from './infer-scope';
import { checkOutput, wantedAtOutput } from './output-checks';
import type { ColumnFacts, Diagnostic, NodeFacts, WireFacts } from './result';

export interface InferPass {
  readonly nodes: ReadonlyMap<NodeId, NodeFacts>;
  readonly wires: ReadonlyMap<WireId, WireFacts>;
  readonly diagnostics: readonly Diagnostic[];
}

export function infer(
  document: ProjectDocument,
  resolved: ReadonlyMap<NodeId, Resolved>,
  order: OrderPass,
  table: LayerLookup,
  columns: readonly ColumnFacts[] | null,
): InferPass {
  const diagnostics: Diagnostic[] = [];
  const nodes = new Map<NodeId, NodeFacts>();
  const wires = new Map<WireId, WireFacts>();
  for (const id of Object.keys(document.wires)) wires.set(id, { shape: null, wanted: null });
  const report = (diagnostic: Diagnostic) => diagnostics.push(diagnostic);
  const scope: Scope = { document, table, columns, order, resolved, flows: new Map(), wires, report };
  for (const id of order.order) {
    const node = resolved.get(id);
    if (node === undefined) continue;
    const facts = inferNode(node, scope);
    nodes.set(id, facts);
    for (const port of facts.outputs) scope.flows.set(portKey({ node: id, port: port.port }), port);
  }
  return { nodes, wires, diagnostics };
}

function inferNode(node: Resolved, scope: Scope): NodeFacts {
  switch (node.kind) {
    case 'input':
      return inferInput(node, scope);
    case 'layer':
      return inferLayer(node, scope);
    case 'model':
      return inferModel(node, scope);
    case 'output':
      return inferOutput(node, scope);
  }
}

function inferInput({ node }: ResolvedInput, scope: Scope): NodeFacts {
  const shape: Shape = [null, ...node.rowShape];
  if (scope.columns !== null && scope.order.used.has(node.id)) {
    const column = scope.columns.find(candidate => candidate.name === node.column);
    if (node.column === null) scope.report(d.columnNotChosen(node));
    else if (column === undefined) scope.report(d.columnMissing(node, node.column));
    else if (column.classes !== null) scope.report(d.columnOfClasses(node, column.name));
    else if (!shapeFits([null, ...column.rowShape], shape)) {
      const fix = {
        label: `Make it ${formatShape([null, ...column.rowShape])}`,
        edit: edits.updateInput(node.id, { rowShape: column.rowShape }),
      };
      scope.report(d.columnDiffers(node, column.name, [null, ...column.rowShape], shape, fix));
    }
  }
  const out = { port: 'out0', label: node.name, shape, dtype: node.dtype, optional: false };
  return { inputs: [], outputs: [out], parameters: 0, trainableParameters: 0 };
}

function inferOutput(resolved: ResolvedOutput, scope: Scope): NodeFacts {
  const { node } = resolved;
  const incoming = takeIn({ node: node.id, port: 'in0' }, scope);
  const port = { port: 'in0', label: node.name, shape: null, dtype: 'float32', optional: false } as const;
  reportStrayWires(node.id, [port], scope);
  if (incoming === undefined) scope.report(d.inputMissing(node, 'prediction', 'error', []));
  else if (incoming.flow.shape !== null) {
    const source = scope.resolved.get(incoming.source.id);
    const shape = incoming.flow.shape;
    const wanted = wantedAtOutput(node, scope.columns);
    if (wanted !== null && !shapeFits(shape, wanted)) scope.wires.set(incoming.wire.id, { shape, wanted });
    const from = { wire: incoming.wire, source, shape };
    for (const diagnostic of checkOutput(node, from, scope.columns, scope.table)) scope.report(diagnostic);
  }
  return { inputs: [port], outputs: [], parameters: 0, trainableParameters: 0 };
}
