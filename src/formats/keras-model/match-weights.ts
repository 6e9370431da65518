/**
 * Which weight of a file belongs to which layer. Names are tried first, in all the forms in which Keras and TensorFlow.js
 * wrote them, then the order; every assignment is checked against the shapes that the layer table demands.
 */
import type { WeightSpec } from '../../layers/layer-type';
import type { Weight, Weights } from '../../network/network';
import { shapesEqual, sizeOf } from '../../network/shape';
import { listNames, type Notes, shorten } from '../notes';
import { Refusal } from '../refusal';
import type { FlatLayer } from './flatten';
import { matchKeras3Paths } from './keras3-paths';
import type { NamedWeight } from './named-weight';
import type { ModelTree } from './topology';

/** How a file arranges its weights. */
export type WeightSource =
  | { readonly kind: 'list'; readonly weights: readonly NamedWeight[] }
  /** One for each layer of the model itself, as Keras 2 writes HDF5; a nested model is one layer. */
  | {
      readonly kind: 'groups';
      readonly groups: readonly WeightGroup[];
      /** Which program Keras ran on; null: the file doesn’t say. */
      readonly backend: string | null;
    };

export interface WeightGroup {
  readonly layer: string;
  /** In Keras' order: those that train first. */
  readonly weights: readonly NamedWeight[];
}

export function isEmpty(source: WeightSource): boolean {
  return source.kind === 'list'
    ? source.weights.length === 0
    : source.groups.every(group => group.weights.length === 0);
}

/** A layer that wants weights. */
export interface Taker {
  readonly layer: FlatLayer;
  /** null for a placeholder: it takes whatever bears its name. */
  readonly specs: readonly TakerSpec[] | null;
}

export interface TakerSpec extends Pick<WeightSpec, 'role' | 'trainable'> {
  /** null: not known, because the layer or one before it isn't understood. Then a missing weight is no mistake. */
  readonly shape: readonly number[] | null;
}

export interface Slots {
  readonly taker: Taker;
  /** By role, in the table's order; undefined until found. */
  readonly found: Map<string, Weight | undefined>;
}

const WAY_OUT =
  'Check that model.json and its weight files come from the same export, and export them again.';

export function matchWeights(
  takers: readonly Taker[],
  source: WeightSource,
  tree: ModelTree,
  notes: Notes,
): ReadonlyMap<FlatLayer, Weights> {
  const slots = takers
    .filter(({ specs }) => specs === null || specs.length > 0)
    .map((taker): Slots => ({ taker, found: new Map(taker.specs?.map(({ role }) => [role, undefined])) }));
  const unused =
    source.kind === 'list'
      ? placeList(slots, source.weights, tree, notes)
      : placeGroups(slots, source.groups, notes);
  refuseGaps(slots, unused);
  if (source.kind === 'groups' && source.backend === 'theano') flipKernels(slots, notes);
  if (unused.length > 0) {
    notes.add('left-out', 'unused weights', 'x', () => {
      return `${unused.length} weight${unused.length > 1 ? 's' : ''} that belong${unused.length > 1 ? '' : 's'} to no layer: ${listNames(unused.map(({ name }) => name))}.`;
    });
  }
  return new Map(slots.map(({ taker, found }) => [taker.layer, complete(found)]));
}

const CONVOLUTIONS = /^(Conv[123]D|Conv[23]DTranspose|ConvLSTM2D|SeparableConv[12]D|DepthwiseConv2D)$/;

/** Theano convolved where TensorFlow correlates: its kernels run the other way along each axis of the picture. */
function flipKernels(slots: readonly Slots[], notes: Notes): void {
  for (const { taker, found } of slots) {
    if (!CONVOLUTIONS.test(taker.layer.type)) continue;
    for (const [role, weight] of found) {
      if (weight === undefined || weight.shape.length < 3 || !(weight.values instanceof Float32Array))
        continue;
      const channels = weight.shape.slice(-2).reduce((product, size) => product * size, 1);
      const places = weight.values.length / channels;
      const values = new Float32Array(weight.values.length);
      for (let place = 0; place < places; place++) {
        const from = (places - 1 - place) * channels;
        values.set(weight.values.subarray(from, from + channels), place * channels);
      }
      found.set(role, { ...weight, values });
      notes.add('repair', 'theano', taker.layer.fileName, layers => {
        return `The kernels of ${listNames(layers)} were turned around, since Keras ran on Theano.`;
      });
    }
  }
}

function placeList(
  slots: readonly Slots[],
  weights: readonly NamedWeight[],
  tree: ModelTree,
  notes: Notes,
): readonly NamedWeight[] {
  const isPaths = weights.some(({ name }) => /(^|[/\\])vars[/\\]\d+$/.test(name));
  const left = isPaths ? placeByPath(slots, weights, tree, notes) : placeByName(slots, weights, notes);
  return placeByOrder(slots, left, [gaps => gaps, trainableFirst], notes);
}

