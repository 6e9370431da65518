/**
 * Weights named by their place in a Keras 3 file: `layers/dense_1/vars/0`. The groups aren't named as the layers are but
 * by class and rank among the layers of that class: `dense`, `dense_1`, … It knows nothing of shapes and roles.
 */
import { groupCase, rankName } from './layer-parts';
import type { NamedWeight } from './named-weight';
import type { ModelTree, TreeLayer } from './topology';

export interface MatchedPaths {
  readonly byLayer: ReadonlyMap<TreeLayer, readonly PlacedWeight[]>;
  readonly rest: readonly NamedWeight[];
}

export interface PlacedWeight {
  /** Within the layer's group: `query_dense/vars/1`. */
  readonly place: string;
  readonly named: NamedWeight;
}

interface Group {
  readonly groups: Map<string, Group>;
  readonly weights: { readonly index: number; readonly named: NamedWeight }[];
}

export function matchKeras3Paths(
  tree: ModelTree,
  weights: readonly NamedWeight[],
  hasWeights: (layer: TreeLayer) => boolean,
): MatchedPaths {
  const root: Group = { groups: new Map(), weights: [] };
  const rest: NamedWeight[] = [];
  for (const named of weights) {
    // Files saved on Windows have backslashes.
    const segments = named.name
      .replaceAll('\\', '/')
      .split('/')
      .filter(segment => segment !== '');
    const index = Number(segments.pop());
    if (
      segments.pop() !== 'vars' ||
      !Number.isSafeInteger(index) ||
      segments.length > 60 ||
      /^(optimizer|metrics)/.test(segments[0] ?? '')
    ) {
      rest.push(named);
      continue;
    }
    let group = root;
    for (const segment of segments) {
      const next: Group = group.groups.get(segment) ?? { groups: new Map(), weights: [] };
      group.groups.set(segment, next);
      group = next;
    }
    group.weights.push({ index, named });
  }
  const byLayer = new Map<TreeLayer, readonly PlacedWeight[]>();
  matchModel(tree, root, hasWeights, byLayer);
  const taken = new Set([...byLayer.values()].flat().map(({ named }) => named));
  const left = allWeights(root).flatMap(({ named }) => (taken.has(named) ? [] : [named]));
  return { byLayer, rest: [...rest, ...left] };
}

function matchModel(
  model: ModelTree,
  group: Group,
  hasWeights: (layer: TreeLayer) => boolean,
  byLayer: Map<TreeLayer, readonly PlacedWeight[]>,
): void {
  const list = group.groups.get('layers') ?? group.groups.get('_layer_checkpoint_dependencies');
  if (list === undefined) return;
  const classes = new Map<string, TreeLayer[]>();
  for (const layer of model.layers) {
    const key = groupCase(layer.model === null ? layer.className : groupClass(layer.model));
    classes.set(key, [...(classes.get(key) ?? []), layer]);
  }
  for (const [key, layers] of classes) {
    const weighted = layers.filter(layer =>
      layer.model === null ? hasWeights(layer) : holdsWeights(layer.model, hasWeights),
    );
    const exact = weighted.map(layer => list.groups.get(rankName(key, layers.indexOf(layer))));
    const ranked = [...list.groups]
      .flatMap(([name, found]) => {
        const rank =
          name === key ? 0 : name.startsWith(`${key}_`) ? Number(name.slice(key.length + 1)) : Number.NaN;
        return Number.isSafeInteger(rank) && allWeights(found).length > 0 ? [{ rank, found }] : [];
      })
      .sort((a, b) => a.rank - b.rank)
      .map(({ found }) => found);
    const groups = exact.every(found => found !== undefined && allWeights(found).length > 0) ? exact : ranked;
    for (const [i, layer] of weighted.entries()) {
      const found = groups[i];
      if (found === undefined) continue;
      if (layer.model === null) byLayer.set(layer, allWeights(found));
      else matchModel(layer.model, found, hasWeights, byLayer);
    }
  }
}

function groupClass(model: ModelTree): string {
  return model.className === 'Model' ? 'Functional' : model.className;
}

function holdsWeights(model: ModelTree, hasWeights: (layer: TreeLayer) => boolean): boolean {
  return model.layers.some(layer =>
    layer.model === null ? hasWeights(layer) : holdsWeights(layer.model, hasWeights),
  );
}

/** The group's own in their order, then those of inner objects. `around`: what their places begin with. */
function allWeights(group: Group, around = ''): PlacedWeight[] {
  const own = group.weights
    .toSorted((a, b) => a.index - b.index)
    .map(({ index, named }) => ({ place: `${around}vars/${index}`, named }));
  return [...own, ...[...group.groups].flatMap(([name, inner]) => allWeights(inner, `${around}${name}/`))];
}
