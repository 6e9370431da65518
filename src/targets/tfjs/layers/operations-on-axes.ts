/** The operations that reduce, move or cut axes (https://keras.io/api/ops/numpy/). */
import * as tf from '@tensorflow/tfjs';
import { listAxes, resolveAxes } from '../../../layers/axis-rules';
import * as reductions from '../../../layers/defs/operations-reductions';
import * as shapes from '../../../layers/defs/operations-shapes';
import type { ConfigOf } from '../../../layers/params';
import { parseSlices, placesOf, spreadSlices } from '../../../layers/slices';
import { logSumExp } from './activations';
import { collapse } from './collapse';
import { implement } from './implementation';
import { maximum, minimum } from './stretch';

/** `reduce` keeps the axes with size 1. */
function reduced(
  x: tf.Tensor,
  { axis, keepdims }: ConfigOf<(typeof reductions.opsMean)['params']>,
  reduce: (x: tf.Tensor, axes: number[]) => tf.Tensor,
): tf.Tensor {
  const gone = resolveAxes(axis ?? [], x.rank);
  const { shape, axes } = collapse(x.shape, gone);
  const result = reduce(tf.reshape(tf.cast(x, 'float32'), [...shape]), axes);
  const kept = x.shape.map((size, i) => (gone.includes(i) ? 1 : size));
  return tf.reshape(result, keepdims ? kept : x.shape.filter((_, i) => !gone.includes(i)));
}

function implementReduction(
  type: typeof reductions.opsMean,
  reduce: (x: tf.Tensor, axes: number[]) => tf.Tensor,
) {
  return implement(type, ({ config, x }) => reduced(x, config, reduce));
}

function variance(x: tf.Tensor, axes: number[]): tf.Tensor {
  return tf.mean(tf.square(tf.sub(x, tf.mean(x, axes, true))), axes, true);
}

export const opsMean = implementReduction(reductions.opsMean, (x, axes) => tf.mean(x, axes, true));
export const opsSum = implementReduction(reductions.opsSum, (x, axes) => tf.sum(x, axes, true));
export const opsProd = implementReduction(reductions.opsProd, (x, axes) => tf.prod(x, axes, true));
export const opsVar = implementReduction(reductions.opsVar, variance);
export const opsStd = implementReduction(reductions.opsStd, (x, axes) => tf.sqrt(variance(x, axes)));
export const opsAmax = implementReduction(reductions.opsAmax, (x, axes) => tf.max(x, axes, true));
export const opsAmin = implementReduction(reductions.opsAmin, (x, axes) => tf.min(x, axes, true));
export const opsLogsumexp = implementReduction(reductions.opsLogsumexp, logSumExp);

export const opsMax = implement(reductions.opsMax, ({ config, x }) => {
  const largest = reduced(x, config, (given, axes) => tf.max(given, axes, true));
  return config.initial === null ? largest : maximum(largest, tf.scalar(config.initial));
});

export const opsMin = implement(reductions.opsMin, ({ config, x }) => {
  const smallest = reduced(x, config, (given, axes) => tf.min(given, axes, true));
  return config.initial === null ? smallest : minimum(smallest, tf.scalar(config.initial));
});

export const opsReshape = implement(shapes.opsReshape, ({ config, x }) =>
  tf.reshape(x, [x.shape[0] ?? 1, ...config.newshape.slice(1)]),
);

export const opsTranspose = implement(shapes.opsTranspose, ({ config, x }) =>
  tf.transpose(x, config.axes === null ? undefined : config.axes.map(axis => plain(axis, x.rank))),
);

function plain(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

export const opsConcatenate = implement(shapes.opsConcatenate, ({ config, x, inputs }) =>
  tf.concat([...inputs], plain(config.axis, x.rank)),
);

export const opsStack = implement(shapes.opsStack, ({ config, x, inputs }) =>
  tf.stack([...inputs], plain(config.axis, x.rank + 1)),
);

export const opsExpandDims = implement(shapes.opsExpandDims, ({ config, x }) => {
  const places = listAxes(config.axis);
  const shape = resolveAxes(places, x.rank + places.length).reduce<readonly number[]>(
    (sizes, place) => sizes.toSpliced(place, 0, 1),
    x.shape,
  );
  return tf.reshape(x, [...shape]);
});

export const opsSqueeze = implement(shapes.opsSqueeze, ({ config, x }) => {
  const gone = config.axis === null ? onesOf(x) : resolveAxes(config.axis, x.rank);
  return tf.reshape(
    x,
    x.shape.filter((_, i) => !gone.includes(i)),
  );
});

function onesOf(x: tf.Tensor): readonly number[] {
  return x.shape.flatMap((size, i) => (size === 1 && i > 0 ? [i] : []));
}

export const opsSwapaxes = implement(shapes.opsSwapaxes, ({ config, x }) => {
  const [a, b] = [plain(config.axis1, x.rank), plain(config.axis2, x.rank)];
  return tf.transpose(
    x,
    x.shape.map((_, i) => (i === a ? b : i === b ? a : i)),
  );
});

export const opsFlip = implement(shapes.opsFlip, ({ config, x }) =>
  resolveAxes(config.axis ?? [], x.rank).reduce(turnAround, x),
);

/** TensorFlow.js turns tensors of up to four axes around. */
function turnAround(x: tf.Tensor, axis: number): tf.Tensor {
  const { shape, axes } = collapse(x.shape, [axis]);
  return tf.reshape(tf.reverse(tf.reshape(x, [...shape]), axes), x.shape);
}

export const opsGetItem = implement(shapes.opsGetItem, ({ config, x }) => {
  const slices = spreadSlices(parseSlices(config.key) ?? [], x.rank) ?? [];
  const shape: number[] = [];
  let result = x;
  let axis = 0;
  for (const slice of slices) {
    if (slice.kind === 'at') {
      result = takePlaces(result, axis, {
        first: plain(slice.index, result.shape[axis] ?? 1),
        count: 1,
        step: 1,
      });
      axis++;
    } else if (slice.kind === 'range') {
      const size = result.shape[axis] ?? 1;
      const places = placesOf(slice, size);
      result = takePlaces(result, axis, places);
      shape.push(places.count);
      axis++;
    } else {
      shape.push(1);
    }
  }
  return tf.reshape(result, shape);
});

/** StridedSlice has no gradient in TensorFlow.js 4.22: places that don't stand side by side are gathered. */
function takePlaces(
  x: tf.Tensor,
  axis: number,
  { first, count, step }: { readonly first: number; readonly count: number; readonly step: number },
): tf.Tensor {
  const size = x.shape[axis] ?? 1;
  if (first === 0 && count === size && step === 1) return x;
  const { shape, axes } = collapse(x.shape, [axis]);
  const [place = 0] = axes;
  const flat = tf.reshape(x, [...shape]);
  const taken =
    step === 1
      ? tf.slice(
          flat,
          shape.map((_, i) => (i === place ? first : 0)),
          shape.map((all, i) => (i === place ? count : all)),
        )
      : tf.gather(
          flat,
          Array.from({ length: count }, (_, i) => first + i * step),
          place,
        );
  return tf.reshape(taken, x.shape.with(axis, count));
}

export const opsMatmul = implement(shapes.opsMatmul, ({ inputs: [a, b] }) => {
  if (a === undefined || b === undefined)
    throw new Error('ops.Matmul was called on fewer than two branches.');
  return tf.matMul(a, b);
});