/** Groups belong to layers by name, or all of them by rank, as Keras itself takes them; within one as in a list. */
function placeGroups(
  slots: readonly Slots[],
  all: readonly WeightGroup[],
  notes: Notes,
): readonly NamedWeight[] {
  const groups = all.filter(group => group.weights.length > 0);
  const byLayer = new Map<string, Slots[]>();
  for (const slot of slots) {
    const { path, fileName } = slot.taker.layer;
    const layer = path[1] ?? fileName;
    byLayer.set(layer, [...(byLayer.get(layer) ?? []), slot]);
  }
  const isNamed = groups.every(group => byLayer.has(group.layer));
  const isRanked = !isNamed && byLayer.size === groups.length;
  if (isRanked) {
    notes.add('repair', 'ranks', 'x', () => {
      return 'The file’s weights carry other names of layers: they were matched by order, as Keras does.';
    });
  }
  const ranked = [...byLayer.values()];
  return groups.flatMap((group, i) => {
    const own = (isRanked ? ranked[i] : byLayer.get(group.layer)) ?? [];
    const names = new Set(group.weights.map(({ name }) => name));
    // Equal names within a group tell nothing apart.
    const left = names.size < group.weights.length ? group.weights : placeByName(own, group.weights, notes);
    return placeByOrder(own, left, [trainableFirst, gaps => gaps], notes);
  });
}

function complete(found: ReadonlyMap<string, Weight | undefined>): Weights {
  return Object.fromEntries(
    [...found].flatMap(([role, weight]) => (weight === undefined ? [] : [[role, weight]])),
  );
}

interface Candidate {
  readonly slots: Slots;
  /** The segments before the layer's name. */
  readonly before: readonly string[];
  /** What stands behind the layer's name: `forward_lstm/lstm_cell/kernel`. */
  readonly rest: string;
  readonly score: number;
}

function placeByName(slots: readonly Slots[], weights: readonly NamedWeight[], notes: Notes): NamedWeight[] {
  const byFileName = new Map<string, Slots[]>();
  for (const slot of slots) {
    const { fileName } = slot.taker.layer;
    const list = byFileName.get(fileName);
    if (list === undefined) byFileName.set(fileName, [slot]);
    else list.push(slot);
  }
  // TensorFlow.js lists trainable weights first: of equal names, the first belong to layers that train.
  for (const list of byFileName.values()) {
    list.sort((a, b) => Number(b.taker.layer.trainable) - Number(a.taker.layer.trainable));
  }
  return weights.filter(named => {
    const name = named.name.replace(/:\d+$/, '');
    const candidates = findCandidates(name, byFileName);
    const best = Math.max(...candidates.map(({ score }) => score));
    const taker = candidates
      .filter(({ score }) => score === best)
      .find(candidate => fillByRole(candidate, named));
    if (taker === undefined) return true;
    if (taker.before.length > 0 && taker.before[0] === taker.slots.taker.layer.path[0]) {
      notes.add('form', 'prefixes', 'x', () => {
        return 'Names of weights start with the model’s name, as Keras 3 writes them; they were matched without it.';
      });
    }
    return false;
  });
}

/** All layers whose name occurs in the weight's name, with how well the names before it fit the models around the layer. */
function findCandidates(name: string, byFileName: ReadonlyMap<string, readonly Slots[]>): Candidate[] {
  const segments = name.split('/');
  const candidates: Candidate[] = [];
  // Real names have up to seven segments; a hostile one may have thousands.
  const last = Math.min(segments.length - 1, 12);
  for (let start = 0; start < last; start++) {
    for (let end = start + 1; end <= last; end++) {
      for (const slots of byFileName.get(segments.slice(start, end).join('/')) ?? []) {
        const before = segments.slice(0, start);
        const { path } = slots.taker.layer;
        let common = 0;
        while (
          common < Math.min(before.length, path.length) &&
          before.at(-1 - common) === path.at(-1 - common)
        )
          common++;
        const fits = common === Math.min(before.length, path.length);
        candidates.push({
          slots,
          before,
          rest: segments.slice(end).join('/'),
          score: common * 2 + (fits ? 1 : 0),
        });
      }
    }
  }
  return candidates;
}

