/**
 * Each source model alone, to be measured on the same rows as the join: for every model node and head a document of its own
 * in which that model is whole, fed as it is in the project or from a column of its shape, and wired to the head. Pure: it
 * derives and compiles; measuring is done elsewhere. A source that can't be compared says why.
 */
import type { CompileResult, Head } from '../compiler/result';
import type { Column, Dataset } from '../data/dataset';
import type {
  GraphNode,
  InputNode,
  ModelId,
  ModelNode,
  NodeId,
  OutputNode,
  ProjectDocument,
  Wire,
} from '../graph/document';
import { portIndex } from '../graph/edits';
import type { Network } from '../network/network';
import { formatShape, shapeFits, sizeOfRow } from '../network/shape';
import { sizeSuits } from './scores';
import { columnFeeds, columnNamed, shapeAtHead, shapeOfRow } from './training-check';

export interface Source {
  readonly head: NodeId;
  /** The node of the model on the canvas. */
  readonly node: NodeId;
  readonly name: string;
  readonly comparison: Comparable | NotComparable;
}

export interface Comparable {
  readonly kind: 'comparable';
  /** The model alone, compiled without errors; every layer has its weights. */
  readonly compiled: CompileResult;
  /** How it is fed, where that differs from the project: `fed with the column profile`. */
  readonly note: string | null;
}

export interface NotComparable {
  readonly kind: 'not-comparable';
  /** One sentence. */
  readonly reason: string;
}

export interface BaselineNeeds {
  readonly document: ProjectDocument;
  readonly heads: readonly Head[];
  readonly dataset: Dataset;
  readonly networks: ReadonlyMap<ModelId, Network>;
  readonly compile: (document: ProjectDocument) => CompileResult;
}

/** One entry for each head and each different source, in the order of the canvas' nodes. */
export function deriveSources(needs: BaselineNeeds): readonly Source[] {
  const nodes = distinctModels(needs.document);
  return needs.heads.flatMap(head => {
    const column = columnNamed(needs.dataset, head.column);
    const output = needs.document.nodes[head.node];
    if (column === null || output?.kind !== 'output') return [];
    return nodes.map(node => ({
      head: head.node,
      node: node.id,
      name: node.name,
      comparison: derive(needs, node, output, column),
    }));
  });
}

/** Parts of one model that are fed alike are one source: a trunk and its tail, a model used twice on the same input. */
function distinctModels(document: ProjectDocument): readonly ModelNode[] {
  const models = Object.values(document.nodes).filter(node => node.kind === 'model');
  const seen = new Set<string>();
  // A part that begins at the model's own input comes first: it can be fed as it stands.
  return models
    .toSorted((a, b) => Number(a.start !== null) - Number(b.start !== null))
    .filter(node => {
      const whole = node.start === null ? wiresInto(document, node.id).map(wire => wire.from) : 'tail';
      const key = `${node.model} ${JSON.stringify(whole)}`;
      const tailOfSeen = node.start !== null && [...seen].some(other => other.startsWith(`${node.model} `));
      if (seen.has(key) || tailOfSeen) return false;
      seen.add(key);
      return true;
    });
}

function wiresInto(document: ProjectDocument, node: NodeId): readonly Wire[] {
  return Object.values(document.wires)
    .filter(wire => wire.to.node === node)
    .sort((a, b) => portIndex(a.to.port) - portIndex(b.to.port));
}

function derive(
  needs: BaselineNeeds,
  node: ModelNode,
  output: OutputNode,
  column: Column,
): Comparable | NotComparable {
  const network = needs.networks.get(node.model);
  if (network === undefined) return notComparable('Its file is missing.');
  const upstream = node.start === null ? fromUpstream(needs, node, network, output, column) : null;
  if (upstream?.kind === 'comparable') return upstream;
  const columns = columnsFor(network, needs, output);
  const byColumn =
    columns === null
      ? null
      : attempt(
          needs,
          fedFromColumns(needs, node, output, network, columns),
          output,
          column,
          columns.length === 0
            ? null
            : `fed with the ${columns.length === 1 ? 'column' : 'columns'} ${columns.map(({ name }) => name).join(', ')}`,
        );
  if (byColumn?.kind === 'comparable') return byColumn;
  return byColumn ?? upstream ?? notComparable(capital(unfed(network)));
}

/** Why no column can take the place of what stands before a model. */
function unfed(network: Network): string {
  const shapes = network.inputs.map(({ shape }) => formatShape(shape)).join(' and ');
  return `no column of the data has rows of ${shapes}, which it takes.`;
}

function capital(sentence: string): string {
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}

function notComparable(reason: string): NotComparable {
  return { kind: 'not-comparable', reason };
}

/** Fed as it stands in the project, if nothing that has yet to learn, and no other model, stands before it. */
function fromUpstream(
  needs: BaselineNeeds,
  node: ModelNode,
  network: Network,
  output: OutputNode,
  column: Column,
): Comparable | NotComparable {
  const before = ancestors(needs.document, node.id);
  const kept = [...before].map(id => needs.document.nodes[id]).filter(other => other !== undefined);
  const other = kept.find(({ kind }) => kind === 'model');
  if (other !== undefined) return notComparable(`${other.name} stands before it, and ${unfed(network)}`);
  const alone = withOutput(needs.document, wholeModel(node), kept, output);
  const facts = needs.compile(alone).nodes;
  const learns = kept.find(other => other.kind === 'layer' && (facts.get(other.id)?.parameters ?? 0) > 0);
  if (learns !== undefined)
    return notComparable(`${learns.name} before it has yet to learn, and ${unfed(network)}`);
  return attempt(needs, alone, output, column, null);
}

