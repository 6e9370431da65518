/** What follows from the state. Memoised, never stored: a selector returns the same object until its sources change. */
import { compile } from '../compiler/compile';
import type { ColumnFacts, CompileResult, Diagnostic } from '../compiler/result';
import type { Dataset } from '../data/dataset';
import type { SourceModel } from '../formats/protocol';
import type { GraphNode, ModelId, NodeId, ProjectDocument } from '../graph/document';
import { lookUpLayer } from '../layers/table';
import type { Network } from '../network/network';
import { rowShapeOf } from './new-nodes';
import type { GraftState } from './store';

export type Models = Readonly<Record<ModelId, SourceModel>>;

/** Remembers the last result; the sources are compared one by one. */
export function memoize<A extends readonly unknown[], R>(
  compute: (...sources: A) => R,
  same: (before: A, after: A) => boolean = (before, after) =>
    before.every((source, i) => source === after[i]),
): (...sources: A) => R {
  let last: { readonly sources: A; readonly result: R } | null = null;
  return (...sources) => {
    if (last === null || !same(last.sources, sources)) last = { sources, result: compute(...sources) };
    return last.result;
  };
}

export const networksOf = memoize(
  (models: Models): ReadonlyMap<ModelId, Network> =>
    new Map(Object.values(models).map(model => [model.id, model.network])),
);

/** One number in a row is a row of one value for a network. */
const columnsOf = memoize((dataset: Dataset | null): readonly ColumnFacts[] | null =>
  dataset === null
    ? null
    : dataset.columns.map(column =>
        column.kind === 'classes'
          ? { name: column.name, rowShape: [], classes: column.classes.length }
          : { name: column.name, rowShape: rowShapeOf(column), classes: null },
      ),
);

const compileOnce = memoize(
  (document: ProjectDocument, models: Models, dataset: Dataset | null) =>
    compile(document, networksOf(models), lookUpLayer, columnsOf(dataset)),
  ([documentBefore, modelsBefore, datasetBefore], [document, models, dataset]) =>
    modelsBefore === models && datasetBefore === dataset && equalButPositions(documentBefore, document),
);

/** Shapes, facts, diagnostics and the joined network. Moving nodes doesn't compile anew. */
export function selectCompiled(state: Pick<GraftState, 'document' | 'models' | 'dataset'>): CompileResult {
  return compileOnce(state.document, state.models, state.dataset);
}

/** Whether two documents mean the same: all but where the nodes stand. */
function equalButPositions(a: ProjectDocument, b: ProjectDocument): boolean {
  if (a === b) return true;
  if (
    a.name !== b.name ||
    a.wires !== b.wires ||
    a.ties !== b.ties ||
    a.data !== b.data ||
    a.training !== b.training
  )
    return false;
  if (a.nodes === b.nodes) return true;
  const ids = Object.keys(a.nodes);
  const others = Object.keys(b.nodes);
  return (
    ids.length === others.length &&
    ids.every((id, i) => others[i] === id && sameNode(a.nodes[id], b.nodes[id]))
  );
}

function sameNode(a: GraphNode | undefined, b: GraphNode | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  const before: Readonly<Record<string, unknown>> = { ...a };
  const after: Readonly<Record<string, unknown>> = { ...b };
  const keys = Object.keys(before);
  return (
    keys.length === Object.keys(after).length &&
    keys.every(key => key === 'position' || before[key] === after[key])
  );
}

const RANK = { error: 0, warning: 1, hint: 2 } as const;

const withFindings = memoize(
  (diagnostics: readonly Diagnostic[], findings: readonly Diagnostic[]): readonly Diagnostic[] =>
    findings.length === 0
      ? diagnostics
      : [...diagnostics, ...findings].sort((a, b) => RANK[a.severity] - RANK[b.severity]),
);

const NONE: readonly Diagnostic[] = [];

/** Everything that is to be said of the graph: what the compiler sees, and what the comparison of branches has found in the data. */
export function selectProblems(state: GraftState): readonly Diagnostic[] {
  const { insight } = state;
  const findings = insight.kind === 'ready' ? insight.report.findings : NONE;
  return withFindings(selectCompiled(state).diagnostics, findings);
}

const problemsByNode = memoize((diagnostics: readonly Diagnostic[]) => {
  const byNode = new Map<NodeId, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    const { subject } = diagnostic;
    if (subject.kind !== 'node' && subject.kind !== 'param') continue;
    byNode.set(subject.node, [...(byNode.get(subject.node) ?? []), diagnostic]);
  }
  return byNode;
});

const problemsByWire = memoize((diagnostics: readonly Diagnostic[]) => {
  const byWire = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    if (diagnostic.subject.kind !== 'wire') continue;
    const { wire } = diagnostic.subject;
    byWire.set(wire, [...(byWire.get(wire) ?? []), diagnostic]);
  }
  return byWire;
});

export function selectNodeProblems(state: GraftState, node: NodeId): readonly Diagnostic[] {
  return problemsByNode(selectProblems(state)).get(node) ?? NONE;
}

export function selectWireProblems(state: GraftState, wire: string): readonly Diagnostic[] {
  return problemsByWire(selectProblems(state)).get(wire) ?? NONE;
}

/** The one selected node, if it is just one and nothing else is selected. */
export function selectSelectedNode(state: GraftState): GraphNode | null {
  const { nodes, wires } = state.selection;
  const [only] = nodes;
  return nodes.length === 1 && wires.length === 0 && only !== undefined
    ? (state.document.nodes[only] ?? null)
    : null;
}

export interface Totals {
  /** Values in all weights, each set of weights once. */
  readonly parameters: number;
  /** Those of them that training moves. */
  readonly trainable: number;
}

const totalsOnce = memoize((document: ProjectDocument, compiled: CompileResult): Totals => {
  const { countedTwice } = compiled;
  // Not `-countedTwice`: without models that would be -0, and say so.
  let [parameters, trainable] = [0 - countedTwice.parameters, 0 - countedTwice.trainableParameters];
  for (const node of Object.values(document.nodes)) {
    // A node that shares another one's weights has none of its own.
    if (node.kind === 'model' && node.sharesWith !== null) continue;
    parameters += compiled.nodes.get(node.id)?.parameters ?? 0;
    trainable += compiled.nodes.get(node.id)?.trainableParameters ?? 0;
  }
  return { parameters, trainable };
});

export function selectTotals(state: GraftState): Totals {
  return totalsOnce(state.document, selectCompiled(state));
}
