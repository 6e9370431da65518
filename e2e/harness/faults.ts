/** Operations that stock TensorFlow.js computes wrongly on WebGPU, without an error, each beside what is right. */
import * as tf from '@tensorflow/tfjs';
import { startBackend } from '../../src/targets/tfjs/backend';

interface Fault {
  compute(): tf.Tensor;
  readonly right: readonly number[];
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

const FAULTS = {
  'transposing booleans': {
    compute: () => tf.transpose(tf.tensor([1, 0, 1, 1, 0, 0], [1, 2, 3], 'bool'), [2, 1, 0]),
    right: [1, 1, 0, 0, 1, 0],
  },
  'counting booleans along the first axis': {
    compute: () => tf.sum(tf.cast(tf.tensor([1, 0, 1, 1, 0, 1, 1, 1], [2, 2, 2], 'bool'), 'float32'), 0),
    right: [1, 1, 2, 2],
  },
  'adding a list to rank 5': {
    compute: () => tf.add(tf.tensor(upTo(8), [1, 2, 2, 1, 2]), tf.tensor([10, 20])),
    right: [10, 21, 12, 23, 14, 25, 16, 27],
  },
  'multiplying rank 6 by a list': {
    compute: () => tf.mul(tf.tensor(upTo(8), [1, 2, 1, 2, 1, 2]), tf.tensor([1, 10])),
    right: [0, 10, 2, 30, 4, 50, 6, 70],
  },
  'padding rank 5': {
    compute: () =>
      tf.pad(
        tf.tensor([1, 2, 3, 4], [1, 2, 1, 2, 1]),
        [
          [0, 0],
          [1, 0],
          [0, 0],
          [0, 1],
          [0, 0],
        ],
        7,
      ),
    right: [7, 7, 7, 1, 2, 7, 3, 4, 7],
  },
  'the gradient of slicing rank 5': {
    compute: () =>
      tf.grad(x => tf.slice(x, [0, 1, 0, 0, 0], [1, 1, 1, 2, 1]))(tf.tensor(upTo(4), [1, 2, 1, 2, 1])),
    right: [0, 0, 1, 1],
  },
  'adding up nine tensors': {
    compute: () => tf.addN(upTo(9).map(i => tf.tensor([i, 1, 2 * i]))),
    right: [36, 9, 72],
  },
  'adding up thirty tensors': {
    compute: () => tf.addN(upTo(30).map(i => tf.tensor([i, 1]))),
    right: [435, 30],
  },
  'adding up from the end, after another length': {
    compute: () => {
      const sumFromEnd = (count: number) => tf.cumsum(tf.tensor(upTo(count)), 0, false, true);
      sumFromEnd(3);
      return sumFromEnd(5);
    },
    right: [10, 10, 9, 7, 4],
  },
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;

/** What the operation answers in stock TensorFlow.js or as Graft runs it. One page can only do one of the two. */
async function compute(name: FaultName, mended: boolean) {
  if (mended) await startBackend('webgpu');
  else {
    await import('@tensorflow/tfjs-backend-webgpu');
    await tf.setBackend('webgpu');
  }
  // Small tensors would be computed on the CPU, where the results are right.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  const { compute: run, right }: Fault = FAULTS[name];
  const found = await run().data();
  return { backend: tf.getBackend(), found: [...found], right: [...right] };
}

const faults = { names: Object.keys(FAULTS) as FaultName[], compute };
declare global {
  interface Window {
    faults: typeof faults;
  }
}
window.faults = faults;
