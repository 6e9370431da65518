/** Operations that move values and compute none, and the product of matrices: https://keras.io/api/ops/numpy/. */
import type { Dim, Shape } from '../../network/shape';
import { sizeOfRow } from '../../network/shape';
import { type Axes, axes, listAxes } from '../axis-rules';
import { defineOperation } from '../operation-rules';
import * as p from '../params';
import { problem, resolveAxis, shapes } from '../shape-rules';
import { parseSlices, slicedShape } from '../slices';
import { concatenate } from './concatenate';

const oneAxis = (value: number, help: string) => p.int(value, { help });
const BATCH_STAYS = 'the batch has to stay the first axis';

export const opsReshape = defineOperation({
  name: 'Reshape',
  help: 'Lays out the values of each row in other sizes.',
  params: {
    newshape: p.ints([-1], { required: true, help: 'The sizes, after -1 for the batch.' }),
  },
  tfjs: {
    steps: ({ newshape }) => [
      { type: 'Reshape', config: { target_shape: newshape.slice(1) }, inputs: [{ input: 0 }] },
    ],
  },
  example: { config: { newshape: [-1, 6] }, inputs: [[null, 2, 3]], outputs: [[null, 6]] },
  cases: [{ config: { newshape: [-1, 3, 2] }, inputs: [[null, 2, 3]] }],
  outputShapes({ newshape }, [input = []]) {
    const [batch, ...rest] = newshape;
    const size = sizeOfRow(input);
    const wanted = rest.reduce((product, dim) => product * dim, 1);
    if (batch !== -1 || rest.length === 0 || rest.some(dim => dim < 1)) {
      return problem(
        `ops.Reshape can't use ${newshape.join(', ')}: write -1 for the batch, then the sizes of one row.`,
      );
    }
    return size !== null && size !== wanted
      ? problem(
          `ops.Reshape can't lay out ${size} values as ${rest.join(' × ')}: choose sizes that multiply to ${size}.`,
        )
      : shapes([input[0] ?? null, ...rest]);
  },
});

export const opsTranspose = defineOperation({
  name: 'Transpose',
  help: 'Puts the axes in another order.',
  params: {
    axes: p.nullable(
      p.ints([0, 2, 1], { help: 'The axes in their new order, the batch (0) first; none: backwards.' }),
    ),
  },
  tfjs: {
    steps: ({ axes: order }) => [
      { type: 'Permute', config: { dims: (order ?? []).slice(1) }, inputs: [{ input: 0 }] },
    ],
  },
  example: { config: { axes: [0, 2, 1] }, inputs: [[null, 3, 4]], outputs: [[null, 4, 3]] },
  cases: [{ config: { axes: [0, 3, 1, 2] }, inputs: [[null, 2, 3, 4]] }],
  isStock: ({ axes: order }) => order?.every(axis => axis >= 0) === true,
  outputShapes({ axes: order }, [input = []]) {
    const found = (order ?? input.map((_, i) => input.length - 1 - i)).map(axis =>
      resolveAxis(axis, input.length),
    );
    if (found.length !== input.length || new Set(found).size < found.length || found.includes(null)) {
      return problem(`ops.Transpose has to name each of the axes 0 to ${input.length - 1} once.`);
    }
    return found[0] === 0
      ? shapes(found.map(axis => input[axis ?? 0] ?? null))
      : problem(`ops.Transpose can't use ${found.join(', ')}: ${BATCH_STAYS}.`);
  },
});

export const opsConcatenate = defineOperation({
  name: 'Concatenate',
  help: 'Puts branches side by side.',
  inputs: { min: 1, max: null },
  params: { axis: oneAxis(0, 'The axis along which they are put side by side; -1 is the last.') },
  tfjs: {
    steps: ({ axis }) => [{ type: 'Concatenate', config: { axis }, inputs: [{ input: 0 }, { input: 1 }] }],
  },
  example: {
    config: { axis: -1 },
    inputs: [
      [null, 4],
      [null, 3],
    ],
    outputs: [[null, 7]],
  },
  cases: [
    {
      config: { axis: 1 },
      inputs: [
        [null, 3, 2],
        [null, 1, 2],
        [null, 2, 2],
      ],
    },
  ],
  isStock: (_, inputs) => inputs.length === 2,
  outputShapes: ({ axis }, inputs) => concatenate.outputShapes({ axis }, inputs, () => undefined),
});

