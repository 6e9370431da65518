/** Whether what reaches an output can be trained with its loss on its column. */
import type { OutputNode, Wire } from '../graph/document';
import * as edits from '../graph/edits';
import { type LossKind, makeLoss, TARGET_FORMS } from '../graph/objectives';
import type { LayerLookup } from '../layers/layer-type';
import { formatShape, type Shape, shapeFits } from '../network/shape';
import { endActivation, layerActivation, type Resolved } from './1-resolve';
import { findAdapters } from './adapters';
import * as d from './diagnostics';
import type { ColumnFacts, Diagnostic, Fix } from './result';

/** What has to arrive at an output for its column and its loss; null where nothing can be said of that. */
export function wantedAtOutput(node: OutputNode, columns: readonly ColumnFacts[] | null): Shape | null {
  const column = columns?.find(candidate => candidate.name === node.column);
  return column === undefined ? null : [null, ...targetRow(node.loss.kind, column)];
}

interface Arrival {
  readonly wire: Wire;
  readonly source: Resolved | undefined;
  readonly shape: Shape;
}

export function checkOutput(
  node: OutputNode,
  arrival: Arrival,
  columns: readonly ColumnFacts[] | null,
  table: LayerLookup,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  if (columns !== null) {
    const column = columns.find(candidate => candidate.name === node.column);
    if (node.column === null) found.push(d.columnNotChosen(node));
    else if (column === undefined) found.push(d.columnMissing(node, node.column));
    else found.push(...checkColumn(node, arrival, column, table));
  }
  // Advice about the ending helps only where the rest fits.
  if (!found.some(diagnostic => diagnostic.severity === 'error')) found.push(...checkEnding(node, arrival));
  return found;
}

function checkColumn(
  node: OutputNode,
  arrival: Arrival,
  column: ColumnFacts,
  table: LayerLookup,
): readonly Diagnostic[] {
  const classes = column.classes;
  const suits = suitableLoss(column);
  const forms = TARGET_FORMS[node.loss.kind];
  const taken =
    classes === null
      ? forms.numbers
      : forms.classes !== null && (forms.classes !== 'zero-or-one' || classes === 2);
  if (!taken) {
    const what = classes === null ? 'holds numbers' : `holds ${countClasses(classes)}`;
    const message = `'${column.name}' ${what}, and ${node.loss.kind} doesn't suit that. Use ${suits}.`;
    const fix = { label: `Use ${suits}`, edit: edits.updateOutput(node.id, { loss: makeLoss(suits) }) };
    return [d.outputLossUnsuited(node, message, [fix])];
  }
  const wanted: Shape = [null, ...targetRow(node.loss.kind, column)];
  if (shapeFits(arrival.shape, wanted)) return [];
  const what = classes === null ? `has ${formatShape(wanted)} in each row` : `has ${countClasses(classes)}`;
  const message = `${formatShape(arrival.shape)} arrives at ${node.name}, and '${column.name}' ${what}. Bring it to ${formatShape(wanted)}.`;
  // Two classes can be told by one value or by two: with the other loss it may fit as it is.
  const other = classes === 2 ? OTHER_OF_TWO[node.loss.kind] : undefined;
  const fits = other !== undefined && shapeFits(arrival.shape, [null, ...targetRow(other, column)]);
  const losses = fits
    ? [{ label: `Use ${other}`, edit: edits.updateOutput(node.id, { loss: makeLoss(other) }) }]
    : [];
  const adapters = findAdapters(arrival.shape, { shape: wanted }, table);
  return [d.outputShapeUnsuited(arrival.wire, message, adapters, losses)];
}

const OTHER_OF_TWO: Readonly<Partial<Record<LossKind, LossKind>>> = {
  binary_crossentropy: 'sparse_categorical_crossentropy',
  categorical_crossentropy: 'binary_crossentropy',
  sparse_categorical_crossentropy: 'binary_crossentropy',
};

