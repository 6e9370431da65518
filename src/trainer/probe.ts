/** What flows at chosen points of a network over some rows, and how alike the features at two of them are. */
import { predict } from './predict';
import type { ProbeParams, ProbeResult } from './protocol';
import { type Features, linearCka } from './similarity';
import { describeTensor } from './tensor-stats';

/** Features stay here: they can be large, and only what is said of them is wanted. @throws TrainerError as `predict` does. */
export async function probe({ network, inputs, pairs, backend }: ProbeParams): Promise<ProbeResult> {
  const result = await predict({ network, inputs, backend });
  const features = result.outputs.map(({ shape, values }): Features => {
    const rows = shape[0] ?? 0;
    return { rows, size: values.length / Math.max(1, rows), values };
  });
  return {
    backend: result.backend,
    stats: result.outputs.map(describeTensor),
    similarities: pairs.map(([a, b]) => {
      const [left, right] = [features[a], features[b]];
      if (left === undefined || right === undefined) throw new Error(`There is no output ${a} or ${b}`);
      return linearCka(left, right);
    }),
  };
}
