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

/** A cross-entropy wants probabilities; a plain linear ending certainly isn't one. */
function checkEnding(node: OutputNode, { shape, source, wire }: Arrival): readonly Diagnostic[] {
  if (!node.loss.kind.endsWith('crossentropy') || source === undefined) return [];
  const activation =
    source.kind === 'layer' ? layerActivation({ type: source.type.type, config: source.config }) : null;
  if (source.kind === 'layer' && activation === 'softmax' && shape.at(-1) === 1) {
    const set = { label: 'Use sigmoid', edit: edits.setParam(source.node.id, 'activation', 'sigmoid') };
    return [d.outputAlwaysOne(node, 'activation' in source.config ? [set] : [])];
  }
  const wanted = node.loss.kind === 'binary_crossentropy' ? 'sigmoid' : 'softmax';
  const insert: Fix = {
    label: `Add ${wanted}`,
    edit: edits.insertOnWire(wire.id, [{ type: 'Activation', config: { activation: wanted } }]),
  };
  if (source.kind === 'layer' && activation === 'linear') {
    const set = { label: `Use ${wanted}`, edit: edits.setParam(source.node.id, 'activation', wanted) };
    return [d.outputNotProbabilities(node, wanted, set)];
  }
  if (source.kind === 'model' && wire.from.port === 'out0') {
    if (source.linearEnd !== null) {
      const keep = {
        label: 'Keep the last activation',
        edit: edits.updateModel(source.node.id, { linearEnd: false }),
      };
      return [d.outputNotProbabilities(node, wanted, keep)];
    }
    if (endActivation(source.node, source.network) === 'linear')
      return [d.outputNotProbabilities(node, wanted, insert)];
  }
  return [];
}
