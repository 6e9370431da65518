/**
 * Pass 1: what each node stands for. A model node becomes the part of its Network that it uses, a layer node its entry in
 * the layer table with a checked configuration. Nothing is known of wires or shapes yet.
 */
import type {
  GraphNode,
  InputNode,
  LayerNode,
  ModelId,
  ModelNode,
  NodeId,
  OutputNode,
  ProjectDocument,
} from '../graph/document';
import { parseConfig } from '../layers/config';
import { inferShapes } from '../layers/infer';
import type { LayerLookup, LayerType } from '../layers/layer-type';
import { type Config, type Layer, layersByName, type Network } from '../network/network';
import type { Shape } from '../network/shape';
import { type Slice, sliceNetwork } from '../network/slice';
import * as d from './diagnostics';
import type { Diagnostic } from './result';

export type Resolved = ResolvedInput | ResolvedModel | ResolvedLayer | ResolvedOutput;

export interface ResolvedInput {
  readonly kind: 'input';
  readonly node: InputNode;
}

export interface ResolvedModel {
  readonly kind: 'model';
  readonly node: ModelNode;
  /** The whole source model, and the shapes of its tensors by `tensorKey`, as far as they are known. */
  readonly network: Network;
  readonly shapes: ReadonlyMap<string, Shape>;
  /** What the node uses of it. */
  readonly slice: Slice;
  /** The node whose weights these are: itself, or the one that it shares with. */
  readonly owner: NodeId;
  /** The frozen layers of the network, by name. */
  readonly frozen: ReadonlySet<string>;
  /** The layer whose activation is left out, and in what way; null: none is. */
  readonly linearEnd: LinearEnd | null;
}

export type LinearEnd =
  /** The layer's own `activation` becomes linear. */
  | { readonly kind: 'activation'; readonly layer: string; readonly call: string }
  /** The call of an Activation or Softmax layer is passed over. */
  | { readonly kind: 'whole-call'; readonly call: string };

export interface ResolvedLayer {
  readonly kind: 'layer';
  readonly node: LayerNode;
  readonly type: LayerType;
  readonly config: Config;
}

export interface ResolvedOutput {
  readonly kind: 'output';
  readonly node: OutputNode;
}

export interface ResolvePass {
  /** A node that couldn't be resolved is missing here and has its diagnostic. */
  readonly nodes: ReadonlyMap<NodeId, Resolved>;
  readonly diagnostics: readonly Diagnostic[];
}

export function resolve(
  document: ProjectDocument,
  networks: ReadonlyMap<ModelId, Network>,
  table: LayerLookup,
): ResolvePass {
  const nodes = new Map<NodeId, Resolved>();
  const diagnostics: Diagnostic[] = [];
  for (const node of Object.values(document.nodes)) {
    const result = resolveNode(node, document, networks, table);
    if ('resolved' in result) nodes.set(node.id, result.resolved);
    else diagnostics.push(result.diagnostic);
  }
  return { nodes, diagnostics };
}

type Result = { readonly resolved: Resolved } | { readonly diagnostic: Diagnostic };

function resolveNode(
  node: GraphNode,
  document: ProjectDocument,
  networks: ReadonlyMap<ModelId, Network>,
  table: LayerLookup,
): Result {
  switch (node.kind) {
    case 'input':
      return { resolved: { kind: 'input', node } };
    case 'output':
      return { resolved: { kind: 'output', node } };
    case 'layer':
      return resolveLayer(node, table);
    case 'model':
      return resolveModel(node, document, networks, table);
  }
}

function resolveLayer(node: LayerNode, table: LayerLookup): Result {
  const type = table(node.type);
  if (type === undefined) return { diagnostic: d.layerUnknown(node) };
  const { config, problems } = parseConfig(type, node.config, table);
  const [problem] = problems;
  if (problem !== undefined) return { diagnostic: d.paramInvalid(node, problem) };
  return { resolved: { kind: 'layer', node, type, config } };
}

