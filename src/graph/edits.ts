/**
 * Everything that changes a document. Edits are pure: they return a new document, or the same one if nothing changes. They
 * never leave wires to nodes that are gone, nor gaps between the branches of a merge. Whether a wire makes sense is not
 * asked here: the compiler says so.
 */
import type { Json } from '../base/json';
import { lookUpLayer } from '../layers/table';
import type { Config } from '../network/network';
import type {
  DataSettings,
  GraphNode,
  InputNode,
  LayerNode,
  ModelId,
  ModelNode,
  NodeId,
  OutputNode,
  PortRef,
  ProjectDocument,
  Wire,
  WireId,
} from './document';
import { pruneTraining } from './phases';
import { moveTies } from './ties';
import type { Phase, TrainingSettings } from './training-settings';

export type Edit = (document: ProjectDocument) => ProjectDocument;

/** One edit out of several: one step in the history. */
export function inOrder(...edits: readonly Edit[]): Edit {
  return document => edits.reduce((result, edit) => edit(result), document);
}

/** `dense-1`, `dense-2`, …: the first that is free. */
export function freshNodeId(document: ProjectDocument, base: string): NodeId {
  const stem = base.toLowerCase().replace(/[^a-z0-9_]+/g, '-');
  for (let i = 1; ; i++) if (document.nodes[`${stem}-${i}`] === undefined) return `${stem}-${i}`;
}

function freshWireId(wires: ProjectDocument['wires']): WireId {
  for (let i = Object.keys(wires).length + 1; ; i++) if (wires[`wire-${i}`] === undefined) return `wire-${i}`;
}

export function addNode(node: GraphNode): Edit {
  return document => ({ ...document, nodes: { ...document.nodes, [node.id]: node } });
}

/** Removes the nodes with their wires. A model node that shared a removed node's weights keeps them as its own. */
export function removeNodes(ids: readonly NodeId[]): Edit {
  return document => {
    const gone = new Set(ids.filter(id => document.nodes[id] !== undefined));
    if (gone.size === 0) return document;
    const wires = Object.values(document.wires).filter(w => !gone.has(w.from.node) && !gone.has(w.to.node));
    const heirs = new Map<NodeId, ModelNode>();
    const nodes: Record<NodeId, GraphNode> = {};
    for (const node of Object.values(document.nodes)) {
      if (gone.has(node.id)) continue;
      if (node.kind !== 'model' || node.sharesWith === null || !gone.has(node.sharesWith)) {
        nodes[node.id] = node;
        continue;
      }
      const heir = heirs.get(node.sharesWith);
      const owner = document.nodes[node.sharesWith];
      if (heir === undefined) {
        const freeze = owner?.kind === 'model' ? owner.freeze : node.freeze;
        const own: ModelNode = { ...node, sharesWith: null, freeze };
        heirs.set(node.sharesWith, own);
        nodes[node.id] = own;
      } else {
        nodes[node.id] = { ...node, sharesWith: heir.id };
      }
    }
    const training = pruneTraining(document.training, nodes);
    const ties = moveTies(document.ties, id => nodes[id]?.kind === 'model', heirs);
    return closeGaps({ ...document, nodes, wires: byId(wires), ties, training });
  };
}

export function moveNodes(
  positions: Readonly<Record<NodeId, { readonly x: number; readonly y: number }>>,
): Edit {
  return document => {
    const moved = Object.values(document.nodes).filter(node => {
      const to = positions[node.id];
      return to !== undefined && (to.x !== node.position.x || to.y !== node.position.y);
    });
    if (moved.length === 0) return document;
    const nodes = { ...document.nodes };
    for (const node of moved) nodes[node.id] = { ...node, position: positions[node.id] ?? node.position };
    return { ...document, nodes };
  };
}

/**
 * Wires an output port to an input port. What was wired to that input before is replaced: an input takes one tensor. A wire
 * from a node to itself is left out.
 */
export function connect(from: PortRef, to: PortRef): Edit {
  return document => {
    if (from.node === to.node) return document;
    if (document.nodes[from.node] === undefined || document.nodes[to.node] === undefined) return document;
    const kept = Object.values(document.wires).filter(wire => !samePort(wire.to, to));
    const replaced = Object.values(document.wires).find(wire => samePort(wire.to, to));
    if (replaced !== undefined && samePort(replaced.from, from)) return document;
    const id = replaced?.id ?? freshWireId(document.wires);
    return { ...document, wires: byId([...kept, { id, from, to }]) };
  };
}

export function removeWires(ids: readonly WireId[]): Edit {
  return document => {
    const gone = new Set(ids);
    const kept = Object.values(document.wires).filter(wire => !gone.has(wire.id));
    if (kept.length === Object.keys(document.wires).length) return document;
    return closeGaps({ ...document, wires: byId(kept) });
  };
}

/** Removes nodes and wires in one go, as the Delete key does. */
export function removeAll(nodes: readonly NodeId[], wires: readonly WireId[]): Edit {
  return inOrder(removeWires(wires), removeNodes(nodes));
}

type Patch<N extends GraphNode> = Partial<Omit<N, 'id' | 'kind'>>;

function update<K extends GraphNode['kind']>(kind: K) {
  return (id: NodeId, patch: Patch<Extract<GraphNode, { kind: K }>>): Edit =>
    document => {
      const node = document.nodes[id];
      if (node === undefined || node.kind !== kind) return document;
      return { ...document, nodes: { ...document.nodes, [id]: { ...node, ...patch } as GraphNode } };
    };
}

