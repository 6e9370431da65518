/**
 * Every diagnostic of the compiler, as plain functions from facts to words and fixes. The words say what it is and what to do.
 */
import type {
  GraphNode,
  LayerNode,
  ModelNode,
  NodeId,
  OutputNode,
  ProjectDocument,
  Wire,
} from '../graph/document';
import * as edits from '../graph/edits';
import { untieLayers } from '../graph/ties';
import type { ConfigProblem } from '../layers/config';
import { formatShape, type Shape } from '../network/shape';
import type { SliceProblem } from '../network/slice';
import type { Adapter } from './adapters';
import type { SharedBase } from './base-checks';
import type { Diagnostic, Fix, Severity, Subject } from './result';
import type { TieProblem } from './ties';

const onNode = (node: NodeId): Subject => ({ kind: 'node', node });
const onWire = (wire: Wire): Subject => ({ kind: 'wire', wire: wire.id });

function make(
  code: string,
  severity: Severity,
  subject: Subject,
  message: string,
  fixes: readonly Fix[] = [],
  related: readonly Subject[] = [],
): Diagnostic {
  return { code, severity, subject, related, message, fixes };
}

function adapterFixes(wire: Wire, adapters: readonly Adapter[]): readonly Fix[] {
  return adapters.map(({ label, layers }) => ({ label, edit: edits.insertOnWire(wire.id, layers) }));
}

/** Two models begin alike, weights included, on the same data. */
export function baseShared({ keeper, taker, layers, parameters, edit, cut }: SharedBase): Diagnostic {
  const [first, last] = [layers[0], layers.at(-1)];
  const what =
    layers.length === 1
      ? `layer with weights ('${first}')`
      : `${layers.length} layers with weights ('${first}' to '${last}')`;
  const follows =
    JSON.stringify(keeper.freeze) === JSON.stringify(taker.freeze)
      ? ''
      : ` It is then frozen or trained as ${keeper.name} says.`;
  const rest = cut === null ? `, and ${taker.name} has nothing else` : '';
  const message = `${taker.name} begins with the same ${what} as ${keeper.name}, to the last bit, on the same data${rest}: ${parameters.toLocaleString('en')} parameters that are computed twice. Used once, they predict the same.${follows}`;
  const fixes = [{ label: 'Use it once', edit }];
  return make('model/shared-base', 'hint', onNode(taker.id), message, fixes, [onNode(keeper.id)]);
}

/** An input node's column holds rows of another shape than the node. */
export function columnDiffers(
  node: GraphNode,
  column: string,
  has: Shape,
  wants: Shape,
  fix: Fix,
): Diagnostic {
  const message = `${node.name} is ${formatShape(wants)}, and the column '${column}' holds ${formatShape(has)} in each row.`;
  return make('input/column-differs', 'warning', onNode(node.id), message, [fix]);
}

/** An input takes numbers; which class a row is of is what outputs are for. */
export function columnOfClasses(node: GraphNode, column: string): Diagnostic {
  const message = `The column '${column}' holds classes, and ${node.name} takes numbers. Choose another column.`;
  return make('data/column-of-classes', 'warning', onNode(node.id), message);
}

export function columnMissing(node: GraphNode, column: string): Diagnostic {
  const message = `The data set has no column '${column}'. Choose another one for ${node.name}.`;
  return make('data/column-missing', 'warning', onNode(node.id), message);
}

export function columnNotChosen(node: GraphNode): Diagnostic {
  const message =
    node.kind === 'output'
      ? `Choose the column that ${node.name} is to predict.`
      : `Choose the column that feeds ${node.name}.`;
  return make('data/column-not-chosen', 'warning', onNode(node.id), message);
}

export function circle(document: ProjectDocument, wires: readonly Wire[]): Diagnostic {
  const name = (id: NodeId) => document.nodes[id]?.name ?? id;
  const [first] = wires;
  const names = wires.map(wire => name(wire.to.node)).reverse();
  const message = `These nodes feed each other in a circle: ${names.join(', ')}. Remove one of the wires between them.`;
  if (first === undefined) return make('graph/circle', 'error', { kind: 'document' }, message);
  const fixes = wires.map(wire => ({
    label: `Remove the wire from ${name(wire.from.node)} to ${name(wire.to.node)}`,
    edit: edits.removeWires([wire.id]),
  }));
  return make('graph/circle', 'error', onWire(first), message, fixes, wires.slice(1).map(onWire));
}