function fillByRole({ slots, rest }: Candidate, { weight }: NamedWeight): boolean {
  const { found, taker } = slots;
  if (taker.specs === null) {
    if (found.has(rest)) return false;
    found.set(rest, weight);
    return true;
  }
  const wanted = plainRole(rest);
  const free = taker.specs.filter(({ role }) => found.get(role) === undefined);
  const exact = free.find(({ role }) => role === wanted || role.replace(/^layer\//, '') === wanted);
  const ending = wanted.split('/').at(-1);
  // A wrapper's weight may carry the inner layer's name: `time_distributed/dense/kernel`.
  const spec =
    exact ??
    free.find(({ role, shape }) => role.split('/').at(-1) === ending && fits(shape, weight.shape)) ??
    free.find(({ role }) => role === onlyRoleEndingIn(ending, taker.specs ?? []));
  if (spec === undefined || !fits(spec.shape, weight.shape)) return false;
  found.set(spec.role, weight);
  return true;
}

/** Keras 3 calls the `depthwise_kernel` of DepthwiseConv2D just `kernel`. */
function onlyRoleEndingIn(ending: string | undefined, specs: readonly TakerSpec[]): string | null {
  const [first, ...others] = specs.filter(({ role }) => `_${role.split('/').at(-1)}`.endsWith(`_${ending}`));
  return others.length === 0 && first !== undefined ? first.role : null;
}

function fits(wanted: readonly number[] | null, given: readonly number[] | undefined): boolean {
  return given !== undefined && (wanted === null || shapesEqual(wanted, given));
}

/** `forward_lstm_1/lstm_cell_2/kernel` is `forward/kernel` in the table. */
function plainRole(rest: string): string {
  return rest
    .split('/')
    .filter((segment, i, all) => i === all.length - 1 || !/(^|_)cell(_\d+)?$/.test(segment))
    .map((segment, i, all) =>
      i === all.length - 1 ? segment : segment.replace(/^(forward|backward)_.*$/, '$1'),
    )
    .join('/');
}

function placeByPath(
  slots: readonly Slots[],
  weights: readonly NamedWeight[],
  tree: ModelTree,
  notes: Notes,
): NamedWeight[] {
  notes.add('form', 'vars', 'x', () => {
    return 'Weights are named by their place in a Keras 3 file (layers/dense/vars/0); they were matched by class and rank.';
  });
  const byOrigin = new Map(
    slots.flatMap(slot =>
      slot.taker.layer.origin === null ? [] : [[slot.taker.layer.origin, slot] as const],
    ),
  );
  const { byLayer, rest } = matchKeras3Paths(tree, weights, layer => byOrigin.has(layer));
  const unplaced = rest.filter(({ name }) => {
    if (!/^_?optimizer[/\\]/.test(name)) return true;
    notes.add('left-out', 'optimizer', name, () => 'The state of the optimizer is left out.');
    return false;
  });
  for (const [layer, own] of byLayer) {
    const slot = byOrigin.get(layer);
    const specs = slot?.taker.specs ?? own.map((_, i) => ({ role: `vars/${i}`, shape: null }));
    if (slot === undefined || !specs.every(({ shape }, i) => fits(shape, own[i]?.weight.shape))) {
      unplaced.push(...own);
      continue;
    }
    for (const [i, { role }] of specs.entries()) slot.found.set(role, own[i]?.weight);
    unplaced.push(...own.slice(specs.length));
  }
  return unplaced;
}

interface Gap {
  readonly slot: Slots;
  readonly spec: TakerSpec;
}

/** The order of Keras' `trainable_weights + non_trainable_weights`. */
function trainableFirst(gaps: readonly Gap[]): readonly Gap[] {
  const trains = ({ slot, spec }: Gap) => slot.taker.layer.trainable && spec.trainable;
  return [...gaps.filter(trains), ...gaps.filter(gap => !trains(gap))];
}

/** What no name told apart is taken in the order of the file, if it fits without a gap. */
function placeByOrder(
  slots: readonly Slots[],
  left: readonly NamedWeight[],
  orders: readonly ((gaps: readonly Gap[]) => readonly Gap[])[],
  notes: Notes,
): readonly NamedWeight[] {
  const open = slots.filter(({ found }) => [...found.values()].includes(undefined));
  if (open.length === 0 || left.length === 0) return left;
  const gaps = open.flatMap(slot =>
    (slot.taker.specs ?? [])
      .filter(({ role, shape }) => shape !== null && slot.found.get(role) === undefined)
      .map((spec): Gap => ({ slot, spec })),
  );
  for (const order of orders.map(arrange => arrange(gaps))) {
    const isMatch =
      order.length === left.length && order.every(({ spec }, i) => fits(spec.shape, left[i]?.weight.shape));
    if (!isMatch) continue;
    for (const [i, { slot, spec }] of order.entries()) slot.found.set(spec.role, left[i]?.weight);
    notes.add('repair', 'by order', 'x', () => {
      return `${left.length} weight${left.length > 1 ? 's were' : ' was'} matched by order, since the names don’t match: ${listNames(left.map(({ name }) => name))}.`;
    });
    return [];
  }
  return left;
}

function refuseGaps(slots: readonly Slots[], unused: readonly NamedWeight[]): void {
  for (const { taker, found } of slots) {
    const { layer, specs } = taker;
    const gap = specs?.find(({ role, shape }) => shape !== null && found.get(role) === undefined);
    if (gap === undefined || gap.shape === null) continue;
    const namesake = unused.find(({ name }) => {
      const segments = name.replace(/:\d+$/, '').split('/');
      return name.includes(layer.fileName) && segments.at(-1) === gap.role.split('/').at(-1);
    });
    const wanted = `[${gap.shape.join(', ')}]`;
    throw new Refusal(
      namesake === undefined
        ? `The weight ‘${gap.role}’ ${wanted} of the layer '${shorten(layer.fileName)}' isn’t in the weight files.`
        : `The weight ‘${gap.role}’ of the layer '${shorten(layer.fileName)}' has to have the shape ${wanted} and has [${namesake.weight.shape.join(', ')}] (${sizeOf(namesake.weight.shape).toLocaleString('en')} values).`,
      WAY_OUT,
    );
  }
}
