/**
 * Where in the joined network to look before training: what enters models and merges, what leaves models, and where models
 * say by their own statistics what they were trained on. Pure; the trainer looks.
 */
import type { CompileResult } from '../compiler/result';
import type { GraphNode, ModelNode, NodeId, ProjectDocument, Wire, WireId } from '../graph/document';
import { portIndex } from '../graph/edits';
import { lookUpLayer } from '../layers/table';
import { type Layer, layersByName, type Network, type TensorRef, tensorKey } from '../network/network';
import { sizeOfRow } from '../network/shape';
import { sliceNetwork } from '../network/slice';
import { isMerge } from './node-words';

export interface ProbePlan {
  /** The joined network up to the points; its outputs are the points. */
  readonly network: Network;
  readonly joints: readonly Joint[];
  readonly merges: readonly MergePoint[];
  readonly pairs: readonly PointPair[];
  readonly statistics: readonly KnownStatistics[];
  /** Values in one row of all points together, as far as their sizes are known. */
  readonly valuesPerRow: number;
}

/** A wire that is looked at. */
export interface Joint {
  readonly wire: Wire;
  readonly source: GraphNode;
  readonly target: GraphNode;
  /** The output of the probed network that flows on it. */
  readonly point: number;
}

/** A merge and the joints that flow into it, in their order. */
export interface MergePoint {
  readonly node: NodeId;
  readonly type: string;
  readonly branches: readonly Joint[];
}

export interface PointPair {
  /** The merge that both flow into; null: two points that a person chose. */
  readonly merge: NodeId | null;
  readonly a: Joint;
  readonly b: Joint;
}

/** A layer of a model that keeps the statistics of what flowed into it while the model was trained. */
export interface KnownStatistics {
  /** The joint where data enters the model. */
  readonly joint: Joint;
  readonly model: ModelNode;
  readonly layer: Layer;
  readonly point: number;
  /** Nothing but layers that leave values as they are stands before it. */
  readonly atEntrance: boolean;
}

/** More branches than this aren't compared each with each. */
const MOST_BRANCHES = 4;

/** `chosen`: two wires to compare besides the branches of each merge. */
export function planProbe(
  document: ProjectDocument,
  compiled: CompileResult,
  start: Network,
  networks: ReadonlyMap<string, Network>,
  chosen: readonly [WireId, WireId] | null,
): ProbePlan {
  const points = collectPoints();
  const joints = Object.values(document.wires).flatMap((wire): Joint[] => {
    const ref = compiled.flows.get(wire.id);
    const [source, target] = [document.nodes[wire.from.node], document.nodes[wire.to.node]];
    if (ref === undefined || source === undefined || target === undefined) return [];
    const isWanted = isJoint(source, target) || (chosen?.includes(wire.id) ?? false);
    return isWanted ? [{ wire, source, target, point: points.add(ref) }] : [];
  });
  const merges = Object.values(document.nodes).flatMap((node): MergePoint[] => {
    if (node.kind !== 'layer' || !isMergeNode(node)) return [];
    const branches = joints
      .filter(({ target }) => target.id === node.id)
      .sort((a, b) => portIndex(a.wire.to.port) - portIndex(b.wire.to.port));
    return branches.length < 2 ? [] : [{ node: node.id, type: node.type, branches }];
  });
  const pairs = merges.flatMap(({ node, branches }) => pairsOf(node, branches));
  const ends = (chosen ?? []).flatMap(id => joints.find(({ wire }) => wire.id === id) ?? []);
  const [a, b] = ends;
  if (a !== undefined && b !== undefined && a !== b) pairs.push({ merge: null, a, b });
  const statistics = joints.flatMap(joint => findStatistics(joint, compiled, networks, points));
  const outputs = points.refs.map((from, index) => ({ name: `point_${index}`, from }));
  const sliced = sliceNetwork({ ...start, outputs }, { start: null, end: null, taps: [] }, new Map());
  if ('problem' in sliced) throw new Error(`Slicing at the points failed: ${sliced.problem.kind}`);
  const sizes = joints.map(({ wire }) => sizeOfRow(compiled.wires.get(wire.id)?.shape ?? []) ?? 0);
  return {
    network: sliced.slice.network,
    joints,
    merges,
    pairs,
    statistics,
    valuesPerRow: sizes.reduce((sum, size) => sum + size, 0),
  };
}