function resolveModel(
  node: ModelNode,
  document: ProjectDocument,
  networks: ReadonlyMap<ModelId, Network>,
  table: LayerLookup,
): Result {
  const network = networks.get(node.model);
  if (network === undefined) return { diagnostic: d.modelMissing(node) };
  const owner = node.sharesWith === null ? node : document.nodes[node.sharesWith];
  if (owner?.kind !== 'model' || owner.model !== node.model || owner.sharesWith !== null) {
    return { diagnostic: d.sharingBroken(node) };
  }
  const { freeze } = node;
  if (owner === node && freeze.kind === 'upTo' && !network.calls.some(({ id }) => id === freeze.call)) {
    return { diagnostic: d.freezeImpossible(node, freeze.call) };
  }
  const { shapes } = inferShapes(network, table);
  const linearEnd = node.linearEnd ? findLinearEnd(node, network) : null;
  const end = linearEnd?.kind === 'whole-call' ? callBefore(network, linearEnd.call) : node.end;
  const sliced = sliceNetwork(network, { start: node.start, end, taps: node.taps }, shapes);
  if ('problem' in sliced) return { diagnostic: d.cutImpossible(node, sliced.problem) };
  const resolved: ResolvedModel = {
    kind: 'model',
    node,
    network,
    shapes,
    slice: sliced.slice,
    owner: owner.id,
    frozen: frozenLayers(owner, network),
    linearEnd,
  };
  return { resolved };
}

function frozenLayers(owner: ModelNode, network: Network): ReadonlySet<string> {
  const names = (list: readonly Layer[]) => new Set(list.map(layer => layer.name));
  switch (owner.freeze.kind) {
    case 'all':
      return names(network.layers);
    case 'none':
      return new Set();
    case 'asSaved':
      return names(network.layers.filter(layer => !layer.trainable));
    case 'upTo': {
      const { call } = owner.freeze;
      const last = network.calls.findIndex(candidate => candidate.id === call);
      return new Set(network.calls.slice(0, last + 1).map(candidate => candidate.layer));
    }
  }
}

/** The call whose output is the node's first output; null if the model has several outputs or gives its input back. */
function lastCall(node: Pick<ModelNode, 'end'>, network: Network): string | null {
  if (node.end !== null) return node.end;
  const [output, ...others] = network.outputs;
  return output !== undefined && others.length === 0 && 'call' in output.from ? output.from.call : null;
}

/** The activation that ends a model node: `softmax`, `linear`, …; null where that can't be said or it can't be left out. */
export function endActivation(node: Pick<ModelNode, 'end'>, network: Network): string | null {
  const call = lastCall(node, network);
  const layer = layerOfCall(network, call);
  if (call === null || layer === null) return null;
  // A model that is nothing but an activation has no other end to fall back on.
  if (isWholeActivation(layer) && callBefore(network, call) === null) return null;
  return layerActivation(layer);
}

function isWholeActivation({ type }: Layer): boolean {
  return type === 'Activation' || type === 'Softmax';
}

/** Their `activation` acts inside, at every step, not on what comes out. */
const ACTIVE_WITHIN = new Set(['SimpleRNN', 'LSTM', 'GRU', 'ConvLSTM2D']);

/** The activation that a layer ends with; null where it has none to speak of. */
export function layerActivation(layer: Pick<Layer, 'type' | 'config'>): string | null {
  if (layer.type === 'Softmax') return 'softmax';
  if (ACTIVE_WITHIN.has(layer.type)) return null;
  return typeof layer.config.activation === 'string' ? layer.config.activation : null;
}

function layerOfCall(network: Network, id: string | null): Layer | null {
  const call = network.calls.find(candidate => candidate.id === id);
  return (call && layersByName(network).get(call.layer)) ?? null;
}

function findLinearEnd(node: ModelNode, network: Network): LinearEnd | null {
  const call = lastCall(node, network);
  const layer = layerOfCall(network, call);
  if (call === null || layer === null) return null;
  const activation = layerActivation(layer);
  if (activation === null || activation === 'linear') return null;
  if (isWholeActivation(layer)) {
    return callBefore(network, call) === null ? null : { kind: 'whole-call', call };
  }
  return { kind: 'activation', layer: layer.name, call };
}

function callBefore(network: Network, id: string): string | null {
  const from = network.calls.find(call => call.id === id)?.inputs[0];
  return from !== undefined && 'call' in from ? from.call : null;
}
