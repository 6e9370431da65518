/** One value for many: https://keras.io/api/ops/numpy/. */
import { axes } from '../axis-rules';
import { defineOperation, defineReduction, reducedShape } from '../operation-rules';
import * as p from '../params';

export const opsMean = defineReduction('Mean', 'The average along axes.');
export const opsSum = defineReduction('Sum', 'The sum along axes.');
export const opsProd = defineReduction('Prod', 'The product along axes.');
export const opsVar = defineReduction('Var', 'The variance along axes.');
export const opsStd = defineReduction('Std', 'The standard deviation along axes.');
export const opsAmax = defineReduction('Amax', 'The largest value along axes.');
export const opsAmin = defineReduction('Amin', 'The smallest value along axes.');
export const opsLogsumexp = defineReduction(
  'Logsumexp',
  'The logarithm of the sum of exponentials along axes.',
);

function defineExtreme(name: 'Max' | 'Min', help: string) {
  return defineOperation({
    name,
    help,
    params: {
      axis: p.nullable(axes('The axis, or axes, that disappear; none: all, the batch too.'), null),
      keepdims: p.bool(false, { help: 'Keeps the axes with size 1.' }),
      initial: p.nullable(p.float(0, { help: 'A value that takes part besides.', advanced: true })),
    },
    example: { config: { axis: -1 }, inputs: [[null, 3, 4]], outputs: [[null, 3]] },
    cases: [
      { config: { axis: [1, 2], keepdims: true }, inputs: [[null, 3, 2, 4]] },
      { config: { axis: 1, initial: 0.5 }, inputs: [[null, 3, 4]] },
    ],
    outputShapes: ({ axis, keepdims }, [input = []]) => reducedShape(name, axis, keepdims, input),
  });
}

export const opsMax = defineExtreme('Max', 'The largest value along axes.');
export const opsMin = defineExtreme('Min', 'The smallest value along axes.');
