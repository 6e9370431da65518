/**
 * Columns as the arrays that a network's inputs and losses take, all rows. The compiler says beforehand what doesn't fit, so
 * `inputArray` and `targetArray` treat a mismatch as a bug; whoever isn't sure asks `toInput` and `toTarget`.
 */
import { type LossKind, TARGET_FORMS } from '../graph/objectives';
import type { ArrayData } from '../network/arrays';
import { type Dtype, formatShape, type Shape, shapeFits, sizeOf, sizeOfRow } from '../network/shape';
import type { ClassesColumn, Column, NumbersColumn } from './dataset';

/** `problem`: why not, in one sentence. */
export type Arrayed = { readonly array: ArrayData } | { readonly problem: string };

/** `shape`: what the input takes, the batch first. */
export function inputArray(column: Column, shape: Shape, dtype: Dtype): ArrayData {
  return unwrap(toInput(column, shape, dtype));
}

/** `shape`: what the network predicts for it, the batch first. */
export function targetArray(column: Column, loss: LossKind, shape: Shape): ArrayData {
  return unwrap(toTarget(column, loss, shape));
}

export function toInput(column: Column, shape: Shape, dtype: Dtype): Arrayed {
  if (column.kind === 'classes')
    return { problem: `'${column.name}' holds classes; an input takes a column of numbers.` };
  if (dtype !== 'float32' && dtype !== 'int32')
    return { problem: `'${column.name}' holds numbers, and the input takes values of type ${dtype}.` };
  const rows = numbersAs(column, shape, 'the input takes');
  if ('problem' in rows || dtype === 'float32') return rows;
  return { array: { shape: rows.array.shape, dtype, values: Int32Array.from(rows.array.values) } };
}

export function toTarget(column: Column, loss: LossKind, shape: Shape): Arrayed {
  const forms = TARGET_FORMS[loss];
  if (column.kind === 'numbers') {
    if (!forms.numbers)
      return { problem: `${loss} needs a column of classes, and '${column.name}' holds numbers.` };
    return numbersAs(column, shape, 'the network predicts');
  }
  if (forms.classes === null)
    return { problem: `${loss} needs a column of numbers, and '${column.name}' holds classes.` };
  return classesAs(column, loss, shape);
}

function numbersAs(column: NumbersColumn, shape: Shape, who: string): Arrayed {
  const given: Shape = [null, ...column.rowShape];
  // One number a row is a row of one value for a network.
  const single = column.rowShape.length === 0 && sizeOfRow(shape) === 1;
  if (!single && !shapeFits(given, shape)) {
    return {
      problem: `'${column.name}' has ${formatShape(given)} in each row, and ${who} ${formatShape(shape)}.`,
    };
  }
  const rowShape = single ? shape.slice(1).map(() => 1) : column.rowShape;
  const rows = column.values.length / sizeOf(column.rowShape);
  // A copy: arrays are transferred to workers, and what is transferred is gone here.
  return { array: { shape: [rows, ...rowShape], dtype: 'float32', values: column.values.slice() } };
}

function classesAs({ name, classes, values }: ClassesColumn, loss: LossKind, shape: Shape): Arrayed {
  const rows = values.length;
  const form = TARGET_FORMS[loss].classes;
  const binary = form === 'zero-or-one';
  if (binary && classes.length !== 2)
    return { problem: `${loss} needs two classes, and '${name}' has ${classes.length}.` };
  const wanted: Shape = [null, binary ? 1 : classes.length];
  if (!shapeFits(shape, wanted)) {
    const what = `'${name}' has ${classes.length} classes`;
    return {
      problem: `${what}: ${loss} needs ${formatShape(wanted)}, and the network predicts ${formatShape(shape)}.`,
    };
  }
  if (form === 'index') return { array: { shape: [rows], dtype: 'int32', values: values.slice() } };
  if (binary) return { array: { shape: [rows, 1], dtype: 'float32', values: Float32Array.from(values) } };
  const oneHot = new Float32Array(rows * classes.length);
  for (const [row, value] of values.entries()) oneHot[row * classes.length + value] = 1;
  return { array: { shape: [rows, classes.length], dtype: 'float32', values: oneHot } };
}

function unwrap(result: Arrayed): ArrayData {
  if ('problem' in result) throw new Error(result.problem);
  return result.array;
}