export const opsStack = defineOperation({
  name: 'Stack',
  help: 'Puts branches of equal sizes behind each other along a new axis.',
  inputs: { min: 1, max: null },
  params: { axis: oneAxis(0, 'Where the new axis stands; -1 is the last.') },
  example: {
    config: { axis: 1 },
    inputs: [
      [null, 4],
      [null, 4],
    ],
    outputs: [[null, 2, 4]],
  },
  cases: [
    {
      config: { axis: -1 },
      inputs: [
        [null, 3, 2],
        [null, 3, 2],
      ],
    },
  ],
  outputShapes({ axis }, inputs) {
    const [first = []] = inputs;
    const place = resolveAxis(axis, first.length + 1);
    if (place === null || place === 0) return problem(`ops.Stack can't use axis ${axis}: ${BATCH_STAYS}.`);
    const merged: Dim[] = [...first];
    for (const [index, input] of inputs.entries()) {
      const fits =
        input.length === first.length &&
        input.every((dim, i) => dim === null || (merged[i] ?? null) === null || dim === merged[i]);
      if (!fits) {
        const message = 'ops.Stack needs branches of equal sizes.';
        return { problem: { kind: 'sizes-differ', input: index, wanted: first, message } };
      }
      for (const [i, dim] of input.entries()) merged[i] = merged[i] ?? dim;
    }
    return shapes(merged.toSpliced(place, 0, inputs.length));
  },
});

/** Where new axes stand in the result, in rising order; null if there are no such places beside the batch. */
function placesOf(axis: Axes, rank: number): readonly number[] | null {
  const wanted = listAxes(axis);
  const places = wanted.flatMap(item => resolveAxis(item, rank + wanted.length) ?? []);
  return places.length === wanted.length && new Set(places).size === places.length && !places.includes(0)
    ? places.toSorted((a, b) => a - b)
    : null;
}

export const opsExpandDims = defineOperation({
  name: 'ExpandDims',
  help: 'Adds axes of size 1.',
  // One value in each row, which a sum over the last axis leaves, is made a row of one again.
  inputs: { minRank: 1 },
  params: {
    axis: {
      ...axes('Where the new axes stand in the result; -1 is the last.'),
      advanced: false,
      required: true,
    },
  },
  example: { config: { axis: 1 }, inputs: [[null, 4]], outputs: [[null, 1, 4]] },
  cases: [
    { config: { axis: -1 }, inputs: [[null, 4]] },
    { config: { axis: [1, -1] }, inputs: [[null, 4]] },
    { config: { axis: -1 }, inputs: [[null]] },
  ],
  outputShapes({ axis }, [input = []]) {
    const places = placesOf(axis, input.length);
    if (places === null)
      return problem(`ops.ExpandDims can't use axis ${listAxes(axis).join(', ')}: ${BATCH_STAYS}.`);
    return shapes(places.reduce<Shape>((shape, place) => shape.toSpliced(place, 0, 1), input));
  },
});

export const opsSqueeze = defineOperation({
  name: 'Squeeze',
  help: 'Takes away axes of size 1.',
  params: { axis: p.nullable(axes('The axes; none: all of size 1.'), null) },
  example: { config: { axis: 1 }, inputs: [[null, 1, 4]], outputs: [[null, 4]] },
  cases: [{ config: { axis: [1, -1] }, inputs: [[null, 1, 4, 1]] }],
  outputShapes({ axis }, [input = []]) {
    const gone =
      axis === null
        ? input.flatMap((dim, i) => (dim === 1 && i > 0 ? [i] : []))
        : listAxes(axis).map(item => resolveAxis(item, input.length));
    const fits = gone.every(item => item !== null && item > 0 && (input[item] === 1 || input[item] === null));
    return fits
      ? shapes(input.filter((_, i) => !gone.includes(i)))
      : problem(
          `ops.Squeeze can take away axes of size 1 only, and not the batch: its input is ${input.slice(1).join(' × ')}.`,
        );
  },
});