export const updateInput: (id: NodeId, patch: Patch<InputNode>) => Edit = update('input');
export const updateModel: (id: NodeId, patch: Patch<ModelNode>) => Edit = update('model');
export const updateLayer: (id: NodeId, patch: Patch<LayerNode>) => Edit = update('layer');
export const updateOutput: (id: NodeId, patch: Patch<OutputNode>) => Edit = update('output');

export function renameNode(id: NodeId, name: string): Edit {
  return document => {
    const node = document.nodes[id];
    const trimmed = name.trim();
    if (node === undefined || trimmed === '' || trimmed === node.name) return document;
    return { ...document, nodes: { ...document.nodes, [id]: { ...node, name: trimmed } } };
  };
}

export function setParam(id: NodeId, param: string, value: Json): Edit {
  return document => {
    const node = document.nodes[id];
    if (node?.kind !== 'layer') return document;
    return updateLayer(id, { config: { ...node.config, [param]: value } })(document);
  };
}

/** Turns a layer node into another type (Add into Concatenate), its wires kept. */
export function changeType(id: NodeId, type: string, config: Config = {}): Edit {
  return document => {
    const node = document.nodes[id];
    if (node?.kind !== 'layer') return document;
    const name = node.name === node.type ? type : node.name;
    return updateLayer(id, { type, config, name })(document);
  };
}

export interface NewLayer {
  readonly type: string;
  readonly config: Config;
}

/** Puts new layers, in order, between the two ends of a wire. */
export function insertOnWire(wire: WireId, layers: readonly NewLayer[]): Edit {
  return document => {
    const old = document.wires[wire];
    const source = old && document.nodes[old.from.node];
    const target = old && document.nodes[old.to.node];
    if (old === undefined || source === undefined || target === undefined || layers.length === 0)
      return document;
    let result = document;
    let from = old.from;
    for (const [index, layer] of layers.entries()) {
      const part = (index + 1) / (layers.length + 1);
      const node = newLayerNode(result, layer, {
        x: Math.round(source.position.x + (target.position.x - source.position.x) * part),
        y: Math.round(source.position.y + (target.position.y - source.position.y) * part),
      });
      result = inOrder(addNode(node), connect(from, { node: node.id, port: 'in0' }))(result);
      from = { node: node.id, port: 'out0' };
    }
    return connect(from, old.to)(result);
  };
}

export function newLayerNode(
  document: ProjectDocument,
  layer: NewLayer,
  position: { readonly x: number; readonly y: number },
): LayerNode {
  const id = freshNodeId(document, layer.type);
  return {
    kind: 'layer',
    id,
    name: layer.type,
    position,
    type: layer.type,
    config: layer.config,
    trainable: true,
  };
}

/** A second use of a model node's layers: one set of weights in two places. */
export function duplicateSharing(id: NodeId): Edit {
  return document => {
    const node = document.nodes[id];
    if (node?.kind !== 'model') return document;
    return addNode({
      ...node,
      id: freshNodeId(document, node.name),
      position: { x: node.position.x + 24, y: node.position.y + 160 },
      sharesWith: node.sharesWith ?? node.id,
    })(document);
  };
}

/**
 * The node, and those that share its weights, refer to another model of the same structure: what is cut, tapped, frozen, tied and
 * wired goes by the names of layers and calls, and stays.
 */
export function changeModel(id: NodeId, model: ModelId): Edit {
  return document => {
    const node = document.nodes[id];
    if (node?.kind !== 'model' || node.model === model) return document;
    const owner = node.sharesWith ?? node.id;
    const uses = Object.values(document.nodes).filter(
      use => use.kind === 'model' && (use.id === owner || use.sharesWith === owner),
    );
    return inOrder(...uses.map(use => updateModel(use.id, { model })))(document);
  };
}

export function setTraining(patch: Partial<TrainingSettings>): Edit {
  return document => ({ ...document, training: { ...document.training, ...patch } });
}

/** Changes the phase of that number, counted from 0. */
export function updatePhase(index: number, patch: Partial<Phase>): Edit {
  return document => {
    const [first, ...rest] = document.training.phases;
    const change = (phase: Phase, at: number) => (at === index ? { ...phase, ...patch } : phase);
    const phases = [change(first, 0), ...rest.map((phase, at) => change(phase, at + 1))] as const;
    return setTraining({ phases })(document);
  };
}

export function setData(data: Partial<DataSettings>): Edit {
  return document => ({ ...document, data: { ...document.data, ...data } });
}

export function renameProject(name: string): Edit {
  return document => (name.trim() === '' ? document : { ...document, name: name.trim() });
}

function samePort(a: PortRef, b: PortRef): boolean {
  return a.node === b.node && a.port === b.port;
}

function byId(wires: readonly Wire[]): Record<WireId, Wire> {
  return Object.fromEntries(wires.map(wire => [wire.id, wire]));
}

/**
 * The branches of a merge of any number are `in0`, `in1`, … without gaps, in the order in which they were. Where their number
 * is fixed each stays in its place: in Subtract the second is what is taken away, also while the first is missing.
 */
function closeGaps(document: ProjectDocument): ProjectDocument {
  const wires = { ...document.wires };
  for (const node of Object.values(document.nodes)) {
    if (node.kind !== 'layer' || lookUpLayer(node.type)?.inputs.max !== null) continue;
    const branches = Object.values(wires)
      .filter(wire => wire.to.node === node.id)
      .sort((a, b) => portIndex(a.to.port) - portIndex(b.to.port));
    for (const [index, wire] of branches.entries()) {
      const port = `in${index}`;
      if (wire.to.port !== port) wires[wire.id] = { ...wire, to: { node: node.id, port } };
    }
  }
  return { ...document, wires };
}

/** 2 for `in2` and `out2`. */
export function portIndex(port: string): number {
  return Number(port.replace(/^\D+/, ''));
}
