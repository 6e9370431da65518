/**
 * Which rows train, which validate and how much each counts, as Python. Keras' own `validation_split` would hold back the last rows,
 * with whatever factors their classes have, and its `class_weight` takes a single output.
 */
import type { Head } from '../../compiler/result';
import type { TrainingSettings } from '../../graph/training-settings';
import type { Shape } from '../../network/shape';
import { around, layOut, type Piece } from '../code/layout';
import { INDENT, toPython } from './python';

/** Whoever splits rows needs it. */
export const TAKE = `def take(data, rows):
    """These rows of an array, or of each array in a list. None stays None."""
    if isinstance(data, (list, tuple)):
        return [take(each, rows) for each in data]
    return None if data is None else np.asarray(data)[rows]`;

/** Whoever weighs the classes of several outputs needs it. */
export const WEIGH_CLASSES = `def weigh_classes(y, weights):
    """For each row the weight of its class, which is a number, 0 or 1, or a one-hot row."""
    y = np.asarray(y)
    classes = y.argmax(-1) if y.ndim > 1 and y.shape[1] > 1 else y.reshape(-1)
    return np.array(weights)[classes.astype(int)]`;

export interface ClassWeightPlan {
  /** What `fit` takes as `class_weight`; null: no class of a single output has a weight. */
  readonly inFit: Piece | null;
  /** Where Keras can't spread one `sample_weight` over all outputs: what each of them needs. */
  readonly perOutput: readonly OutputWeights[] | null;
  /** Those whose classes have weights, but numbers that nobody knows. */
  readonly unknown: readonly Head[];
}

interface OutputWeights {
  /** null: all its classes count alike. */
  readonly weights: readonly number[] | null;
  /** Axes of what it predicts, the rows included. */
  readonly rank: number;
}

/** `classes`: for each head as in `PythonTraining`. `shapes`: what the network predicts. */
export function planClassWeights(
  heads: readonly Head[],
  classes: readonly (readonly string[] | null)[],
  shapes: readonly (Shape | null)[],
): ClassWeightPlan {
  const perOutput = heads.map((head, index) => ({
    weights: weighClassesByNumber(head, classes[index] ?? null),
    rank: shapes[index]?.length ?? 2,
  }));
  const unknown = heads.filter(
    (head, index) => head.classWeights !== null && perOutput[index]?.weights === null,
  );
  const [only, ...others] = perOutput;
  // Keras makes one factor a row of class weights, which doesn't fit losses of several positions, nor do sample weights.
  const isPlain = perOutput.every(({ weights, rank }) => weights === null && rank <= 2);
  if (isPlain) return { inFit: null, perOutput: null, unknown };
  if (only === undefined || others.length > 0 || only.rank > 2) return { inFit: null, perOutput, unknown };
  const items = (only.weights ?? []).flatMap((weight, number) =>
    weight === 1 ? [] : [`${number}: ${toPython(weight)}`],
  );
  return { inFit: { open: '{', items, close: '}' }, perOutput: null, unknown };
}

/** By the numbers of the classes; those that aren't named count 1, as in Keras. null: all do, or nobody knows the classes. */
export function weighClassesByNumber(
  { classWeights }: Head,
  classes: readonly string[] | null,
): readonly number[] | null {
  if (classWeights === null || classes === null) return null;
  return classes.map(name => (Object.hasOwn(classWeights, name) ? (classWeights[name] ?? 1) : 1));
}

/** `rows`: how many there are, as code. `hasWeights`: whether there is a `sample_weight`. */
export function writeSplit(
  { validationSplit, seed }: TrainingSettings,
  rows: string,
  hasWeights: boolean,
): string[] {
  if (validationSplit === 0) return [];
  const data = hasWeights ? 'x, y, sample_weight' : 'x, y';
  return [
    '# Graft holds back as many rows, but others: as nearly as it can the same part of each class.',
    `order = np.random.default_rng(${seed >>> 0}).permutation(${rows})`,
    `count = round(${rows} * ${toPython(validationSplit)})`,
    `held_back = take((${data}), order[:count])`,
    `${data} = take((${data}), order[count:])`,
  ];
}

/** Before the split, one factor for all positions of a row. `rows`: how many there are, as code. */
export function writeSampleWeights({ perOutput }: ClassWeightPlan, rows: string): string[] {
  if (perOutput === null) return [];
  const items = perOutput.map(output => `own${spread(output)}`);
  return [
    `own = np.ones(${rows}) if sample_weight is None else np.asarray(sample_weight)`,
    perOutput.length > 1
      ? layOut({ open: 'sample_weight = [', items, close: ']' }, INDENT, 1)
      : `sample_weight = ${items[0]}`,
  ];
}

/** After the split: class weights don't reach validation, as in Keras. */
export function writeClassWeights({ perOutput }: ClassWeightPlan): string[] {
  return (perOutput ?? []).flatMap((output, index) => {
    if (output.weights === null) return [];
    const at = perOutput?.length === 1 ? '' : `[${index}]`;
    const call = { open: `weigh_classes(y${at}, [`, items: output.weights.map(toPython), close: '])' };
    const factors = around(`sample_weight${at} = sample_weight${at} * `, call, spread(output));
    return [layOut(factors, INDENT, 1)];
  });
}

function spread({ rank }: OutputWeights): string {
  return rank > 2 ? `.reshape(${toPython([-1, ...Array.from({ length: rank - 2 }, () => 1)])})` : '';
}
