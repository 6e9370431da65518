/**
 * Models that begin with the same layers, the same weights and the same data compute their beginning twice. Whoever wants it
 * computes it once: the second model then starts where the first one's part ends, and every prediction stays what it is.
 */
import type { ModelNode, NodeId, PortRef, ProjectDocument } from '../graph/document';
import * as edits from '../graph/edits';
import { parseConfig } from '../layers/config';
import type { LayerLookup } from '../layers/layer-type';
import { type CallMatch, type Canonical, findSharedBase } from '../network/compare';
import { countValues, layersByName, type Network } from '../network/network';
import { sliceNetwork } from '../network/slice';
import type { Resolved, ResolvedModel } from './1-resolve';
import { leadingTo, type OrderPass } from './2-order';
import * as d from './diagnostics';
import type { Diagnostic } from './result';

/** What two model nodes have in common at their beginning, and how it is used once. */
export interface SharedBase {
  /** The node that goes on computing it, and the one that takes it from there. */
  readonly keeper: ModelNode;
  readonly taker: ModelNode;
  /** The common layers with weights, by their names in the keeper, in the order of its calls. */
  readonly layers: readonly string[];
  readonly parameters: number;
  /** What the taker starts after, by the keeper's name and its own; null: all of it is common. */
  readonly cut: CallMatch | null;
  readonly edit: edits.Edit;
}

export function checkBases(
  document: ProjectDocument,
  resolved: ReadonlyMap<NodeId, Resolved>,
  order: OrderPass,
  table: LayerLookup,
): readonly Diagnostic[] {
  return findBases(document, resolved, order, table).map(d.baseShared);
}

/** At most one for each model: with the first on the canvas that it has a base in common with. */
function findBases(
  document: ProjectDocument,
  resolved: ReadonlyMap<NodeId, Resolved>,
  order: OrderPass,
  table: LayerLookup,
): readonly SharedBase[] {
  const models = Object.keys(document.nodes).flatMap(id => {
    const node = resolved.get(id);
    return node?.kind === 'model' && node.node.start === null && order.used.has(id) ? [node] : [];
  });
  const found: SharedBase[] = [];
  for (const [index, second] of models.entries()) {
    for (const first of models.slice(0, index)) {
      const base = findBase(first, second, order, table);
      if (base === null) continue;
      found.push(base);
      break;
    }
  }
  return found;
}

function findBase(
  first: ResolvedModel,
  second: ResolvedModel,
  order: OrderPass,
  table: LayerLookup,
): SharedBase | null {
  // Who stands behind the other can't be what the other takes its beginning from.
  const isBehind = leadingTo([first.node], order).has(second.node.id);
  const [keeper, taker] = isBehind ? [second, first] : [first, second];
  const inputs = inputsFedAlike(keeper, taker, order);
  if (inputs.size === 0) return null;
  const matches = baseOnce(keeper.network, taker.network, inputs, table);
  const usable = usableMatches(matches, keeper, taker);
  return usable.length === 0 ? null : cutAtBase(keeper, taker, usable, order);
}

/** The inputs of the two models that the same port feeds, by name. */
function inputsFedAlike(
  keeper: ResolvedModel,
  taker: ResolvedModel,
  order: OrderPass,
): ReadonlyMap<string, string> {
  const source = (model: ResolvedModel, index: number) => {
    const wires = order.incoming.get(model.node.id) ?? [];
    const from = wires.find(({ to }) => to.port === `in${index}`)?.from;
    return from === undefined ? null : `${from.node} ${from.port}`;
  };
  const alike = new Map<string, string>();
  const taken = new Set<string>();
  for (const [index, input] of keeper.slice.network.inputs.entries()) {
    const from = source(keeper, index);
    const other = taker.slice.network.inputs.find(
      (candidate, at) => from !== null && source(taker, at) === from && !taken.has(candidate.name),
    );
    if (other === undefined) continue;
    alike.set(input.name, other.name);
    taken.add(other.name);
  }
  return alike;
}

/** Comparing weights takes a moment with large models, and each edit compiles anew. */
const known = new WeakMap<Network, WeakMap<Network, Map<string, readonly CallMatch[]>>>();

function baseOnce(
  a: Network,
  b: Network,
  inputs: ReadonlyMap<string, string>,
  table: LayerLookup,
): readonly CallMatch[] {
  const ofA = known.get(a) ?? new WeakMap<Network, Map<string, readonly CallMatch[]>>();
  known.set(a, ofA);
  const ofBoth = ofA.get(b) ?? new Map<string, readonly CallMatch[]>();
  ofA.set(b, ofBoth);
  const key = JSON.stringify([...inputs]);
  const matches = ofBoth.get(key) ?? findSharedBase(a, b, inputs, canonicalBy(table));
  ofBoth.set(key, matches);
  return matches;
}

export function canonicalBy(table: LayerLookup): Canonical {
  return layer => {
    const type = table(layer.type);
    return type === undefined ? layer.config : parseConfig(type, layer.config, table).config;
  };
}

/**
 * Of the common calls those that both nodes use, without the one whose activation the taker leaves out: nobody else
 * computes that.
 */
function usableMatches(
  matches: readonly CallMatch[],
  keeper: ResolvedModel,
  taker: ResolvedModel,
): readonly CallMatch[] {
  const [usedA, usedB] = [keeper, taker].map(
    ({ slice }) => new Set(slice.network.calls.map(call => call.id)),
  );
  return matches.filter(({ a, b }) => usedA?.has(a) && usedB?.has(b) && taker.linearEnd?.call !== b);
}