function collectPoints() {
  const refs: TensorRef[] = [];
  const known = new Map<string, number>();
  return {
    refs,
    /** The same tensor is one point, however many wires it flows on. */
    add(ref: TensorRef): number {
      const key = tensorKey(ref);
      const point = known.get(key) ?? refs.push(ref) - 1;
      known.set(key, point);
      return point;
    },
  };
}

function isJoint(source: GraphNode, target: GraphNode): boolean {
  return target.kind === 'model' || source.kind === 'model' || isMergeNode(target);
}

export function isMergeNode(node: GraphNode): boolean {
  const type = node.kind === 'layer' ? lookUpLayer(node.type) : undefined;
  return type !== undefined && isMerge(type);
}

function pairsOf(merge: NodeId, branches: readonly Joint[]): PointPair[] {
  return branches
    .slice(0, MOST_BRANCHES)
    .flatMap((a, index) =>
      branches.slice(index + 1, MOST_BRANCHES).flatMap(b => (a.point === b.point ? [] : [{ merge, a, b }])),
    );
}

/** Layers that leave each value as it is, or add zeros around. */
const CARRIERS = new Set(['Identity', 'InputLayer', 'Dropout']);

function carries(layer: Layer): boolean {
  return CARRIERS.has(layer.type) || lookUpLayer(layer.type)?.category === 'Reshape';
}

const KEEPS_STATISTICS = new Set(['BatchNormalization', 'Normalization']);

/** The first layer with statistics that only this entrance leads to. */
function findStatistics(
  joint: Joint,
  compiled: CompileResult,
  networks: ReadonlyMap<string, Network>,
  points: ReturnType<typeof collectPoints>,
): readonly KnownStatistics[] {
  const model = joint.target;
  const network = model.kind === 'model' ? networks.get(model.model) : undefined;
  const became = compiled.inner.get(model.id);
  const flow = compiled.flows.get(joint.wire.id);
  if (model.kind !== 'model' || network === undefined || became === undefined || flow === undefined)
    return [];
  const layers = layersByName(network);
  const entrance = entranceOf(model, network, portIndex(joint.wire.to.port));
  if (entrance === null) return [];
  /** Model tensors that this entrance alone leads to, with whether their values are still those that came in. */
  const reached = new Map([[tensorKey(entrance), true]]);
  for (const call of network.calls) {
    const layer = layers.get(call.layer);
    const before = call.inputs.map(ref => reached.get(tensorKey(ref)));
    const [first] = call.inputs;
    if (layer === undefined || first === undefined || !became.has(call.id)) continue;
    if (!before.every(state => state !== undefined)) continue;
    const isFresh = before.every(state => state === true);
    if (KEEPS_STATISTICS.has(layer.type)) {
      const ref = 'input' in first || first.call === model.start ? flow : became.get(first.call);
      return ref === undefined ? [] : [{ joint, model, layer, point: points.add(ref), atEntrance: isFresh }];
    }
    reached.set(tensorKey({ call: call.id, output: 0 }), isFresh && carries(layer));
  }
  return [];
}

/** The tensor of the model that the port `in<index>` feeds. */
export function entranceOf(model: ModelNode, network: Network, index: number): TensorRef | null {
  if (model.start !== null && index === 0) return { call: model.start, output: 0 };
  // A part that begins at the start may need further inputs, which come after it.
  const input = network.inputs[model.start === null ? index : index - 1];
  return input === undefined ? null : { input: input.name };
}

/** The Rescaling that what comes in meets first; null: something else. */
export function firstRescaling(model: ModelNode, network: Network, index: number): Layer | null {
  const layers = layersByName(network);
  let at = entranceOf(model, network, index);
  for (const call of network.calls) {
    const layer = layers.get(call.layer);
    const [first] = call.inputs;
    if (at === null || first === undefined || layer === undefined) continue;
    if (tensorKey(first) !== tensorKey(at)) continue;
    if (layer.type === 'Rescaling') return layer;
    if (!carries(layer)) return null;
    at = { call: call.id, output: 0 };
  }
  return null;
}
