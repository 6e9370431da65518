/**
 * Which layers of the models are one set of weights because they are tied, what those weights are at the start, and which
 * ties can't be. Lowering asks it for each layer of a model; it knows nothing of wires or shapes of data.
 */
import type { NodeId, ProjectDocument, Tie, TiedLayer } from '../graph/document';
import type { LayerLookup } from '../layers/layer-type';
import { areAlike, type Canonical } from '../network/compare';
import type { Layer, Weight, Weights } from '../network/network';
import type { Resolved, ResolvedModel } from './1-resolve';
import type { OrderPass } from './2-order';
import { canonicalBy } from './base-checks';
import * as d from './diagnostics';
import { countLayerParameters, type ParameterCounts } from './infer-model';
import type { Diagnostic } from './result';

export interface TiePass {
  readonly ties: Ties;
  /** What the nodes count more than once, since each counts its own layers. */
  readonly countedTwice: ParameterCounts;
  readonly diagnostics: readonly Diagnostic[];
}

export interface Ties {
  /** Names a set of weights: the same for layers that are tied. `owner`: the node whose weights they are. */
  keyOf(owner: NodeId, layer: string): string;
  /** What stands for all layers of that key; null: it is a layer of its own. */
  commonLayer(key: string): CommonLayer | null;
}

export interface CommonLayer {
  /** Its name and its settings are the first one's. Its weights are those that training starts from. */
  readonly layer: Layer;
  /** The first of the tied ones: what the common layer is called after. */
  readonly first: TiedLayer;
  /** Frozen in one and training in the other, it trains: that it is fine-tuned for both is what a tie is for. */
  readonly trainable: boolean;
}

interface Member extends TiedLayer {
  readonly model: ResolvedModel;
  readonly found: Layer;
}

export function resolveTies(
  document: ProjectDocument,
  resolved: ReadonlyMap<NodeId, Resolved>,
  order: OrderPass,
  table: LayerLookup,
): TiePass {
  const canonical = canonicalBy(table);
  const keys = new Map<string, string>();
  const common = new Map<string, CommonLayer>();
  const problems: TieProblem[] = [];
  let [parameters, trainableParameters] = [0, 0];
  for (const tie of document.ties) {
    const members = membersOf(tie, document, resolved, keys, problems);
    const [first, ...others] = members;
    if (first === undefined) continue;
    const alike = [first, ...others.filter(other => isTieable(first, other, canonical, problems))];
    const used = alike.filter(member => isUsed(member, resolved, order, problems));
    const [leader] = used;
    if (leader === undefined || used.length < 2) continue;
    const key = weightsKey(leader.node, leader.layer);
    for (const { node, layer } of used) keys.set(weightsKey(node, layer), key);
    const frozen = used.filter(({ model, layer }) => model.frozen.has(layer));
    if (frozen.length > 0 && frozen.length < used.length) {
      const training = used.find(member => !frozen.includes(member));
      for (const member of frozen) if (training !== undefined) problems.push(freezeDiffers(member, training));
    }
    for (const { model, found } of used.slice(1)) {
      const counts = countLayerParameters(model, found, table);
      parameters += counts.parameters;
      trainableParameters += counts.trainableParameters;
    }
    common.set(key, {
      layer: { ...leader.found, weights: startWeights(tie, alike, used) },
      first: { node: leader.node, layer: leader.layer },
      trainable: frozen.length < used.length,
    });
  }
  return {
    ties: {
      keyOf: (owner, layer) => keys.get(weightsKey(owner, layer)) ?? weightsKey(owner, layer),
      commonLayer: key => common.get(key) ?? null,
    },
    countedTwice: { parameters, trainableParameters },
    diagnostics: d.tieProblems(document, problems),
  };
}

function weightsKey(owner: NodeId, layer: string): string {
  return `${owner} ${layer}`;
}

/** What stands in the way of a tie or is to be known of it. Those of one kind between two models are reported as one. */
export interface TieProblem {
  readonly kind: 'impossible' | 'cut-away' | 'freeze-differs';
  readonly layer: TiedLayer;
  /** The other end; null: it is about this layer alone. */
  readonly other: TiedLayer | null;
  /** For `impossible`: why, in one sentence. */
  readonly reason: string;
}

