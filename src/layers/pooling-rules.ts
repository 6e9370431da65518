/** What the poolings share: those of 1, 2 and 3 axes differ only in numbers. */
import {
  type DataFormat,
  dataFormat,
  isPaddedByStock,
  joinChannels,
  padding,
  splitChannels,
  windowed,
} from './data-format';
import { type Case, defineLayer, type Example } from './layer-type';
import * as p from './params';
import { problem, shapes } from './shape-rules';

type Mode = 'max' | 'average';
type Rank = 1 | 2 | 3;

const AXES = { 1: 'steps', 2: 'height and width', 3: 'depth, height and width' } as const;
const WHOLE = { 1: 'all steps', 2: 'the whole picture', 3: 'the whole volume' } as const;
const KEPT = { max: 'largest value', average: 'average' } as const;

/** TensorFlow.js' one-dimensional poolings know the usual order only. */
function formatFor(rank: Rank): p.ParamSpec<DataFormat> {
  return dataFormat(rank === 1 ? ['channels_last'] : undefined);
}

export function definePooling(def: {
  readonly type: string;
  readonly factory: string;
  readonly rank: Rank;
  readonly mode: Mode;
  readonly example: Example;
  readonly cases: readonly Case[];
}) {
  return defineLayer({
    type: def.type,
    category: 'Pooling',
    help: `Shrinks ${AXES[def.rank]}: keeps the ${KEPT[def.mode]} of each window.`,
    inputs: { ranks: [def.rank + 2] },
    params: {
      pool_size: p.size(
        def.rank,
        Array.from({ length: def.rank }, () => 2),
        // Keras gives the size a default for the largest value, not for the average.
        { required: def.mode === 'average', help: 'The size of the window; 2 halves the size.' },
      ),
      strides: p.nullable(
        p.size(
          def.rank,
          Array.from({ length: def.rank }, () => 2),
          { help: 'How far the window moves at each step; none: as far as it is large.', advanced: true },
        ),
      ),
      padding: padding(),
      data_format: formatFor(def.rank),
    },
    tfjs: def.factory,
    example: def.example,
    cases: def.cases,
    isStock: ({ pool_size, strides, padding }) => isPaddedByStock(pool_size, strides ?? pool_size, padding),
    outputShapes(config, [input = []]) {
      const { batch, spatial, channels } = splitChannels(input, config.data_format);
      const { pool_size: size, padding } = config;
      const moved = windowed(def.type, spatial, { size, strides: config.strides ?? size, padding });
      if ('message' in moved) return problem(moved.message);
      return shapes(joinChannels({ batch, spatial: moved.sizes, channels }, config.data_format));
    },
  });
}

export function defineGlobalPooling(def: {
  readonly type: string;
  readonly factory: string | null;
  readonly rank: Rank;
  readonly mode: Mode;
  readonly example: Example;
  readonly cases: readonly Case[];
}) {
  return defineLayer({
    type: def.type,
    category: 'Pooling',
    help: `Keeps one value per channel: the ${KEPT[def.mode]} over ${WHOLE[def.rank]}.`,
    inputs: { ranks: [def.rank + 2] },
    params: {
      data_format: formatFor(def.rank),
      keepdims: p.bool(false, {
        help: 'Keeps the shrunk axes with size 1.',
        advanced: true,
        tfjs: null,
        tfjsValues: [false],
      }),
    },
    // GlobalAveragePooling1D alone looks at a mask: it leaves out what isn't there, and nothing is left to mask.
    masking: def.rank === 1 && def.mode === 'average' ? 'own' : 'ends',
    tfjs: def.factory,
    example: def.example,
    cases: def.cases,
    outputShapes(config, [input = []]) {
      const { batch, spatial, channels } = splitChannels(input, config.data_format);
      if (!config.keepdims) return shapes([batch, channels]);
      return shapes(joinChannels({ batch, spatial: spatial.map(() => 1), channels }, config.data_format));
    },
  });
}

export function defineAdaptivePooling(def: {
  readonly type: string;
  readonly rank: Rank;
  readonly mode: Mode;
  readonly example: Example;
  readonly cases: readonly Case[];
}) {
  return defineLayer({
    type: def.type,
    category: 'Pooling',
    help: `Shrinks ${AXES[def.rank]} to sizes that you choose, whatever comes in: keeps the ${KEPT[def.mode]} of each part.`,
    inputs: { ranks: [def.rank + 2] },
    params: {
      output_size: p.size(
        def.rank,
        Array.from({ length: def.rank }, () => 1),
        { required: true, help: 'The sizes that come out.' },
      ),
      data_format: dataFormat(),
    },
    tfjs: null,
    example: def.example,
    cases: def.cases,
    outputShapes(config, [input = []]) {
      const { batch, channels } = splitChannels(input, config.data_format);
      return shapes(joinChannels({ batch, spatial: config.output_size, channels }, config.data_format));
    },
  });
}
