/**
 * The merges that work value by value, as Keras' `Merge` and its classes do. Sizes of 1 are stretched; branches with fewer axes get
 * new ones after the batch. Masks say where a branch has nothing: Maximum, Minimum and Multiply then take the others' values.
 */
import * as tf from '@tensorflow/tfjs';
import * as addDefs from '../../../layers/defs/add';
import * as averageDefs from '../../../layers/defs/average';
import * as maximumDefs from '../../../layers/defs/maximum';
import * as minimumDefs from '../../../layers/defs/minimum';
import * as multiplyDefs from '../../../layers/defs/multiply';
import * as subtractDefs from '../../../layers/defs/subtract';
import { implement, type LayerCall, type Mask } from './implementation';
import { maximum as largest, minimum as smallest } from './stretch';

interface Branch {
  readonly tensor: tf.Tensor;
  /** Of as many axes as `tensor`; null: everything counts. */
  readonly mask: Mask;
}

/** All of one rank. As in Keras, a branch that has to be given more axes loses its mask. */
function alignBranches({ inputs, masks }: Pick<LayerCall, 'inputs' | 'masks'>): readonly Branch[] {
  const rank = Math.max(...inputs.map(input => input.rank));
  return inputs.map((input, i) => {
    const mask = masks[i] ?? null;
    if (input.rank === rank) return { tensor: input, mask: mask && withAxes(mask, rank) };
    const [batch = 1, ...rest] = input.shape;
    const added = Array.from({ length: rank - input.rank }, () => 1);
    return { tensor: tf.reshape(input, [batch, ...added, ...rest]), mask: null };
  });
}

function withAxes(mask: tf.Tensor, rank: number): tf.Tensor {
  return tf.reshape(mask, [...mask.shape, ...Array.from({ length: rank - mask.rank }, () => 1)]);
}

function fold(branches: readonly Branch[], merge: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): tf.Tensor {
  return branches.map(({ tensor }) => tensor).reduce(merge);
}

/** Masked where all are, if all have a mask. */
function mergedMask({ masks }: Pick<LayerCall, 'masks'>): readonly Mask[] {
  const given = masks.filter(mask => mask !== null);
  return [given.length < masks.length ? null : given.reduce((a, b) => tf.logicalOr(a, b))];
}

export const add = implement(
  addDefs.add,
  call => fold(alignBranches(call), (a, b) => tf.add(a, b)),
  mergedMask,
);

export const subtract = implement(
  subtractDefs.subtract,
  call => fold(alignBranches(call), (a, b) => tf.sub(a, b)),
  mergedMask,
);

export const average = implement(
  averageDefs.average,
  call =>
    tf.div(
      fold(alignBranches(call), (a, b) => tf.add(a, b)),
      call.inputs.length,
    ),
  mergedMask,
);

export const multiply = implement(
  multiplyDefs.multiply,
  call => {
    const branches = alignBranches(call);
    const product = fold(
      branches.map(({ tensor, mask }) => ({
        tensor: mask === null ? tensor : tf.where(mask, tensor, 1),
        mask,
      })),
      (a, b) => tf.mul(a, b),
    );
    const given = branches.flatMap(({ mask }) => mask ?? []);
    if (given.length < branches.length) return product;
    return tf.where(
      given.reduce((a, b) => tf.logicalOr(a, b)),
      product,
      0,
    );
  },
  mergedMask,
);

export const maximum = implement(
  maximumDefs.maximum,
  call => extreme(alignBranches(call), largest),
  mergedMask,
);

export const minimum = implement(
  minimumDefs.minimum,
  call => extreme(alignBranches(call), smallest),
  mergedMask,
);

/** Where one side is masked, the other's value stands for both. */
function extreme(branches: readonly Branch[], pick: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): tf.Tensor {
  const { tensor } = branches.reduce((left, right) => {
    const b = right.mask === null ? right.tensor : tf.where(right.mask, right.tensor, left.tensor);
    const a = left.mask === null ? left.tensor : tf.where(left.mask, left.tensor, b);
    const mask = left.mask === null || right.mask === null ? null : tf.logicalOr(left.mask, right.mask);
    return { tensor: pick(a, b), mask };
  });
  return tensor;
}
