/**
 * The loop of all recurrent layers (Keras' `backend.rnn`): a cell is applied step by step, its states carried along. Steps that
 * a mask leaves out keep the states, and so repeat the result before them. It knows nothing of kinds of cells.
 */
import * as tf from '@tensorflow/tfjs';
import type { Mask } from './implementation';

export interface Cell {
  /** All that doesn't depend on the states, for all steps at once: `[batch, steps, …]` to `[batch, steps, …]`. */
  project(x: tf.Tensor): tf.Tensor;
  /** The states after one step. `projected`: what `project` returned for it, without the axis of the steps. */
  step(projected: tf.Tensor, states: readonly tf.Tensor[]): readonly tf.Tensor[];
  /** Which of the states is the cell's result too. */
  readonly result: number;
  /** Of one row, each: what the states are that begin with zeros. */
  readonly stateShapes: readonly (readonly number[])[];
}

export interface Sequence {
  /** `[batch, steps, …]`. */
  readonly x: tf.Tensor;
  /** `[batch, steps]`. */
  readonly mask: Mask;
  /** What it begins with. Empty: zeros. */
  readonly states: readonly tf.Tensor[];
  readonly config: {
    readonly go_backwards: boolean;
    readonly return_sequences: boolean;
    readonly return_state: boolean;
    readonly zero_output_for_mask: boolean;
  };
}

/** What a recurrent layer returns: the results of all steps, in the order in which they were read, or the last; its states. */
export function runSteps(cell: Cell, { x, mask, states: given, config }: Sequence): tf.Tensor[] {
  const inOrder = (all: tf.Tensor) => {
    const [rows = 1, steps = 1, ...step] = all.shape;
    // As rows of numbers, whatever a step is: WebGPU cuts and joins few axes safely.
    const each = tf
      .unstack(tf.reshape(all, [rows, steps, -1]), 1)
      .map(one => tf.reshape(one, [rows, ...step]));
    return config.go_backwards ? each.toReversed() : each;
  };
  const [batch = 0] = x.shape;
  const start = given.length > 0 ? given : cell.stateShapes.map(shape => tf.zeros([batch, ...shape]));
  // Masks are multiplied rather than selected with: fewer operations, and none that lacks a gradient.
  const kept = mask === null ? null : tf.cast(mask, 'float32');
  const keep = kept === null ? null : inOrder(kept);
  const skip = kept === null ? null : inOrder(tf.sub(1, kept));
  let states = start;
  const results: tf.Tensor[] = [];
  for (const [i, projected] of inOrder(cell.project(x)).entries()) {
    const before = states;
    const after = cell.step(projected, before);
    const [keepNow, skipNow] = [keep?.[i], skip?.[i]];
    states =
      keepNow === undefined || skipNow === undefined
        ? after
        : after.map((state, s) => tf.add(byRow(state, keepNow), byRow(before[s] ?? state, skipNow)));
    const result = states[cell.result] as tf.Tensor;
    results.push(keepNow !== undefined && config.zero_output_for_mask ? byRow(result, keepNow) : result);
  }
  const last = results.at(-1) as tf.Tensor;
  const output = config.return_sequences ? stackSteps(results, last.shape) : last;
  return [output, ...(config.return_state ? states : [])];
}

function stackSteps(results: readonly tf.Tensor[], [batch = 1, ...step]: readonly number[]): tf.Tensor {
  const rows = results.map(result => tf.reshape(result, [batch, -1]));
  return tf.reshape(tf.stack(rows, 1), [batch, results.length, ...step]);
}

/** Each row times its number in `factors`, which are `[batch]`. */
function byRow(rows: tf.Tensor, factors: tf.Tensor): tf.Tensor {
  const [batch = 1] = rows.shape;
  return tf.reshape(tf.mul(tf.reshape(rows, [batch, -1]), tf.reshape(factors, [batch, 1])), rows.shape);
}