/** The tied layers that there are. One whose node has its own problem is passed over in silence. */
function membersOf(
  tie: Tie,
  document: ProjectDocument,
  resolved: ReadonlyMap<NodeId, Resolved>,
  taken: ReadonlyMap<string, string>,
  problems: TieProblem[],
): readonly Member[] {
  const members: Member[] = [];
  for (const tied of tie.layers) {
    const impossible = (reason: string) =>
      problems.push({ kind: 'impossible', layer: tied, other: null, reason });
    const node = document.nodes[tied.node];
    const model = resolved.get(tied.node);
    if (node?.kind !== 'model' || node.sharesWith !== null) {
      impossible('It has no weights of its own.');
      continue;
    }
    if (model?.kind !== 'model') continue;
    const found = model.network.layers.find(({ name }) => name === tied.layer);
    const twice = members.some(member => member.node === tied.node);
    if (found === undefined) impossible('Its model has no such layer.');
    else if (twice || taken.has(weightsKey(tied.node, tied.layer))) impossible('It is tied twice.');
    else members.push({ ...tied, model, found });
  }
  return members;
}

function isTieable(first: Member, other: Member, canonical: Canonical, problems: TieProblem[]): boolean {
  if (areAlike(first.found, other.found, canonical)) return true;
  problems.push({
    kind: 'impossible',
    layer: pick(other),
    other: pick(first),
    reason: whyUnlike(first.found, other.found),
  });
  return false;
}

function whyUnlike(a: Layer, b: Layer): string {
  if (a.type !== b.type) return `One is a ${a.type}, the other a ${b.type}.`;
  const shapes = ({ weights }: Layer) =>
    Object.values(weights)
      .map(({ shape }) => shape.join(' × '))
      .join(', ');
  const [left, right] = [shapes(a), shapes(b)];
  return left === right
    ? 'Their settings differ.'
    : `Their weights have different shapes (${left} and ${right}).`;
}

/** Whether any node that leads to an output uses the layer. A node that doesn't has its own hint. */
function isUsed(
  { node, layer }: Member,
  resolved: ReadonlyMap<NodeId, Resolved>,
  order: OrderPass,
  problems: TieProblem[],
): boolean {
  const users = [...resolved.values()].filter(
    other => other.kind === 'model' && other.owner === node && order.used.has(other.node.id),
  );
  const isIn = users.some(
    user => user.kind === 'model' && user.slice.network.layers.some(({ name }) => name === layer),
  );
  if (!isIn && users.length > 0)
    problems.push({ kind: 'cut-away', layer: { node, layer }, other: null, reason: '' });
  return isIn;
}

function freezeDiffers(frozen: Member, training: Member): TieProblem {
  return { kind: 'freeze-differs', layer: pick(frozen), other: pick(training), reason: '' };
}

function pick({ node, layer }: Member): TiedLayer {
  return { node, layer };
}

function startWeights({ start }: Tie, all: readonly Member[], used: readonly Member[]): Weights {
  const from = start.kind === 'of' ? all.find(({ node }) => node === start.node) : undefined;
  if (from !== undefined) return from.found.weights;
  const [first] = used;
  const roles = Object.entries(first?.found.weights ?? {});
  return Object.fromEntries(
    roles.map(([role, weight]) => [
      role,
      averageOf([weight, ...used.slice(1).flatMap(({ found }) => found.weights[role] ?? [])]),
    ]),
  );
}

/** The same arrays are averaged once: each edit compiles anew, and what was computed from the values is known by them. */
const averages = new WeakMap<Weight['values'], { of: readonly Weight['values'][]; average: Weight }[]>();

/** Value by value. Whole numbers (a seed, a counter) can't be averaged: the first one's stand. */
function averageOf(weights: readonly [Weight, ...Weight[]]): Weight {
  const [first] = weights;
  if (!(first.values instanceof Float32Array)) return first;
  const all = weights.map(({ values }) => values);
  const known = averages.get(first.values) ?? [];
  const found = known.find(
    ({ of }) => of.length === all.length && of.every((values, i) => values === all[i]),
  );
  if (found !== undefined) return found.average;
  const values = first.values.map(
    (_, i) => all.reduce((sum, each) => sum + (each[i] as number), 0) / all.length,
  );
  const average = { ...first, values };
  averages.set(first.values, [...known, { of: all, average }]);
  return average;
}
