/**
 * Which weight of a file belongs to which layer: by its name or its place in the file, then by order where Keras goes by it. Every
 * assignment is checked against the shapes that the layer table demands.
 */
import type { Weight, Weights } from '../../network/network';
import { sizeOf } from '../../network/shape';
import { listNames, type Notes, shorten } from '../notes';
import { Refusal } from '../refusal';
import { allowCudnnShapes, convertCudnnWeights } from './cudnn-layers';
import type { FlatLayer } from './flatten';
import { matchKeras3Paths, type PlacedWeight } from './keras3-paths';
import { pathOfRole } from './layer-parts';
import { placeByName } from './match-by-name';
import { placeByOrder, placeByShape, trainableFirst } from './match-by-order';
import type { NamedWeight, WeightGroup, WeightSource } from './named-weight';
import { restoreQuantised } from './quantised-weights';
import { fits, type Slots, type Taker } from './slots';
import { flipKernels } from './theano-kernels';
import type { ModelTree } from './topology';

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
    .map(allowCudnnShapes)
    .map(
      (taker): Slots => ({
        taker,
        found: new Map(taker.specs?.map(({ role }) => [role, undefined])),
        misfits: new Map(),
      }),
    );
  const left =
    source.kind === 'list'
      ? placeList(slots, source.weights, tree, notes)
      : placeGroups(slots, source.groups, notes);
  const unused = restoreQuantised(slots, source, left, notes);
  refuseGaps(slots, unused);
  if (source.kind === 'groups' && source.backend === 'theano') flipKernels(slots, notes);
  convertCudnnWeights(slots, notes);
  if (unused.length > 0) {
    notes.add('left-out', 'unused weights', 'x', () => {
      return `${unused.length} weight${unused.length > 1 ? 's' : ''} that belong${unused.length > 1 ? '' : 's'} to no layer: ${listNames(unused.map(({ name }) => name))}.`;
    });
  }
  return new Map(slots.map(({ taker, found }) => [taker.layer, complete(found)]));
}

function placeList(
  slots: readonly Slots[],
  weights: readonly NamedWeight[],
  tree: ModelTree,
  notes: Notes,
): readonly NamedWeight[] {
  const isPaths = weights.some(({ name }) => /(^|[/\\])vars[/\\]\d+$/.test(name));
  const left = isPaths ? placeByPath(slots, weights, tree, notes) : placeByName(slots, weights, notes);
  return placeByShape(slots, left, notes);
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
    unplaced.push(...(slot === undefined ? own.map(({ named }) => named) : placeInLayer(slot, own)));
  }
  return unplaced;
}

/** By what Keras calls the parts of the layer; else, where all stand in one group, in the order of their numbers. */
function placeInLayer(
  { taker, found, misfits }: Slots,
  own: readonly PlacedWeight[],
): readonly NamedWeight[] {
  const { layer, specs } = taker;
  if (specs === null) {
    for (const { place, named } of own) found.set(place, named.weight);
    return [];
  }
  const self = { class_name: layer.type, config: layer.config };
  const roles = specs.map(({ role }) => role);
  const byPlace = new Map(own.map(weight => [publicPlace(weight.place), weight]));
  const places = roles.map(role => publicPlace(pathOfRole(self, role, roles) ?? ''));
  const isOneGroup = new Set(own.map(({ place }) => place.replace(/\d+$/, ''))).size === 1;
  const byRole = places.map(place => byPlace.get(place));
  const placed = byRole.includes(undefined) && isOneGroup ? own.slice(0, specs.length) : byRole;
  if (!specs.every((spec, i) => fits(spec, placed[i]?.named.weight.shape))) {
    for (const [i, spec] of specs.entries()) {
      const weight = placed[i]?.named.weight;
      if (weight !== undefined && !fits(spec, weight.shape)) misfits.set(spec.role, weight);
    }
    return own.map(({ named }) => named);
  }
  for (const [i, { role }] of specs.entries()) found.set(role, placed[i]?.named.weight);
  return own.filter(weight => !placed.includes(weight)).map(({ named }) => named);
}

/** Keras before 3 called parts private that are public now: `_query_dense`. */
function publicPlace(place: string): string {
  return place.replace(/(^|\/)_+/g, '$1');
}

function refuseGaps(slots: readonly Slots[], unused: readonly NamedWeight[]): void {
  for (const { taker, found, misfits } of slots) {
    const { layer, specs } = taker;
    const gaps = specs?.filter(({ role, shape }) => shape !== null && found.get(role) === undefined) ?? [];
    const gap = gaps.find(({ role }) => misfits.has(role)) ?? gaps[0];
    if (gap === undefined || gap.shape === null) continue;
    const namesake = unused.find(({ name }) => {
      const segments = name.replace(/:\d+$/, '').split('/');
      return name.includes(layer.fileName) && segments.at(-1) === gap.role.split('/').at(-1);
    });
    const misfit = misfits.get(gap.role) ?? namesake?.weight;
    const wanted = `[${gap.shape.join(', ')}]`;
    throw new Refusal(
      misfit === undefined
        ? `The weight ‘${gap.role}’ ${wanted} of the layer '${shorten(layer.fileName)}' isn’t in the weight files.`
        : `The weight ‘${gap.role}’ of the layer '${shorten(layer.fileName)}' has to have the shape ${wanted} and has [${shorten(misfit.shape.join(', '))}] (${sizeOf(misfit.shape).toLocaleString('en')} values).`,
      WAY_OUT,
    );
  }
}