function countClasses(classes: number): string {
  return classes === 1 ? '1 class' : `${classes} classes`;
}

function suitableLoss(column: ColumnFacts): LossKind {
  if (column.classes === null) return 'mean_squared_error';
  return column.classes === 2 ? 'binary_crossentropy' : 'sparse_categorical_crossentropy';
}

function targetRow(loss: LossKind, column: ColumnFacts): readonly number[] {
  if (column.classes === null) return column.rowShape.length === 0 ? [1] : column.rowShape;
  return [TARGET_FORMS[loss].classes === 'zero-or-one' ? 1 : column.classes];
}

/** A loss of probabilities wants them, one of logits doesn't; how the network ends says which of them arrive. */
function checkEnding(node: OutputNode, { shape, source, wire }: Arrival): readonly Diagnostic[] {
  const wanted = PROBABILITIES[node.loss.kind];
  if (wanted === undefined || source === undefined) return [];
  const ending = readEnding(source, wire);
  if (ending === null) return [];
  const { activation, change } = ending;
  const fromLogits = 'fromLogits' in node.loss && node.loss.fromLogits;
  if (fromLogits) {
    if (activation !== 'softmax' && activation !== 'sigmoid') return [];
    const read: Fix = { label: 'Train from probabilities', edit: readLogits(node, false) };
    return [d.outputNotLogits(node, activation, [read, ...change('linear')])];
  }
  if (activation === 'softmax' && shape.at(-1) === 1 && source.kind === 'layer')
    return [d.outputAlwaysOne(node, change('sigmoid'))];
  if (activation !== 'linear') return [];
  const insert: Fix = {
    label: `Add ${wanted}`,
    edit: edits.insertOnWire(wire.id, [{ type: 'Activation', config: { activation: wanted } }]),
  };
  const [set = insert] = change(wanted);
  const read: readonly Fix[] =
    'fromLogits' in node.loss ? [{ label: 'Train from logits', edit: readLogits(node, true) }] : [];
  return [d.outputNotProbabilities(node, wanted, [set, ...read])];
}

/** The losses that take probabilities, with the activation that makes them. */
const PROBABILITIES: Readonly<Partial<Record<LossKind, 'softmax' | 'sigmoid'>>> = {
  categorical_crossentropy: 'softmax',
  sparse_categorical_crossentropy: 'softmax',
  binary_crossentropy: 'sigmoid',
  kl_divergence: 'softmax',
};

function readLogits(node: OutputNode, fromLogits: boolean): edits.Edit {
  const loss = 'fromLogits' in node.loss ? { ...node.loss, fromLogits } : node.loss;
  return edits.updateOutput(node.id, { loss });
}

interface Ending {
  readonly activation: string | null;
  /** How it is brought to end with that activation; none: not by a setting. */
  readonly change: (activation: 'linear' | 'sigmoid' | 'softmax') => readonly Fix[];
}

/** null: what comes out isn't the end of a layer or model. */
function readEnding(source: Resolved, wire: Wire): Ending | null {
  if (source.kind === 'layer') {
    const { node, type, config } = source;
    const change: Ending['change'] = activation =>
      'activation' in config
        ? [{ label: `Use ${activation}`, edit: edits.setParam(node.id, 'activation', activation) }]
        : [];
    return { activation: layerActivation({ type: type.type, config }), change };
  }
  if (source.kind !== 'model' || wire.from.port !== 'out0') return null;
  const { node, network, linearEnd } = source;
  const activation = endActivation(node, network);
  const switchTo = (label: string, on: boolean): Fix => ({
    label,
    edit: edits.updateModel(node.id, { linearEnd: on }),
  });
  if (linearEnd !== null)
    return {
      activation: 'linear',
      change: wanted => (wanted === activation ? [switchTo(`Keep the last ${activation}`, false)] : []),
    };
  const drop = activation === null ? [] : [switchTo(`Drop the last ${activation}`, true)];
  return { activation, change: wanted => (wanted === 'linear' ? drop : []) };
}