export function cutImpossible(node: ModelNode, problem: SliceProblem): Diagnostic {
  const message =
    problem.kind === 'no-such-call'
      ? `${node.name} has no layer '${problem.call}'. Choose another place to cut, or use the whole model.`
      : `In ${node.name} nothing that comes out depends on '${problem.call}', so it can't start there. Choose a layer before the cut.`;
  const whole = {
    label: 'Use the whole model',
    edit: edits.updateModel(node.id, { start: null, end: null, taps: [] }),
  };
  return make('model/cut-impossible', 'error', onNode(node.id), message, [whole]);
}

/** Numbers with fractions flow into a network that looks things up by whole numbers. */
export function floatsIntoTokens(
  wire: Wire,
  source: GraphNode,
  target: string,
  fixes: readonly Fix[],
): Diagnostic {
  const message = `${target} looks up whole numbers (tokens), and ${source.name} gives numbers with fractions. Feed it an Input of whole numbers.`;
  return make('wire/floats-into-tokens', 'error', onWire(wire), message, fixes);
}

/** Without the layer up to which a model is frozen, all of it would train. */
export function freezeImpossible(node: ModelNode, call: string): Diagnostic {
  const message = `${node.name} is to be frozen up to '${call}', and has no such layer. Choose another one, or freeze all of it.`;
  return make('model/freeze-impossible', 'error', onNode(node.id), message, [
    { label: 'Freeze all of it', edit: edits.updateModel(node.id, { freeze: { kind: 'all' } }) },
  ]);
}

export function inputMissing(
  node: GraphNode,
  label: string,
  severity: Severity,
  fixes: readonly Fix[],
): Diagnostic {
  const message = `Nothing is wired to ${node.name} (${label}).`;
  return make('input/missing', severity, onNode(node.id), message, fixes);
}

export function layerImpossible(node: GraphNode, message: string): Diagnostic {
  return make('layer/impossible', 'error', onNode(node.id), message);
}

export function layerUnknown(node: LayerNode): Diagnostic {
  const message = `Graft doesn't know the layer '${node.type}'. Remove ${node.name} or replace it.`;
  return make('layer/unknown-type', 'error', onNode(node.id), message);
}

/** Keras allows it, so it stays possible; that it happens is never silent. */
export function mergeStretches(
  wire: Wire,
  node: LayerNode,
  source: GraphNode,
  has: Shape,
  becomes: Shape,
  adapters: readonly Adapter[],
): Diagnostic {
  const message = `${source.name} gives ${formatShape(has)} and is stretched to ${formatShape(becomes)} in ${node.name}: its values are repeated. Adapt it if that isn't meant.`;
  return make('merge/stretched', 'warning', onWire(wire), message, adapterFixes(wire, adapters));
}

export function modelLayerImpossible(node: ModelNode, layer: string, message: string): Diagnostic {
  return make('model/layer-impossible', 'error', onNode(node.id), `In ${node.name}, '${layer}': ${message}`);
}

export function modelLayerUnknown(
  node: ModelNode,
  layer: string,
  type: string,
  before: string | null,
): Diagnostic {
  const message = `In ${node.name}, '${layer}' is a ${type}, which Graft can't compute. Cut before it, or start after it.`;
  return make('model/unknown-layer', 'error', onNode(node.id), message, cutBefore(node, layer, before));
}

export function modelOptionUnsupported(
  node: ModelNode,
  layer: string,
  problem: string,
  before: string | null,
): Diagnostic {
  const message = `In ${node.name}, '${layer}' can't be computed: ${problem} Cut before it, or start after it.`;
  return make('model/unsupported-option', 'error', onNode(node.id), message, cutBefore(node, layer, before));
}

