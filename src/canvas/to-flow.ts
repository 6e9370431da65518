/** Document, compile result and session in; React Flow's nodes and edges out. What doesn't change stays the same object. */
import type { Edge, Node } from 'reactflow';
import { type Json, jsonEquals } from '../base/json';
import type { CompileResult, Diagnostic, Fix } from '../compiler/result';
import type { SourceModel } from '../formats/protocol';
import type { ModelId, NodeId, ProjectDocument, WireId } from '../graph/document';
import { formatShape } from '../network/shape';
import type { Position } from '../store/new-nodes';
import { type Tone, toneOf } from '../store/node-words';
import type { Selection } from '../store/session';
import { type Card, describeCard } from './card';

export type CardNode = Node<{ readonly card: Card }, 'card'>;
export type WireEdge = Edge<WireLook, 'wire'>;

export type WireLook = {
  /** What the pill says; null: nothing is known. */
  readonly pill: string | null;
  readonly state: 'fits' | 'wrong' | 'warned';
  /** Why it is wrong. */
  readonly problem: string | null;
  readonly fix: string | null;
  /** The colour of its end, where that end is selected. */
  readonly tone: Tone | null;
};

export interface FlowSources {
  readonly document: ProjectDocument;
  readonly compiled: CompileResult;
  readonly models: Readonly<Record<ModelId, SourceModel>>;
  readonly selection: Selection;
  readonly drag: Readonly<Record<NodeId, Position>> | null;
  /** As React Flow measured them: without it a node that changes would be hidden until it is measured again. */
  readonly sizes: ReadonlyMap<NodeId, { readonly width: number; readonly height: number }>;
}

export interface Flow {
  readonly nodes: CardNode[];
  readonly edges: WireEdge[];
}

/** Each canvas has its own, for what it remembers. */
export function createToFlow(): (sources: FlowSources) => Flow {
  const cards = new Map<NodeId, Card>();
  const nodes = new Map<NodeId, CardNode>();
  const edges = new Map<WireId, WireEdge>();
  let described: Pick<FlowSources, 'compiled' | 'models'> | null = null;

  return sources => {
    const { document, compiled, models, selection, drag, sizes } = sources;
    // A mere move leaves compile result and models as they were, and with them every card.
    if (described === null || described.compiled !== compiled || described.models !== models) {
      described = { compiled, models };
      describeCards(sources, cards);
    }
    keepOnly(nodes, document.nodes);
    keepOnly(edges, document.wires);
    const selectedNodes = new Set(selection.nodes);
    const selectedWires = new Set(selection.wires);
    return {
      nodes: Object.values(document.nodes).flatMap(node => {
        const card = cards.get(node.id);
        if (card === undefined) return [];
        const next: CardNode = {
          id: node.id,
          type: 'card',
          position: drag?.[node.id] ?? node.position,
          data: { card },
          selected: selectedNodes.has(node.id),
          ariaLabel: `${card.name}, ${card.subtitle}`,
        };
        const size = sizes.get(node.id);
        if (size !== undefined) next.measured = size;
        return [keep(nodes, next, (a, b) => a.data.card === b.data.card && a.measured === b.measured)];
      }),
      edges: Object.values(document.wires).map(wire => {
        const selected = selectedWires.has(wire.id);
        const end = selectedNodes.has(wire.to.node)
          ? wire.to.node
          : selectedNodes.has(wire.from.node)
            ? wire.from.node
            : undefined;
        const node = end === undefined ? undefined : document.nodes[end];
        const next: WireEdge = {
          id: wire.id,
          type: 'wire',
          source: wire.from.node,
          sourceHandle: wire.from.port,
          target: wire.to.node,
          targetHandle: wire.to.port,
          selected,
          data: describeWire(wire.id, compiled, node === undefined ? null : toneOf(node)),
          ariaLabel: `Wire from ${document.nodes[wire.from.node]?.name} to ${document.nodes[wire.to.node]?.name}`,
        };
        return keep(edges, next, (a, b) => sameJson(a.data, b.data));
      }),
    };
  };
}

function describeCards({ document, compiled, models }: FlowSources, cards: Map<NodeId, Card>): void {
  const problems = new Map<NodeId, Diagnostic[]>();
  for (const diagnostic of compiled.diagnostics) {
    const { subject } = diagnostic;
    if (subject.kind !== 'node' && subject.kind !== 'param') continue;
    const list = problems.get(subject.node);
    if (list === undefined) problems.set(subject.node, [diagnostic]);
    else list.push(diagnostic);
  }
  keepOnly(cards, document.nodes);
  for (const node of Object.values(document.nodes)) {
    const card = describeCard({
      node,
      document,
      facts: compiled.nodes.get(node.id),
      problems: problems.get(node.id) ?? [],
      model: node.kind === 'model' ? models[node.model] : undefined,
    });
    const before = cards.get(node.id);
    if (!sameJson(before, card)) cards.set(node.id, card);
  }
}

/** The first fix of a wire: what the button beside it does. */
export function wireFix(compiled: CompileResult, wire: WireId): Fix | null {
  const problem = problemOfWire(compiled, wire);
  return problem?.fixes[0] ?? null;
}

function problemOfWire(compiled: CompileResult, wire: WireId): Diagnostic | undefined {
  return compiled.diagnostics.find(
    ({ subject, severity }) => subject.kind === 'wire' && subject.wire === wire && severity !== 'hint',
  );
}

function describeWire(wire: WireId, compiled: CompileResult, tone: Tone | null): WireLook {
  const facts = compiled.wires.get(wire);
  const problem = problemOfWire(compiled, wire);
  const shape = facts?.shape ?? null;
  const wanted = facts?.wanted ?? null;
  const state = problem === undefined ? 'fits' : problem.severity === 'error' ? 'wrong' : 'warned';
  const given = shape === null ? null : formatShape(shape);
  return {
    pill: wanted === null ? given : `${given ?? '?'} → ${formatShape(wanted)}`,
    state,
    problem: problem?.message ?? null,
    fix: problem?.fixes[0]?.label ?? null,
    tone,
  };
}

function keepOnly(map: Map<string, unknown>, kept: Readonly<Record<string, unknown>>): void {
  for (const id of map.keys()) if (kept[id] === undefined) map.delete(id);
}

interface Flowing {
  readonly id: string;
  readonly selected?: boolean;
}

/** The object of before, if nothing in it has changed. */
function keep<T extends Flowing>(known: Map<string, T>, next: T, alike: (a: T, b: T) => boolean): T {
  const before = known.get(next.id);
  if (before !== undefined && alike(before, next) && sameFields(before, next)) return before;
  known.set(next.id, next);
  return next;
}

const CARRIED = ['data', 'measured', 'position'];

function sameFields(a: object, b: object): boolean {
  const before: Readonly<Record<string, unknown>> = { ...a };
  const after: Readonly<Record<string, unknown>> = { ...b };
  return (
    Object.keys(after).every(key => CARRIED.includes(key) || before[key] === after[key]) &&
    sameJson(before.position, after.position)
  );
}

/** Cards and looks are plain data. */
function sameJson(a: unknown, b: unknown): boolean {
  return jsonEquals(a as Json | undefined, b as Json | undefined);
}
