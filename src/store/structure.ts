/** The models on the canvas compared two by two: which layers are alike, which are equal, which are tied. Derived, never stored. */
import { canonicalBy } from '../compiler/base-checks';
import type { ModelNode, ProjectDocument, Tie, TiedLayer } from '../graph/document';
import { tieOf } from '../graph/ties';
import { lookUpLayer } from '../layers/table';
import { type Comparison, compareNetworks, type LayerMatch } from '../network/compare';
import { layersByName, type Network } from '../network/network';
import { usedLayers } from './node-words';
import { type Models, memoize } from './selectors';
import type { GraftState } from './store';

export interface ModelPair {
  /** Two nodes that have weights of their own. */
  readonly a: ModelNode;
  readonly b: ModelNode;
  /** Layers that both nodes use, alike in type, settings and weight shapes; in the order of `a`. */
  readonly matches: readonly UsedMatch[];
  /** Layers that a node uses and the other model has no like of, or has cut away. */
  readonly onlyA: number;
  readonly onlyB: number;
}

export interface UsedMatch extends LayerMatch {
  readonly type: string;
  /** Of each weight, in their order: `3 × 3 × 1 × 8`. */
  readonly shapes: readonly string[];
  readonly tie: Tie | null;
}

// Files never change, so each two networks are compared once.
const compared = new WeakMap<Network, WeakMap<Network, Comparison>>();

function compareOnce(a: Network, b: Network): Comparison {
  const ofA = compared.get(a) ?? new WeakMap<Network, Comparison>();
  compared.set(a, ofA);
  const comparison = ofA.get(b) ?? compareNetworks(a, b, canonicalBy(lookUpLayer));
  ofA.set(b, comparison);
  return comparison;
}

/** More models than this aren't compared each with each. */
const MOST_MODELS = 5;

const pairsOnce = memoize(
  (nodes: ProjectDocument['nodes'], ties: ProjectDocument['ties'], models: Models): readonly ModelPair[] => {
    const owners = Object.values(nodes).filter(node => node.kind === 'model' && node.sharesWith === null);
    const known = owners.slice(0, MOST_MODELS) as readonly ModelNode[];
    return known.flatMap((a, index) =>
      known.slice(index + 1).flatMap(b => {
        const [left, right] = [models[a.model]?.network, models[b.model]?.network];
        return left === undefined || right === undefined ? [] : [pairOf(a, b, left, right, ties)];
      }),
    );
  },
);

function pairOf(a: ModelNode, b: ModelNode, left: Network, right: Network, ties: readonly Tie[]): ModelPair {
  const [usedA, usedB] = [usedLayers(a, left), usedLayers(b, right)];
  const layers = layersByName(left);
  const matches = compareOnce(left, right)
    .matches.filter(match => usedA.has(match.a) && usedB.has(match.b))
    .map((match): UsedMatch => {
      const layer = layers.get(match.a);
      return {
        ...match,
        type: layer?.type ?? '',
        shapes: Object.values(layer?.weights ?? {}).map(({ shape }) => shape.join(' × ')),
        tie: commonTie({ ties }, { node: a.id, layer: match.a }, { node: b.id, layer: match.b }),
      };
    });
  return { a, b, matches, onlyA: usedA.size - matches.length, onlyB: usedB.size - matches.length };
}

function commonTie(document: Pick<ProjectDocument, 'ties'>, a: TiedLayer, b: TiedLayer): Tie | null {
  const tie = tieOf(document, a);
  return tie !== null && tie === tieOf(document, b) ? tie : null;
}

/** Each two of the models on the canvas. */
export function selectModelPairs(state: GraftState): readonly ModelPair[] {
  return pairsOnce(state.document.nodes, state.document.ties, state.models);
}

/** One sentence on what two models have in common. */
export function describePair({ a, b, matches }: ModelPair): string {
  const weighted = matches.filter(({ weights }) => weights.kind !== 'none');
  const equal = weighted.filter(({ weights }) => weights.kind === 'equal').length;
  const close = weighted.filter(({ weights }) => weights.kind === 'close').length;
  if (weighted.length === 0) return `${a.name} and ${b.name} have no layers with weights of the same shapes.`;
  const same =
    weighted.length === 1 ? '1 layer with weights is' : `${weighted.length} layers with weights are`;
  const also = [
    equal > 0 ? `${equal === weighted.length ? 'all' : equal} equal to the last bit` : '',
    close > 0 ? `${close} nearly equal` : '',
  ].filter(part => part !== '');
  return `${same} alike in shape${also.length > 0 ? `, ${also.join(', ')}` : '; their weights differ'}.`;
}