function cutBefore(node: ModelNode, layer: string, before: string | null): readonly Fix[] {
  if (before === null) return [];
  return [{ label: `Cut before ${layer}`, edit: edits.updateModel(node.id, { end: before, taps: [] }) }];
}

export function modelMissing(node: ModelNode): Diagnostic {
  const message = `The model of ${node.name} isn't in this project. Drop its file on the canvas again, or remove the node.`;
  return make('model/missing', 'error', onNode(node.id), message, [
    { label: `Remove ${node.name}`, edit: edits.removeNodes([node.id]) },
  ]);
}

export function nodeUnused(node: GraphNode): Diagnostic {
  return make(
    'node/unused',
    'hint',
    onNode(node.id),
    `${node.name} doesn't lead to an output, so it is left out.`,
  );
}

export function nothingTrainable(): Diagnostic {
  const message =
    'Everything is frozen, so there is nothing to train. Unfreeze a model, or add a new layer before the output.';
  return make('training/nothing-trainable', 'warning', { kind: 'document' }, message);
}

export function outputAbsent(fixes: readonly Fix[]): Diagnostic {
  const message = 'There is no output yet. Add an Output where the prediction comes out.';
  return make('document/no-output', 'error', { kind: 'document' }, message, fixes);
}

/** The softmax of one value is 1, whatever the value. */
export function outputAlwaysOne(node: OutputNode, fixes: readonly Fix[]): Diagnostic {
  const message = `${node.name} gets the softmax of one value, which is always 1. Use sigmoid for one value.`;
  return make('output/always-one', 'warning', onNode(node.id), message, fixes);
}

/** Probabilities taken for logits: they are squeezed once more, and nothing is ever sure. */
export function outputNotLogits(node: OutputNode, activation: string, fixes: readonly Fix[]): Diagnostic {
  const message = `${node.name} is trained from logits, and ${activation} has made probabilities of them already. Leave it out, or train from probabilities.`;
  return make('output/not-logits', 'warning', onNode(node.id), message, fixes);
}

/** A loss of probabilities on something that isn't made to be that. */
export function outputNotProbabilities(
  node: OutputNode,
  wanted: 'softmax' | 'sigmoid',
  fixes: readonly Fix[],
): Diagnostic {
  const message = `${node.name} is trained with ${node.loss.kind}, which takes probabilities, and gets raw scores. End with ${wanted}${'fromLogits' in node.loss ? ', or train from logits' : ''}.`;
  return make('output/not-probabilities', 'warning', onNode(node.id), message, fixes);
}

export function outputShapeUnsuited(
  wire: Wire,
  message: string,
  adapters: readonly Adapter[],
  otherFixes: readonly Fix[],
): Diagnostic {
  const fixes = [...otherFixes, ...adapterFixes(wire, adapters)];
  return make('output/unsuited-shape', 'error', onWire(wire), message, fixes);
}

/** Losses of weight 0 teach nothing. */
export function nothingCounts(fixes: readonly Fix[]): Diagnostic {
  const message =
    'Nothing that trains leads to an output whose loss counts: their loss weights are 0. Give one of them a weight.';
  return make('training/nothing-trainable', 'warning', { kind: 'document' }, message, fixes);
}

export function outputLossUnsuited(node: OutputNode, message: string, fixes: readonly Fix[]): Diagnostic {
  return make('output/unsuited-loss', 'warning', onNode(node.id), message, fixes);
}

export function paramInvalid(node: LayerNode, problem: ConfigProblem): Diagnostic {
  const subject: Subject =
    problem.param === null ? onNode(node.id) : { kind: 'param', node: node.id, param: problem.param };
  return make('param/invalid', 'error', subject, `${node.name}: ${problem.message}`);
}

/** Probabilities carry less than the scores that they were made of. */
export function probabilitiesFlowOn(
  wire: Wire,
  source: GraphNode,
  activation: string,
  fixes: readonly Fix[],
): Diagnostic {
  const message = `${source.name} ends in ${activation}, so probabilities flow on. The raw scores before it carry more.`;
  return make('wire/probabilities-flow-on', 'hint', onWire(wire), message, fixes);
}

