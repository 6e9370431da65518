/**
 * The compiler: a project document and the Networks that its model nodes refer to in, one Network and everything that can be
 * said about the graph out. Total: no document makes it throw, only our own bugs do. It knows no screen, no file format and
 * no TensorFlow.js.
 */
import type { GraphNode, ModelId, NodeId, ProjectDocument } from '../graph/document';
import * as edits from '../graph/edits';
import { makeLoss, makeMetric } from '../graph/objectives';
import type { LayerLookup } from '../layers/layer-type';
import type { Network } from '../network/network';
import { resolve } from './1-resolve';
import { leadingTo, type OrderPass, putInOrder } from './2-order';
import { type InferPass, infer } from './3-infer';
import { lower } from './4-lower';
import { checkBases } from './base-checks';
import * as d from './diagnostics';
import type { ColumnFacts, CompileResult, Diagnostic, Fix, Severity } from './result';
import { resolveTies } from './ties';

/** `columns`: those of the chosen data set; null: there is none, and nothing is said about data. */
export function compile(
  document: ProjectDocument,
  networks: ReadonlyMap<ModelId, Network>,
  table: LayerLookup,
  columns: readonly ColumnFacts[] | null = null,
): CompileResult {
  const resolved = resolve(document, networks, table);
  const order = putInOrder(document);
  const inferred = infer(document, resolved.nodes, order, table, columns);
  const tied = resolveTies(document, resolved.nodes, order, table);
  const local = [...resolved.diagnostics, ...order.diagnostics, ...inferred.diagnostics, ...tied.diagnostics];
  const sound = !local.some(diagnostic => diagnostic.severity === 'error');
  const whole = checkWhole(document, order, inferred, sound);
  const bases = sound ? checkBases(document, resolved.nodes, order, table) : [];
  const lowered = sound && order.used.size > 0 ? lower(document, resolved.nodes, order, tied.ties) : null;
  return {
    network: lowered?.network ?? null,
    feeds: lowered?.feeds ?? [],
    heads: lowered?.heads ?? [],
    origins: lowered?.origins ?? new Map(),
    flows: lowered?.flows ?? new Map(),
    inner: lowered?.inner ?? new Map(),
    nodes: inferred.nodes,
    wires: inferred.wires,
    countedTwice: tied.countedTwice,
    diagnostics: bySeverity([...local, ...whole, ...bases]),
  };
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, hint: 2 };

function bySeverity(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
}

/** What can only be said of the graph as a whole. */
function checkWhole(
  document: ProjectDocument,
  order: OrderPass,
  inferred: InferPass,
  sound: boolean,
): readonly Diagnostic[] {
  const nodes = Object.values(document.nodes);
  if (nodes.length === 0) return [];
  if (!nodes.some(node => node.kind === 'output'))
    return [d.outputAbsent(addOutput(document, order, inferred))];
  const found = nodes.filter(node => !order.used.has(node.id)).map(d.nodeUnused);
  const trains = (ids: ReadonlySet<NodeId>) =>
    [...ids].some(id => (inferred.nodes.get(id)?.trainableParameters ?? 0) > 0);
  if (sound && !trains(order.used)) found.unshift(d.nothingTrainable());
  else if (sound && !trains(leadingTo(nodes.filter(counts), order))) {
    const outputs = nodes.filter(node => node.kind === 'output' && !counts(node));
    found.unshift(d.nothingCounts(outputs.map(giveWeight)));
  }
  return found;
}

function counts(node: GraphNode): boolean {
  return node.kind === 'output' && node.lossWeight !== 0;
}

function giveWeight({ id, name }: GraphNode): Fix {
  return { label: `Give ${name} the weight 1`, edit: edits.updateOutput(id, { lossWeight: 1 }) };
}

/** An Output behind the one place where something comes out and goes nowhere. */
function addOutput(document: ProjectDocument, order: OrderPass, inferred: InferPass): readonly Fix[] {
  const wired = new Set(Object.values(document.wires).map(wire => `${wire.from.node} ${wire.from.port}`));
  const ends = order.order.flatMap((id: NodeId) => {
    const node = document.nodes[id];
    if (node === undefined || node.kind === 'input') return [];
    const outputs = inferred.nodes.get(id)?.outputs ?? [];
    const used = outputs.some(port => wired.has(`${id} ${port.port}`));
    const [first] = outputs;
    return used || first === undefined || first.shape === null ? [] : [{ node, port: first.port }];
  });
  const [end, ...others] = ends;
  if (end === undefined || others.length > 0) return [];
  const edit: edits.Edit = current => {
    const id = edits.freshNodeId(current, 'output');
    const position = { x: end.node.position.x + 260, y: end.node.position.y };
    return edits.inOrder(
      edits.addNode({
        kind: 'output',
        id,
        name: 'prediction',
        position,
        column: null,
        loss: makeLoss('sparse_categorical_crossentropy'),
        lossWeight: 1,
        metrics: [makeMetric('accuracy')],
        classWeights: null,
      }),
      edits.connect({ node: end.node.id, port: end.port }, { node: id, port: 'in0' }),
    )(current);
  };
  return [{ label: `Add Output after ${end.node.name}`, edit }];
}