export const opsSwapaxes = defineOperation({
  name: 'Swapaxes',
  help: 'Exchanges two axes.',
  params: {
    axis1: p.int(1, { required: true, help: 'The one axis.' }),
    axis2: p.int(-1, { required: true, help: 'The other axis; -1 is the last.' }),
  },
  example: { config: { axis1: 1, axis2: 2 }, inputs: [[null, 3, 4]], outputs: [[null, 4, 3]] },
  cases: [{ config: { axis1: -1, axis2: 1 }, inputs: [[null, 2, 3, 4]] }],
  outputShapes({ axis1, axis2 }, [input = []]) {
    const [a, b] = [resolveAxis(axis1, input.length), resolveAxis(axis2, input.length)];
    if (a === null || b === null || a === 0 || b === 0) {
      return problem(
        `ops.Swapaxes can't exchange ${axis1} and ${axis2}: its input has axes 1 to ${input.length - 1}.`,
      );
    }
    return shapes(input.map((dim, i) => (i === a ? (input[b] ?? null) : i === b ? (input[a] ?? null) : dim)));
  },
});

export const opsFlip = defineOperation({
  name: 'Flip',
  help: 'Turns the order of the values along axes around.',
  params: { axis: p.nullable(axes('The axes; none: all, the batch too.'), null) },
  example: { config: { axis: 1 }, inputs: [[null, 3, 4]], outputs: [[null, 3, 4]] },
  cases: [{ config: { axis: [-1, 1] }, inputs: [[null, 3, 4]] }],
  outputShapes({ axis }, [input = []]) {
    const found = axis === null ? [0] : listAxes(axis).map(item => resolveAxis(item, input.length));
    return found.every(item => item !== null && item > 0)
      ? shapes(input)
      : problem(`ops.Flip would turn around the batch: choose from the axes 1 to ${input.length - 1}.`);
  },
});

export const opsGetItem = defineOperation({
  name: 'GetItem',
  help: 'Cuts out a part, as Python does with square brackets.',
  params: {
    key: p.text(':, 0', {
      required: true,
      help: 'What stands in the brackets, the batch first: as :, 0 (the first step) or :, 1:, ::2.',
    }),
  },
  example: { config: { key: ':, 0' }, inputs: [[null, 3, 4]], outputs: [[null, 4]] },
  cases: [
    { config: { key: '..., -1' }, inputs: [[null, 3, 4]] },
    { config: { key: ':, 1:, ::2' }, inputs: [[null, 3, 4]] },
    { config: { key: ':, None, -2:, 1:3' }, inputs: [[null, 3, 4]] },
    { config: { key: ':, ::-1' }, inputs: [[null, 3, 4]] },
    { config: { key: ':, :-1, ..., 0' }, inputs: [[null, 3, 2, 4]] },
  ],
  checkConfig: ({ key }) =>
    parseSlices(key) === null ? `key can't be ${key}: write it as Python does, as :, 0.` : null,
  outputShapes({ key }, [input = []]) {
    const result = slicedShape(parseSlices(key) ?? [], input);
    return 'shape' in result ? shapes(result.shape) : problem(`ops.GetItem ${result.problem}`);
  },
});

export const opsMatmul = defineOperation({
  name: 'Matmul',
  help: 'The products of the matrices in two branches, along their last two axes.',
  inputs: { min: 2, max: 2, minRank: 3 },
  params: {},
  example: {
    config: {},
    inputs: [
      [null, 2, 3],
      [null, 3, 4],
    ],
    outputs: [[null, 2, 4]],
  },
  cases: [
    {
      config: {},
      inputs: [
        [null, 2, 2, 3],
        [null, 2, 3, 2],
      ],
    },
  ],
  outputShapes(_, [a = [], b = []]) {
    const fits = a.length === b.length && a.slice(1, -2).every((dim, i) => dim === null || dim === b[i + 1]);
    if (!fits) return problem('ops.Matmul needs branches that are equal but for their last two axes.');
    const [inner, other] = [a[a.length - 1] ?? null, b[b.length - 2] ?? null];
    if (inner !== null && other !== null && inner !== other) {
      const wanted = b.with(b.length - 2, inner);
      const message = `ops.Matmul needs as many rows in the second branch as columns in the first, and ${other} is not ${inner}.`;
      return { problem: { kind: 'sizes-differ', input: 1, wanted, message } };
    }
    return shapes([...a.slice(0, -1), b[b.length - 1] ?? null]);
  },
});
