import { isJsonArray } from '../../base/json';
import type { Shape } from '../../network/shape';
import { type Einsum, readEquation, sizesOf } from '../einsum-rules';
import { defineLayer, type WeightSpec } from '../layer-type';
import * as p from '../params';
import { problem, shapes } from '../shape-rules';
import { constraints, initializers, regularizers, weight } from '../weight-rules';

/** null: the size that the input has along this axis. */
const sizes: p.ParamSpec<readonly (number | null)[]> = {
  ...p.ints([32], {
    required: true,
    help: 'The sizes of the result, without the batch and what ... stands for.',
    min: 1,
  }),
  parse(given) {
    const list = isJsonArray(given) ? given : [given];
    return list.every(size => size === null || (Number.isInteger(size) && (size as number) >= 1))
      ? { value: list as readonly (number | null)[] }
      : { problem: 'must be a list of whole numbers of at least 1, or null for a size of the input' };
  },
};

/** https://keras.io/api/layers/core_layers/einsum_dense/ */
export const einsumDense = defineLayer({
  type: 'EinsumDense',
  category: 'Core',
  help: 'A Dense layer along axes of one’s choice: an equation says which axes are multiplied and added up.',
  inputs: { minRank: 2 },
  params: {
    equation: p.text('...x,xy->...y', {
      required: true,
      help: 'The axes of the input and of the kernel, and which of them the result has.',
    }),
    output_shape: sizes,
    activation: p.activation('linear', { help: 'Applied to the result.' }),
    bias_axes: p.nullable(p.text('y', { help: 'The axes of the result that get a trainable value each.' })),
    ...initializers({ kernel: 'GlorotUniform', bias: 'Zeros' }),
    ...regularizers(['kernel', 'bias']),
    ...constraints(['kernel', 'bias']),
  },
  tfjs: null,
  example: {
    config: { equation: 'abc,cd->abd', output_shape: [null, 4], bias_axes: 'd' },
    inputs: [[null, 3, 2]],
    outputs: [[null, 3, 4]],
  },
  cases: [
    {
      config: { equation: 'abc,cde->abde', output_shape: [null, 2, 3], bias_axes: 'de', activation: 'relu' },
      inputs: [[null, null, 4]],
    },
    { config: { equation: 'abcd,cde->abe', output_shape: [null, 3] }, inputs: [[null, 2, 3, 4]] },
    { config: { equation: '...x,xy->...y', output_shape: 3, bias_axes: 'y' }, inputs: [[null, 2, 3]] },
    // A kernel for each step, axes in another order, an axis that is only added up.
    {
      config: { equation: 'abcd,bdf->afb', output_shape: [4, 3], bias_axes: 'f' },
      inputs: [[null, 3, 2, 5]],
    },
    { config: { equation: 'ab...,bc->ac...', output_shape: 4, bias_axes: 'c' }, inputs: [[null, 3, 2]] },
  ],
  checkConfig({ equation, bias_axes }) {
    const einsum = readEquation(equation, null);
    if ('message' in einsum) return einsum.message;
    const odd = [...(bias_axes ?? '')].find(axis => !einsum.output.includes(axis) || /\d/.test(axis));
    return odd === undefined ? null : `bias_axes has ${odd}, which isn't an axis of the result.`;
  },
  outputShapes(config, [input = []]) {
    const einsum = readEquation(config.equation, input.length);
    if ('message' in einsum) return problem(einsum.message);
    const all = sizesOf(einsum, input, config.output_shape);
    if ('message' in all) return problem(all.message);
    return shapes(einsum.output.map(label => all.get(label) ?? null));
  },
  weights(config, [input]) {
    if (input === undefined) return rolesOf(config);
    const einsum = readEquation(config.equation, input.length);
    if ('message' in einsum) return [];
    const all = sizesOf(einsum, input, config.output_shape);
    if ('message' in all) return [];
    const kernel = weight(
      'kernel',
      einsum.kernel.map(label => all.get(label) ?? null),
      withAxes(config.kernel_initializer, einsum),
    );
    const axes = config.bias_axes ?? '';
    if (axes === '') return [kernel];
    const from = einsum.output.findIndex(label => axes.includes(label));
    const bias = einsum.output
      .slice(from)
      .map(label => (axes.includes(label) ? (all.get(label) ?? null) : 1));
    return [kernel, weight('bias', bias as Shape, config.bias_initializer)];
  },
});

/** Where nothing is known of the input, and so of the sizes. */
function rolesOf({
  bias_axes,
  kernel_initializer,
  bias_initializer,
}: {
  readonly bias_axes: string | null;
  readonly kernel_initializer: p.KerasObject;
  readonly bias_initializer: p.KerasObject;
}): readonly WeightSpec[] {
  const kernel = weight('kernel', [], kernel_initializer);
  return (bias_axes ?? '') === '' ? [kernel] : [kernel, weight('bias', [], bias_initializer)];
}

/** As Keras tells the initializer which axes of the kernel are inputs and which are outputs. */
function withAxes({ class_name, config }: p.KerasObject, { kernel, output }: Einsum): p.KerasObject {
  const axes = (isOutput: boolean) =>
    kernel.flatMap((label, i) => (output.includes(label) === isOutput ? [i] : []));
  return { class_name, config: { ...config, input_axes: axes(false), output_axes: axes(true) } };
}
