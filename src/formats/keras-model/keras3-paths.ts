/**
 * Weights named by their place in a Keras 3 file: `layers/dense_1/vars/0`. The groups aren't named as the layers are but
 * by class and rank among the layers of that class: `dense`, `dense_1`, … It knows nothing of shapes.
 */

import type { NamedWeight } from './named-weight';
import type { ModelTree, TreeLayer } from './topology';

export interface MatchedPaths {
  /** In the order of the layer's weights. */
  readonly byLayer: ReadonlyMap<TreeLayer, readonly NamedWeight[]>;
  readonly rest: readonly NamedWeight[];
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
  const byLayer = new Map<TreeLayer, readonly NamedWeight[]>();
  matchModel(tree, root, hasWeights, byLayer);
  const taken = new Set([...byLayer.values()].flat());
  return { byLayer, rest: [...rest, ...allWeights(root).filter(named => !taken.has(named))] };
}

function matchModel(
  model: ModelTree,
  group: Group,
  hasWeights: (layer: TreeLayer) => boolean,
  byLayer: Map<TreeLayer, readonly NamedWeight[]>,
): void {
  const list = group.groups.get('layers') ?? group.groups.get('_layer_checkpoint_dependencies');
  if (list === undefined) return;
  const classes = new Map<string, TreeLayer[]>();
  for (const layer of model.layers) {
    const key = snakeCase(layer.model === null ? layer.className : groupClass(layer.model));
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

function rankName(key: string, rank: number): string {
  return rank === 0 ? key : `${key}_${rank}`;
}

function groupClass(model: ModelTree): string {
  return model.className === 'Model' ? 'Functional' : model.className;
}

function holdsWeights(model: ModelTree, hasWeights: (layer: TreeLayer) => boolean): boolean {
  return model.layers.some(layer =>
    layer.model === null ? hasWeights(layer) : holdsWeights(layer.model, hasWeights),
  );
}

/** The group's own first, then those of inner objects: forward before backward, query, key, value, output. */
function allWeights(group: Group): NamedWeight[] {
  const order = [
    'forward_layer',
    'backward_layer',
    'query_dense',
    'key_dense',
    'value_dense',
    'output_dense',
  ];
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  const own = group.weights.toSorted((a, b) => a.index - b.index).map(({ named }) => named);
  const inner = [...group.groups].toSorted(([a], [b]) => rank(a) - rank(b));
  return [...own, ...inner.flatMap(([, found]) => allWeights(found))];
}

/** Keras 3's `to_snake_case`: Conv2D is conv2d, PReLU is p_re_lu. */
export function snakeCase(className: string): string {
  return className
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
