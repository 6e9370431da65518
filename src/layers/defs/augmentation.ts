/** Pictures changed at random in training: https://keras.io/api/layers/preprocessing_layers/image_augmentation/. */
import type { Json } from '../../base/json';
import { dataFormat } from '../data-format';
import { defineLayer, type LayerType } from '../layer-type';
import { seed } from '../noise-rules';
import * as p from '../params';
import { shapes } from '../shape-rules';

/** One number stands for both directions; `[lower, upper]` for a range. */
function factor(help: string): p.ParamSpec<p.Numbers> {
  const spec = p.numbers(0.1, { required: true, help });
  return {
    ...spec,
    parse(given) {
      const parsed = spec.parse(given);
      if ('problem' in parsed) return parsed;
      const list = typeof parsed.value === 'number' ? [parsed.value] : parsed.value;
      const fits =
        list.every(item => typeof item === 'number' && item >= -1 && item <= 1) &&
        (typeof parsed.value === 'number' || list.length === 2);
      return fits
        ? parsed
        : { problem: 'must be a number from -1 to 1, or the two ends of a range of such numbers' };
    },
  };
}

const valueRange: p.ParamSpec<p.Numbers> = p.numbers([0, 255], {
  help: 'The smallest and the largest value that a picture can have; what lies beyond is cut off.',
  advanced: true,
});

function defineAugmentation<const P extends p.ParamSpecs>(
  type: string,
  help: string,
  params: P,
  config: Readonly<Record<string, Json>> = {},
): LayerType<P> {
  return defineLayer({
    type,
    category: 'Preprocessing',
    help,
    inputs: { ranks: [4], values: 'any' },
    params,
    stochastic: true,
    tfjs: null,
    example: { config, inputs: [[null, 4, 5, 3]], outputs: [[null, 4, 5, 3]] },
    outputShapes: (_, [input = []]) => shapes(input),
  });
}

const fillMode = p.choice(['reflect', 'wrap', 'constant', 'nearest'], 'reflect', {
  help: 'What stands beyond the border: the picture mirrored, again, one value, or the last values.',
  advanced: true,
});
const interpolation = p.choice(['bilinear', 'nearest'], 'bilinear', {
  help: 'Whether values between places are blended, or the nearest is taken.',
  advanced: true,
});
const fillValue = p.float(0, {
  help: "What stands beyond the border with fill_mode 'constant'.",
  advanced: true,
});

const moved = {
  fill_mode: fillMode,
  interpolation,
  ...seed,
  fill_value: fillValue,
  data_format: dataFormat(),
};

export const randomFlip = defineAugmentation(
  'RandomFlip',
  'Mirrors every second picture, at random, in training.',
  {
    mode: p.choice(['horizontal_and_vertical', 'horizontal', 'vertical'], 'horizontal_and_vertical', {
      help: 'Left and right, top and bottom, or both.',
    }),
    ...seed,
    data_format: dataFormat(),
  },
);

export const randomRotation = defineAugmentation(
  'RandomRotation',
  'Turns each picture by a random angle in training.',
  { factor: factor('The largest turn, as a share of a full one.'), ...moved },
  { factor: 0.1 },
);

export const randomTranslation = defineAugmentation(
  'RandomTranslation',
  'Moves each picture by a random distance in training.',
  {
    height_factor: factor('The largest way up or down, as a share of the height.'),
    width_factor: factor('The largest way left or right, as a share of the width.'),
    ...moved,
  },
  { height_factor: 0.1, width_factor: 0.2 },
);

export const randomZoom = defineAugmentation(
  'RandomZoom',
  'Makes each picture larger or smaller at random in training.',
  {
    height_factor: factor('How far the height may change: above 0 away, below 0 nearer.'),
    width_factor: p.nullable({
      ...factor('As height_factor, for the width; none: as the height.'),
      required: false,
    }),
    ...moved,
  },
  { height_factor: 0.2 },
);

export const randomContrast = defineAugmentation(
  'RandomContrast',
  'Changes how far each picture’s values lie from their average, at random, in training.',
  { factor: factor('The largest change, from 0 to 1.'), value_range: valueRange, ...seed },
  { factor: 0.2 },
);

export const randomBrightness = defineAugmentation(
  'RandomBrightness',
  'Makes each picture brighter or darker at random in training.',
  {
    factor: factor('The largest change, as a share of the range of values.'),
    value_range: valueRange,
    ...seed,
  },
  { factor: 0.2 },
);
