/** Nodes as they come onto the canvas, with what is most likely wanted already set. */
import type { Column, Dataset } from '../data/dataset';
import type { SourceModel } from '../formats/protocol';
import type { InputNode, ModelNode, OutputNode, ProjectDocument } from '../graph/document';
import { freshNodeId } from '../graph/edits';
import { makeLoss, makeMetric } from '../graph/objectives';

export interface Position {
  readonly x: number;
  readonly y: number;
}

/** Frozen: what was brought stays as it is until somebody says otherwise. */
export function newModelNode(document: ProjectDocument, model: SourceModel, position: Position): ModelNode {
  return {
    kind: 'model',
    id: freshNodeId(document, model.name),
    name: freshName(document, model.name),
    position,
    model: model.id,
    start: null,
    end: null,
    taps: [],
    linearEnd: false,
    freeze: { kind: 'all' },
    sharesWith: null,
  };
}

/** Takes the first column of numbers that no other input takes. */
export function newInputNode(
  document: ProjectDocument,
  dataset: Dataset | null,
  position: Position,
): InputNode {
  const taken = new Set(
    Object.values(document.nodes).map(node => (node.kind === 'input' ? node.column : '')),
  );
  const column = dataset?.columns.find(each => each.kind === 'numbers' && !taken.has(each.name));
  return {
    kind: 'input',
    id: freshNodeId(document, 'input'),
    name: freshName(document, column?.name ?? 'input'),
    position,
    rowShape: column?.kind === 'numbers' ? rowShapeOf(column) : [1],
    dtype: 'float32',
    column: column?.name ?? null,
  };
}

/** Takes the first column that no input or output takes: classes before numbers. */
export function newOutputNode(
  document: ProjectDocument,
  dataset: Dataset | null,
  position: Position,
): OutputNode {
  const taken = new Set(
    Object.values(document.nodes).map(node =>
      node.kind === 'input' || node.kind === 'output' ? node.column : '',
    ),
  );
  const free = dataset?.columns.filter(each => !taken.has(each.name)) ?? [];
  const column = free.find(each => each.kind === 'classes') ?? free[0];
  return {
    kind: 'output',
    id: freshNodeId(document, 'output'),
    name: freshName(document, column?.name ?? 'output'),
    position,
    column: column?.name ?? null,
    ...aimFor(column),
    lossWeight: 1,
    classWeights: null,
  };
}

/** The usual loss and metric for a column. */
export function aimFor(column: Column | undefined): Pick<OutputNode, 'loss' | 'metrics'> {
  return column === undefined || column.kind === 'classes'
    ? { loss: makeLoss('categorical_crossentropy'), metrics: [makeMetric('accuracy')] }
    : { loss: makeLoss('mean_squared_error'), metrics: [makeMetric('mean_absolute_error')] };
}

/** One number in a row is a row of one value for a network. */
export function rowShapeOf(column: Extract<Column, { kind: 'numbers' }>): readonly number[] {
  return column.rowShape.length === 0 ? [1] : column.rowShape;
}

export function freshName(document: ProjectDocument, wanted: string): string {
  const taken = new Set(Object.values(document.nodes).map(node => node.name));
  if (!taken.has(wanted)) return wanted;
  for (let i = 2; ; i++) if (!taken.has(`${wanted} ${i}`)) return `${wanted} ${i}`;
}
