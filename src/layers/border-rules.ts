/** What the layers share that add zeros around their input or cut off its edges. */
import { type Dim, formatShape, type Shape } from '../network/shape';
import { type DataFormat, dataFormat, joinChannels, splitChannels } from './data-format';
import { type Case, defineLayer, type Example, type ShapeResult } from './layer-type';
import * as p from './params';
import { problem, shapes } from './shape-rules';

/** `[before, after]` for each axis between batch and channels. */
export type Borders = readonly (readonly number[])[];

interface Definition {
  readonly type: string;
  readonly help: string;
  readonly example: Example;
  readonly cases: readonly Case[];
}

interface DefinitionOfRank extends Definition {
  readonly rank: 2 | 3;
  readonly factory: string | null;
}

/** Before and after the one axis of a sequence: Keras writes this pair without brackets around it. */
function pair(does: 'add' | 'cut'): p.ParamSpec<readonly number[]> {
  const spec = p.ints([1, 1], { min: 0, help: `How many steps to ${does} at the start and at the end.` });
  return {
    ...spec,
    form: { kind: 'ints', length: 2 },
    parse(given) {
      const parsed = spec.parse(typeof given === 'number' ? [given, given] : given);
      return 'value' in parsed && parsed.value.length === 2
        ? parsed
        : { problem: 'must be two whole numbers, none negative' };
    },
  };
}

/** As many pairs as the layer has axes between batch and channels. */
function pairs(rank: 2 | 3, size: number, does: 'add' | 'cut'): p.ParamSpec<Borders> {
  const help =
    rank === 2
      ? `How many rows to ${does} at the top and the bottom, and how many columns left and right.`
      : `How many values to ${does} at the start and at the end of each of the three axes.`;
  const value = Array.from({ length: rank }, () => [size, size]);
  return p.pairs(rank, value, { help });
}

export function defineZeroPadding1D(def: Definition) {
  return defineLayer({
    ...def,
    category: 'Reshape',
    inputs: { ranks: [3] },
    params: { padding: pair('add'), data_format: dataFormat() },
    tfjs: null,
    outputShapes: ({ padding, data_format }, [input = []]) => padded([padding], input, data_format),
  });
}

export function defineZeroPadding(def: DefinitionOfRank) {
  return defineLayer({
    type: def.type,
    category: 'Reshape',
    help: def.help,
    inputs: { ranks: [def.rank + 2] },
    params: { padding: pairs(def.rank, 1, 'add'), data_format: dataFormat() },
    tfjs: def.factory,
    example: def.example,
    cases: def.cases,
    outputShapes: ({ padding, data_format }, [input = []]) => padded(padding, input, data_format),
  });
}

function padded(borders: Borders, input: Shape, format: DataFormat): ShapeResult {
  const { batch, spatial, channels } = splitChannels(input, format);
  const sizes = spatial.map((dim, i): Dim => {
    const [before = 0, after = 0] = borders[i] ?? [];
    return dim === null ? null : dim + before + after;
  });
  return shapes(joinChannels({ batch, spatial: sizes, channels }, format));
}

/** Keras has no other order of the axes here. */
export function defineCropping1D(def: Definition) {
  return defineLayer({
    ...def,
    category: 'Reshape',
    inputs: { ranks: [3] },
    params: { cropping: pair('cut') },
    tfjs: null,
    outputShapes: ({ cropping }, [input = []]) => cropped(def.type, [cropping], input, 'channels_last'),
  });
}

/** `size`: what Keras cuts off each edge where nothing is said. */
export function defineCropping(def: DefinitionOfRank & { readonly size: number }) {
  return defineLayer({
    type: def.type,
    category: 'Reshape',
    help: def.help,
    inputs: { ranks: [def.rank + 2] },
    params: { cropping: pairs(def.rank, def.size, 'cut'), data_format: dataFormat() },
    tfjs: def.factory,
    example: def.example,
    cases: def.cases,
    outputShapes: ({ cropping, data_format }, [input = []]) =>
      cropped(def.type, cropping, input, data_format),
  });
}

function cropped(type: string, borders: Borders, input: Shape, format: DataFormat): ShapeResult {
  const { batch, spatial, channels } = splitChannels(input, format);
  const sizes = spatial.map((dim, i): Dim => {
    const [before = 0, after = 0] = borders[i] ?? [];
    return dim === null ? null : dim - before - after;
  });
  if (sizes.some(size => size !== null && size < 1)) {
    return problem(`${type} cuts everything off its input of ${formatShape([null, ...spatial])}: cut less.`);
  }
  return shapes(joinChannels({ batch, spatial: sizes, channels }, format));
}