/**
 * The taker's outputs that are common come from the keeper; the others from what is left of the taker, which starts at the
 * last common call that all of it hangs on. null: there is no such call, or nothing with weights is saved by it.
 */
function cutAtBase(
  keeper: ResolvedModel,
  taker: ResolvedModel,
  matches: readonly CallMatch[],
  order: OrderPass,
): SharedBase | null {
  const toKeeper = new Map(matches.map(match => [match.b, match.a]));
  const ports = portsOf(taker);
  const common = ports.filter(({ call }) => call !== null && toKeeper.has(call));
  const own = ports.filter(port => !common.includes(port));
  // The outputs of a whole model can't be left out one by one.
  if (own.length > 0 && common.some(({ isTap }) => !isTap)) return null;
  const cut = own.length === 0 ? null : lastCut(taker, matches, own);
  if (cut === undefined) return null;
  const ends = cut === null ? common.flatMap(({ call }) => call ?? []) : [cut.b];
  const layers = layersLeadingTo(taker.network, ends);
  const parameters = [...layers].reduce((sum, [, count]) => sum + count, 0);
  if (parameters === 0) return null;
  const kept = matches.filter(({ b }) => layers.has(layerOf(taker.network, b)));
  const sources = new Map<string, string>();
  for (const { port, call } of common) sources.set(port, toKeeper.get(call ?? '') ?? '');
  return {
    keeper: keeper.node,
    taker: taker.node,
    layers: [...new Set(kept.map(({ a }) => layerOf(keeper.network, a)))],
    parameters,
    cut,
    edit: takeFromKeeper(keeper, taker.node, sources, cut, order),
  };
}

interface OutPort {
  readonly port: string;
  /** The call whose first output it gives; null: something else comes out there. */
  readonly call: string | null;
  readonly isTap: boolean;
}

function portsOf({ slice }: ResolvedModel): readonly OutPort[] {
  return slice.network.outputs.map(({ from }, index) => {
    const tap = slice.taps[index] ?? null;
    if (tap !== null) return { port: `tap:${tap}`, call: tap, isTap: true };
    const call = 'call' in from && from.output === 0 ? from.call : null;
    return { port: `out${index}`, call, isTap: false };
  });
}

function lastCut(
  taker: ResolvedModel,
  matches: readonly CallMatch[],
  own: readonly OutPort[],
): CallMatch | undefined {
  const taps = own.flatMap(({ isTap, call }) => (isTap && call !== null ? [call] : []));
  return matches.findLast(({ b }) => {
    const sliced = sliceNetwork(taker.network, { start: b, end: effectiveEnd(taker), taps }, taker.shapes);
    // Anything else that flows in would still have to be computed from the start.
    return 'slice' in sliced && sliced.slice.network.inputs.length === 1;
  });
}

/** As `resolve` reads it: where a whole activation is left out, the call before it. */
function effectiveEnd({ node, linearEnd, slice }: ResolvedModel): string | null {
  if (linearEnd?.kind !== 'whole-call') return node.end;
  const from = slice.network.outputs[0]?.from;
  return from !== undefined && 'call' in from ? from.call : node.end;
}

/** Layer names to how many values they hold, of those with weights that these calls need. */
function layersLeadingTo(network: Network, ends: readonly string[]): ReadonlyMap<string, number> {
  const calls = new Map(network.calls.map(call => [call.id, call]));
  const layers = layersByName(network);
  const needed = new Map<string, number>();
  const seen = new Set<string>();
  const pending = [...ends];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const call = calls.get(id);
    const count = countValues(layers.get(call?.layer ?? '')?.weights ?? {});
    if (call !== undefined && count > 0) needed.set(call.layer, count);
    for (const ref of call?.inputs ?? []) if ('call' in ref) pending.push(ref.call);
  }
  return needed;
}

function layerOf(network: Network, call: string): string {
  return network.calls.find(({ id }) => id === call)?.layer ?? call;
}

function takeFromKeeper(
  keeper: ResolvedModel,
  taker: ModelNode,
  sources: ReadonlyMap<string, string>,
  cut: CallMatch | null,
  order: OrderPass,
): edits.Edit {
  const { node } = keeper;
  const tapped = new Set(node.taps);
  const give = (call: string): PortRef => {
    const own = portsOf(keeper).find(port => port.call === call && !port.isTap);
    if (own !== undefined && keeper.linearEnd === null) return { node: node.id, port: own.port };
    tapped.add(call);
    return { node: node.id, port: `tap:${call}` };
  };
  const rewired = [...order.incoming.values()]
    .flat()
    .filter(wire => wire.from.node === taker.id)
    .flatMap(wire => {
      const call = sources.get(wire.from.port);
      return call === undefined ? [] : [edits.connect(give(call), wire.to)];
    });
  const start = cut === null ? null : give(cut.a);
  const steps = [edits.updateModel(node.id, { taps: [...tapped] }), ...rewired];
  if (cut === null || start === null) return edits.inOrder(...steps, edits.removeNodes([taker.id]));
  const wiresIn = (order.incoming.get(taker.id) ?? []).map(wire => wire.id);
  const taps = taker.taps.filter(tap => !sources.has(`tap:${tap}`));
  return edits.inOrder(
    ...steps,
    edits.removeWires(wiresIn),
    edits.updateModel(taker.id, { start: cut.b, taps }),
    edits.connect(start, { node: taker.id, port: 'in0' }),
  );
}
