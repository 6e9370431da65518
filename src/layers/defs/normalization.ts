import { type Axes, axes, listAxes, resolveAxes } from '../axis-rules';
import { defineLayer } from '../layer-type';
import * as p from '../params';
import { problem, shapes } from '../shape-rules';
import { weight } from '../weight-rules';

/** null, and as some versions write it, no axes: one mean and variance for all values. */
const channels = axes(
  'The axis, or axes, along which each place has its own mean; none: one for all values.',
);
const axis: p.ParamSpec<Axes | null> = {
  ...channels,
  nullable: true,
  parse: given =>
    given === null || (Array.isArray(given) && given.length === 0) ? { value: null } : channels.parse(given),
};

function statistic(help: string) {
  return p.nullable(p.numbers(0, { help }));
}

/** https://keras.io/api/layers/preprocessing_layers/numerical/normalization/ */
export const normalization = defineLayer({
  type: 'Normalization',
  category: 'Preprocessing',
  help: 'Brings values to average 0 and spread 1 by a mean and a variance that are known beforehand.',
  inputs: { minRank: 2, values: 'any' },
  params: {
    axis,
    mean: statistic('The mean, or one for each place along the axis; none: what Keras’ adapt() found.'),
    variance: statistic(
      'The variance, or one for each place along the axis; none: what Keras’ adapt() found.',
    ),
    invert: p.bool(false, { help: 'The other way: from average 0 and spread 1 to this mean and variance.' }),
  },
  masking: 'passes',
  tfjs: null,
  example: { config: { mean: 1, variance: 4 }, inputs: [[null, 4]], outputs: [[null, 4]] },
  cases: [
    { config: {}, inputs: [[null, 4]] },
    { config: { invert: true }, inputs: [[null, 3, 2]] },
    { config: { mean: [0, 1, 2], variance: [1, 2, 0.25] }, inputs: [[null, 2, 2, 3]] },
    { config: { axis: null }, inputs: [[null, 3, 2]] },
    { config: { axis: [1, -1] }, inputs: [[null, 3, 2, 2]] },
    { config: { axis: 1, mean: [0, 1, 2], variance: [1, 2, 3], invert: true }, inputs: [[null, 3, 2]] },
    { config: { axis: [1, 2], mean: [0.5, 1], variance: [1, 2] }, inputs: [[null, 3, 2]] },
  ],
  checkConfig: ({ mean, variance }) =>
    (mean === null) === (variance === null) ? null : 'mean and variance must both be there, or neither.',
  outputShapes({ axis, mean, variance }, [input = []]) {
    const kept = keptSizes(axis, input.length);
    if (kept.length !== (axis === null ? 0 : listAxes(axis).length) || kept.includes(0)) {
      return problem(
        `Normalization can't use axis ${listAxes(axis ?? []).join(', ')}: its input has axes 1 to ${input.length - 1}, each to be named once.`,
      );
    }
    const sizes = kept.map(item => input[item] ?? null);
    if (sizes.includes(null)) return problem('Normalization needs to know the sizes of its axes.');
    for (const [name, value] of Object.entries({ mean, variance })) {
      const given = value === null ? [] : p.shapeOfNumbers(value);
      const fits =
        given !== null &&
        given.length <= sizes.length &&
        given.every((size, i) => size === 1 || size === sizes[sizes.length - given.length + i]);
      if (!fits)
        return problem(
          `The ${name} of Normalization must be one number, or one for each place along its axis.`,
        );
    }
    return shapes(input);
  },
  weights({ axis, mean }, [input = []]) {
    if (mean !== null) return [];
    const sizes = keptSizes(axis, input.length).map(item => input[item] ?? null);
    const start = (class_name: string) => ({ class_name, config: {} });
    return [
      weight('mean', sizes, start('Zeros'), false),
      weight('variance', sizes, start('Ones'), false),
      // How many values adapt() has seen, from older versions of Keras: it says nothing any more.
      weight('count', [], start('Zeros'), false),
    ];
  },
});

function keptSizes(axis: Axes | null, rank: number): readonly number[] {
  return axis === null ? [] : [...new Set(resolveAxes(axis, rank))];
}