function ancestors(document: ProjectDocument, node: NodeId): ReadonlySet<NodeId> {
  const found = new Set<NodeId>();
  const visit = (id: NodeId) => {
    for (const wire of wiresInto(document, id)) {
      if (found.has(wire.from.node)) continue;
      found.add(wire.from.node);
      visit(wire.from.node);
    }
  };
  visit(node);
  found.delete(node);
  return found;
}

function wholeModel(node: ModelNode): ModelNode {
  return {
    ...node,
    start: null,
    end: null,
    taps: [],
    linearEnd: false,
    sharesWith: null,
    freeze: { kind: 'all' },
  };
}

function withOutput(
  document: ProjectDocument,
  model: ModelNode,
  before: readonly GraphNode[],
  output: OutputNode,
): ProjectDocument {
  const nodes = [...before, model, output];
  const inside = new Set([...before, model].map(({ id }) => id));
  const kept = Object.values(document.wires).filter(
    wire => inside.has(wire.from.node) && inside.has(wire.to.node),
  );
  return assemble(document, nodes, [...kept, wireToOutput(model, output)]);
}

function fedFromColumns(
  { document, compile }: BaselineNeeds,
  node: ModelNode,
  output: OutputNode,
  network: Network,
  columns: readonly Column[],
): ProjectDocument {
  // What the compiler says that it takes: files call tokens floats and the other way round.
  const ports = compile(assemble(document, [wholeModel(node)], [])).nodes.get(node.id)?.inputs;
  const inputs = network.inputs.map((input, index): InputNode => {
    const column = columns[index];
    const isRow = column?.kind === 'numbers' && column.rowShape.length > 0;
    return {
      kind: 'input',
      id: `alone-input-${index}`,
      name: column?.name ?? input.name,
      position: { x: 0, y: 0 },
      rowShape: isRow ? column.rowShape : input.shape.slice(1),
      dtype: ports?.[index]?.dtype ?? input.dtype,
      column: column?.name ?? null,
    };
  });
  const wires = inputs.map((input, index) => ({
    id: `alone-wire-${index}`,
    from: { node: input.id, port: 'out0' },
    to: { node: node.id, port: `in${index}` },
  }));
  return assemble(
    document,
    [...inputs, wholeModel(node), output],
    [...wires, wireToOutput(wholeModel(node), output)],
  );
}

function wireToOutput(model: ModelNode, output: OutputNode): Wire {
  return {
    id: 'alone-out',
    from: { node: model.id, port: 'out0' },
    to: { node: output.id, port: 'in0' },
  };
}

function assemble(
  document: ProjectDocument,
  nodes: readonly GraphNode[],
  wires: readonly Wire[],
): ProjectDocument {
  return {
    ...document,
    nodes: Object.fromEntries(nodes.map(node => [node.id, node])),
    wires: Object.fromEntries(wires.map(wire => [wire.id, wire])),
    // A source alone is what was brought.
    ties: [],
  };
}

/** A column of its own for each input of the model, never one that is to be predicted; null if one finds none. */
function columnsFor(
  network: Network,
  { dataset, heads }: BaselineNeeds,
  output: OutputNode,
): readonly Column[] | null {
  const targets = new Set([output.column, ...heads.map(head => head.column)]);
  const free = dataset.columns.filter(column => !targets.has(column.name));
  const chosen: Column[] = [];
  for (const input of network.inputs) {
    const suits = free.filter(column => !chosen.includes(column) && columnFeeds(column, input.shape));
    const column = suits.find(({ name }) => name === input.name) ?? suits[0];
    if (column === undefined) return null;
    chosen.push(column);
  }
  return chosen;
}

function attempt(
  needs: BaselineNeeds,
  document: ProjectDocument,
  output: OutputNode,
  column: Column,
  note: string | null,
): Comparable | NotComparable {
  const compiled = needs.compile(document);
  if (compiled.network === null) {
    const error = compiled.diagnostics.find(({ severity }) => severity === 'error');
    return notComparable(error?.message ?? 'It does not run alone.');
  }
  const unfed = compiled.feeds.find(feed => {
    const fed = columnNamed(needs.dataset, feed.column);
    const shape = compiled.network?.inputs.find(({ name }) => name === feed.input)?.shape;
    return fed === null || shape === undefined || !columnFeeds(fed, shape);
  });
  if (unfed !== undefined) return notComparable('Its input is not fed from the data.');
  const shape = shapeAtHead(document, compiled, output.id);
  const size = shape === null ? null : sizeOfRow(shape);
  if (shape === null || size === null) return notComparable('The size of what it gives is not known.');
  if (!sizeSuits(size, column)) {
    const wanted =
      column.kind === 'classes' ? `${column.classes.length} classes` : formatShape(shapeOfRow(column));
    return notComparable(`It gives ${formatShape(shape)}, and ${column.name} has ${wanted}.`);
  }
  if (column.kind === 'numbers' && !shapeFits(shape, shapeOfRow(column)) && column.rowShape.length > 1)
    return notComparable(
      `It gives ${formatShape(shape)}, and a row of ${column.name} is ${formatShape(shapeOfRow(column))}.`,
    );
  return { kind: 'comparable', compiled, note };
}
