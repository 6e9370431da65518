/** What stands between a network without errors and its training: the data set, and how it fits the ends of the graph. */
import type { CompileResult, Diagnostic } from '../compiler/result';
import type { Column, Dataset } from '../data/dataset';
import type { NodeId, ProjectDocument } from '../graph/document';
import { type Shape, shapeFits, sizeOfRow } from '../network/shape';

/** Warnings of the compiler that leave a network whole but make training on the data impossible. */
const DATA_CODES: ReadonlySet<string> = new Set([
  'data/column-missing',
  'data/column-not-chosen',
  'data/column-of-classes',
  'input/column-differs',
  'output/unsuited-loss',
]);

export type Readiness =
  | { readonly kind: 'ready' }
  /** `reason`: one sentence. `tab`: where it can be mended. */
  | { readonly kind: 'blocked'; readonly reason: string; readonly tab: 'training' | 'data' | 'problems' };

/** Of the network and its data; whether the settings are sound too says `selectReadiness`. */
export function readiness(compiled: CompileResult, dataset: Dataset | null): Readiness {
  const errors = compiled.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return blocked(errors);
  if (compiled.network === null)
    return {
      kind: 'blocked',
      reason: 'There is nothing to train yet. Drop a model or open an example.',
      tab: 'training',
    };
  if (dataset === null) {
    const reason = 'There is no data to train on. Choose it under Data.';
    return { kind: 'blocked', reason, tab: 'data' };
  }
  const unsuited = compiled.diagnostics.filter(({ code }) => DATA_CODES.has(code));
  return unsuited.length > 0 ? blocked(unsuited) : { kind: 'ready' };
}

function blocked(problems: readonly Diagnostic[]): Readiness {
  const [first] = problems;
  const more = problems.length > 1 ? ` And ${problems.length - 1} more.` : '';
  return { kind: 'blocked', reason: `${first?.message ?? ''}${more}`, tab: 'problems' };
}

export function columnNamed(dataset: Dataset, name: string | null): Column | null {
  return dataset.columns.find(column => column.name === name) ?? null;
}

/** With the batch first. */
export function shapeOfRow(column: Column): Shape {
  return column.kind === 'numbers' ? [null, ...column.rowShape] : [null];
}

/** Whether a column can feed an input: numbers of its shape; one number a row also feeds an input of one value. */
export function columnFeeds(column: Column, shape: Shape): boolean {
  if (column.kind !== 'numbers') return false;
  return shapeFits(shapeOfRow(column), shape) || (column.rowShape.length === 0 && sizeOfRow(shape) === 1);
}

/** What arrives at an output node. */
export function shapeAtHead(document: ProjectDocument, compiled: CompileResult, node: NodeId): Shape | null {
  const wire = Object.values(document.wires).find(({ to }) => to.node === node);
  return wire === undefined ? null : (compiled.wires.get(wire.id)?.shape ?? null);
}
