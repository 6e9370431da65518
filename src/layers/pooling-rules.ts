/** What the poolings share: those of 1, 2 and 3 axes differ only in numbers. */
import { channelsLastOnly, dataFormat, joinChannels, padding, splitChannels, windowed } from './data-format';
import { defineLayer, type Example } from './layer-type';
import * as p from './params';
import { problem, shapes } from './shape-rules';

/** TensorFlow.js' one-dimensional poolings don't know the option. */
function formatFor(rank: number) {
  return rank === 1 ? channelsLastOnly('TensorFlow.js pools sequences in this order only') : dataFormat();
}

export function definePooling(def: {
  readonly type: string;
  readonly factory: string;
  readonly rank: 1 | 2 | 3;
  readonly mode: 'max' | 'average';
  readonly example: Example;
}) {
  const max = def.mode === 'max';
  const axes = ['steps', 'height and width', 'depth, height and width'][def.rank - 1];
  return defineLayer({
    type: def.type,
    category: 'Pooling',
    help: `Shrinks ${axes}: keeps the ${max ? 'largest value' : 'average'} of each window.`,
    inputs: { ranks: [def.rank + 2] },
    params: {
      pool_size: p.size(
        def.rank,
        Array.from({ length: def.rank }, () => 2),
        // Keras gives the size a default for the largest value, not for the average.
        { required: !max, help: 'The size of the window; 2 halves the size.' },
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
  readonly factory: string;
  readonly rank: 1 | 2;
  readonly mode: 'max' | 'average';
  readonly example: Example;
}) {
  const what = def.mode === 'max' ? 'largest value' : 'average';
  return defineLayer({
    type: def.type,
    category: 'Pooling',
    help: `Keeps one value per channel: the ${what} over ${def.rank === 1 ? 'all steps' : 'the whole picture'}.`,
    inputs: { ranks: [def.rank + 2] },
    params: {
      data_format: formatFor(def.rank),
      keepdims: p.fixed(false, {
        help: 'Keeps the shrunk axes with size 1.',
        why: 'TensorFlow.js always removes the axes, and a Reshape can bring them back',
        tfjs: null,
      }),
    },
    tfjs: def.factory,
    example: def.example,
    outputShapes(config, [input = []]) {
      const { batch, channels } = splitChannels(input, config.data_format);
      return shapes([batch, channels]);
    },
  });
}
