/**
 * Layers of several models that are one set of weights: the edits that tie and untie them, and what a change of the nodes
 * does to ties. Pure. Whether two layers can be tied is not asked here: the compiler says so.
 */
import type { NodeId, ProjectDocument, Tie, TiedLayer, TieStart } from './document';

type Edit = (document: ProjectDocument) => ProjectDocument;

/** The tie that a layer is part of; null: it isn't tied. */
export function tieOf(document: Pick<ProjectDocument, 'ties'>, layer: TiedLayer): Tie | null {
  return document.ties.find(tie => tie.layers.some(other => isSame(other, layer))) ?? null;
}

/**
 * Makes one set of weights of each pair. What one of the two is tied to already is tied to the other too; a tie has one
 * layer of each node at most, and the layers of the pair take the place of an earlier one of their node.
 */
export function tieLayers(pairs: readonly (readonly [TiedLayer, TiedLayer])[], start: TieStart): Edit {
  return document => ({
    ...document,
    ties: pairs.reduce((ties, pair) => tiePair(ties, pair, start), document.ties),
  });
}

function tiePair(
  ties: readonly Tie[],
  pair: readonly [TiedLayer, TiedLayer],
  start: TieStart,
): readonly Tie[] {
  const isIn = (tie: Tie) => pair.some(layer => tie.layers.some(other => isSame(other, layer)));
  const nodes = new Set(pair.map(({ node }) => node));
  const others = ties.filter(isIn).flatMap(tie => tie.layers.filter(({ node }) => !nodes.has(node)));
  const distinct = others.filter(
    ({ node }, index) => others.findIndex(other => other.node === node) === index,
  );
  return [...ties.filter(tie => !isIn(tie)), { layers: [...pair, ...distinct], start }];
}

/** Each of them has weights of its own again: those that it came with. */
export function untieLayers(layers: readonly TiedLayer[]): Edit {
  return document => {
    const isGone = (layer: TiedLayer) => layers.some(other => isSame(other, layer));
    if (!document.ties.some(tie => tie.layers.some(isGone))) return document;
    return { ...document, ties: keepTies(document.ties, layer => (isGone(layer) ? null : layer)) };
  };
}

/** What the ties of these layers start from. */
export function setTieStart(layers: readonly TiedLayer[], start: TieStart): Edit {
  return document => ({
    ...document,
    ties: document.ties.map(tie =>
      tie.layers.some(layer => layers.some(other => isSame(other, layer))) ? { ...tie, start } : tie,
    ),
  });
}

/** Ties between the nodes that are left: those of a node that is gone go to the heir of its weights, if it has one. */
export function moveTies(
  ties: readonly Tie[],
  isLeft: (node: NodeId) => boolean,
  heirs: ReadonlyMap<NodeId, { readonly id: NodeId }>,
): readonly Tie[] {
  if (ties.every(tie => tie.layers.every(({ node }) => isLeft(node)))) return ties;
  const newNode = (node: NodeId) => (isLeft(node) ? node : (heirs.get(node)?.id ?? null));
  return keepTies(ties, ({ node, layer }) => {
    const id = newNode(node);
    return id === null ? null : { node: id, layer };
  });
}

/** A tie of one is none. One whose start is gone starts from the average of those that are left. */
function keepTies(ties: readonly Tie[], change: (layer: TiedLayer) => TiedLayer | null): readonly Tie[] {
  return ties.flatMap(({ layers, start }): Tie[] => {
    const changed = layers.map(change);
    const kept = changed.filter(layer => layer !== null);
    if (kept.length < 2) return [];
    if (start.kind === 'average') return [{ layers: kept, start }];
    const from = changed[layers.findIndex(({ node }) => node === start.node)] ?? null;
    return [{ layers: kept, start: from === null ? { kind: 'average' } : { kind: 'of', node: from.node } }];
  });
}

function isSame(a: TiedLayer, b: TiedLayer): boolean {
  return a.node === b.node && a.layer === b.layer;
}