/** `size`: how many classes; null: not known. */
export function softmaxTwice(
  wire: Wire,
  node: LayerNode,
  source: GraphNode,
  size: number | null,
  fixes: readonly Fix[],
): Diagnostic {
  const most =
    size === null || size < 2
      ? ''
      : `: of ${size} classes even a sure one gets at most ${((100 * Math.E) / (Math.E + size - 1)).toFixed(0)} %`;
  const message = `${source.name} ends in softmax, and ${node.name} takes the softmax of that again, which flattens it${most}. Keep one of them.`;
  return make('wire/softmax-twice', 'warning', onWire(wire), message, fixes);
}

export function sharingBroken(node: ModelNode): Diagnostic {
  const message = `${node.name} shares the weights of a node that is gone or holds another model.`;
  return make('model/sharing-broken', 'error', onNode(node.id), message, [
    { label: 'Give it its own weights', edit: edits.updateModel(node.id, { sharesWith: null }) },
  ]);
}

const TIE_CODES = {
  impossible: ['tie/impossible', 'error'],
  'cut-away': ['tie/cut-away', 'warning'],
  'freeze-differs': ['tie/freeze-differs', 'warning'],
} as const;

/** One for all layers of a node that have the same problem with the same other node. */
export function tieProblems(
  document: ProjectDocument,
  problems: readonly TieProblem[],
): readonly Diagnostic[] {
  const groups = new Map<string, TieProblem[]>();
  for (const problem of problems) {
    const key = JSON.stringify([
      problem.kind,
      problem.layer.node,
      problem.other?.node ?? null,
      problem.reason,
    ]);
    groups.set(key, [...(groups.get(key) ?? []), problem]);
  }
  return [...groups.values()].flatMap(group => {
    const [first] = group;
    return first === undefined ? [] : [tieProblem(document, first, group)];
  });
}

function tieProblem(
  document: ProjectDocument,
  { kind, layer, other, reason }: TieProblem,
  group: readonly TieProblem[],
): Diagnostic {
  const nameOf = (node: NodeId) => document.nodes[node]?.name ?? node;
  const [code, severity] = TIE_CODES[kind];
  const what =
    group.length === 1
      ? `'${layer.layer}' of ${nameOf(layer.node)}`
      : `${group.length} layers of ${nameOf(layer.node)}`;
  const be = group.length === 1 ? 'is' : 'are';
  const message = {
    impossible: `${what} can't be tied${other === null ? '' : ` to ${nameOf(other.node)}`}. ${reason}`,
    'cut-away': `${what} ${be} tied and cut away, so the tie does nothing. Untie, or cut later.`,
    'freeze-differs': `${what} ${be} frozen there and tied to ${nameOf(other?.node ?? '')}, where the weights train: the common weights train. Freeze both or none.`,
  }[kind];
  const untie = { label: 'Untie', edit: untieLayers(group.map(problem => problem.layer)) };
  const related = other === null ? [] : [onNode(other.node)];
  return make(code, severity, onNode(layer.node), message, [untie], related);
}

/** Whole numbers that stand for things flow into arithmetic. */
export function tokensIntoFloats(
  wire: Wire,
  source: GraphNode,
  target: string,
  fixes: readonly Fix[],
): Diagnostic {
  const message = `${source.name} gives whole numbers that stand for things (tokens), and ${target} would calculate with them as amounts. Put an Embedding between them, or say that they are amounts.`;
  return make('wire/tokens-into-floats', 'error', onWire(wire), message, fixes);
}

export function wireDoesNotFit(
  wire: Wire,
  message: string,
  adapters: readonly Adapter[],
  otherFixes: readonly Fix[] = [],
): Diagnostic {
  return make('wire/does-not-fit', 'error', onWire(wire), message, [
    ...adapterFixes(wire, adapters),
    ...otherFixes,
  ]);
}

export function wireToNothing(wire: Wire, message: string): Diagnostic {
  return make('wire/no-such-port', 'error', onWire(wire), message, [
    { label: 'Remove the wire', edit: edits.removeWires([wire.id]) },
  ]);
}
