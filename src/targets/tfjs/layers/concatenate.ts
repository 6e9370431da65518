import * as tf from '@tensorflow/tfjs';
import { resolveAxes } from '../../../layers/axis-rules';
import * as defs from '../../../layers/defs/concatenate';
import { implement, type LayerCall, type Mask } from './implementation';

export const concatenate = implement(
  defs.concatenate,
  ({ config, inputs, x }) => tf.concat([...inputs], axisOf(config.axis, x)),
  call => [joinedMask(call)],
);

function axisOf(axis: number, x: tf.Tensor): number {
  return resolveAxes(axis, x.rank)[0] ?? x.rank - 1;
}

/** Along the steps the masks stand behind each other; along other axes a step counts if any branch has it. */
function joinedMask({ config, inputs, masks, x }: LayerCall<{ readonly axis: number }>): Mask {
  const isAlongSteps = axisOf(config.axis, x) === 1;
  const given = masks.filter(mask => mask !== null);
  if (given.length === 0 || x.rank < 3) return null;
  const all = inputs.map((input, i) => {
    const [batch = 1, steps = 1] = input.shape;
    return masks[i] ?? tf.ones([batch, steps], 'bool');
  });
  return isAlongSteps ? tf.concat(all, 1) : all.reduce((a, b) => tf.logicalOr(a, b));
}
