/**
 * What the operations of `keras.ops` share, which Keras 3 writes as nodes of a functional model (https://keras.io/api/ops/). They
 * have no weights and know no masks, and unlike layers they count all axes alike: what would mix the rows of a batch is refused.
 */
import type { Json } from '../base/json';
import type { Dim, Shape } from '../network/shape';
import { type Axes, axes, checkAxes, resolveAxes } from './axis-rules';
import {
  type Case,
  defineLayer,
  type Example,
  type InputRule,
  type LayerType,
  type ShapeResult,
} from './layer-type';
import * as p from './params';
import { problem, shapes } from './shape-rules';

interface Definition<P extends p.ParamSpecs> {
  /** The class of the operation: `Add`. */
  readonly name: string;
  readonly help: string;
  readonly inputs?: Partial<InputRule>;
  readonly params: P;
  readonly tfjs?: Parameters<typeof defineLayer<P>>[0]['tfjs'];
  readonly example: Example;
  readonly cases?: readonly Case[];
  isStock?(config: p.ConfigOf<P>, inputs: readonly Shape[]): boolean;
  checkConfig?(config: p.ConfigOf<P>): string | null;
  outputShapes(config: p.ConfigOf<P>, inputs: readonly Shape[]): ShapeResult;
}

export function defineOperation<const P extends p.ParamSpecs>({
  name,
  inputs,
  tfjs,
  ...def
}: Definition<P>): LayerType<P> {
  return defineLayer({
    ...def,
    type: `ops.${name}`,
    category: 'Operations',
    inputs: { minRank: 2, values: 'any', ...inputs },
    tfjs: tfjs ?? null,
  });
}

/** A function of each value. `activation`: what stock TensorFlow.js calls it. */
export function defineFunction<const P extends p.ParamSpecs>(
  name: string,
  help: string,
  params: P,
  cases: readonly Readonly<Record<string, Json>>[] = [],
  activation: p.Activation | null = null,
): LayerType<P> {
  return defineOperation({
    name,
    help,
    params,
    tfjs:
      activation === null
        ? null
        : { steps: () => [{ type: 'Activation', config: { activation }, inputs: [{ input: 0 }] }] },
    example: { config: cases[0] ?? {}, inputs: [[null, 6]], outputs: [[null, 6]] },
    cases: cases.slice(1).map(config => ({ config, inputs: [[null, 2, 4]] })),
    outputShapes: (_, [input = []]) => shapes(input),
  });
}

/** A tensor that isn't an input is a number here, or a list of numbers. */
function operand(place: string): p.ParamSpec<p.Numbers | null> {
  return p.nullable(
    p.numbers(1, { required: true, help: `A number instead of the ${place} branch; none: a branch.` }),
  );
}
export const operands = { x1: operand('first'), x2: operand('second') };

export interface Operands {
  readonly x1: p.Numbers | null;
  readonly x2: p.Numbers | null;
}

export function checkOperands({ x1, x2 }: Operands): string | null {
  return x1 !== null && x2 !== null ? 'Only one of x1 and x2 can be a number: the other is a branch.' : null;
}

/** Sizes of 1 are stretched, and lists of numbers stand for the last axes. */
export function operationShape(name: string, config: Operands, inputs: readonly Shape[]): ShapeResult {
  const constant = config.x1 ?? config.x2;
  if (inputs.length !== (constant === null ? 2 : 1)) {
    return problem(
      constant === null
        ? `ops.${name} needs two branches, or one and a number as x1 or x2.`
        : `ops.${name} has a number instead of the second branch: take one branch away, or the number.`,
    );
  }
  const [first = [], second] = inputs;
  if (second !== undefined) {
    if (first.length !== second.length)
      return problem(
        `ops.${name} needs branches with equally many axes: the layer of that name adds axes where one has fewer.`,
      );
    const merged = stretch(first, second);
    const message = `ops.${name} needs branches of equal sizes.`;
    return merged === null
      ? { problem: { kind: 'sizes-differ', input: 1, wanted: first, message } }
      : shapes(merged);
  }
  const list = p.shapeOfNumbers(constant ?? 0);
  if (list === null) return problem(`The lists of numbers of ops.${name} must be equally long.`);
  const merged =
    list.length < first.length
      ? stretch(first, [...Array.from({ length: first.length - list.length }, () => 1), ...list])
      : null;
  return merged === null
    ? problem(
        `The numbers of ops.${name} have the sizes ${list.join(' × ')}, which must be those of its input’s last axes.`,
      )
    : shapes(merged);
}

function stretch(a: Shape, b: Shape): Shape | null {
  const merged: Dim[] = [];
  for (const [axis, x] of a.entries()) {
    const y = b[axis] ?? null;
    if (axis === 0) merged.push(x ?? (y === 1 ? null : y));
    else if (x === 1) merged.push(y);
    else if (y === 1 || y === x) merged.push(x);
    else if (x === null || y === null) merged.push(x ?? y);
    else return null;
  }
  return merged;
}

/** Mean, Sum, …: one value for all along the axes. */
export function defineReduction(name: string, help: string) {
  return defineOperation({
    name,
    help,
    params: {
      axis: p.nullable(axes('The axis, or axes, that disappear; none: all, the batch too.'), null),
      keepdims: p.bool(false, { help: 'Keeps the axes with size 1.' }),
    },
    example: { config: { axis: -1 }, inputs: [[null, 3, 4]], outputs: [[null, 3]] },
    cases: [
      { config: { axis: 1, keepdims: true }, inputs: [[null, 3, 4]] },
      { config: { axis: [1, 2] }, inputs: [[null, 3, 2, 4]] },
      { config: { axis: [-1, 1], keepdims: true }, inputs: [[null, 3, 2, 4]] },
    ],
    outputShapes: ({ axis, keepdims }, [input = []]) => reducedShape(name, axis, keepdims, input),
  });
}

export function reducedShape(name: string, axis: Axes | null, keepdims: boolean, input: Shape): ShapeResult {
  if (axis === null)
    return problem(`ops.${name} would mix the rows of a batch: set axis to the axes of one row.`);
  const message = checkAxes(`ops.${name}`, axis, input);
  if (message !== null) return problem(message);
  const gone = resolveAxes(axis, input.length);
  return shapes(
    keepdims
      ? input.map((dim, i) => (gone.includes(i) ? 1 : dim))
      : input.filter((_, i) => !gone.includes(i)),
  );
}
