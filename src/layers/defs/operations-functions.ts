/** Functions of each value: https://keras.io/api/ops/numpy/ and https://keras.io/api/ops/nn/. */
import { axis } from '../axis-rules';
import { defineFunction, defineOperation } from '../operation-rules';
import * as p from '../params';
import { problem, resolveAxis, shapes } from '../shape-rules';

export const opsAbsolute = defineFunction('Absolute', 'Drops the sign of each value.', {});
export const opsCos = defineFunction('Cos', 'The cosine of each value.', {});
export const opsErf = defineFunction('Erf', 'The error function of each value, an S from -1 to 1.', {});
export const opsExp = defineFunction('Exp', 'The number e to the power of each value.', {});
export const opsExpm1 = defineFunction('Expm1', 'The number e to the power of each value, minus 1.', {});
export const opsHardSigmoid = defineFunction(
  'HardSigmoid',
  'An S from 0 to 1 made of straight lines: x/6 + 0.5 between.',
  {},
);
export const opsHardSilu = defineFunction('HardSilu', 'Each value times its hard sigmoid.', {});
export const opsHardTanh = defineFunction('HardTanh', 'Limits each value to -1 to 1.', {});
export const opsLog = defineFunction('Log', 'The natural logarithm of each value.', {});
export const opsLog1p = defineFunction('Log1p', 'The natural logarithm of 1 plus each value.', {});
export const opsLogSigmoid = defineFunction('LogSigmoid', 'The logarithm of the sigmoid of each value.', {});
export const opsNegative = defineOperation({
  name: 'Negative',
  help: 'Turns the sign of each value.',
  params: {},
  tfjs: { steps: () => [{ type: 'Rescaling', config: { scale: -1, offset: 0 }, inputs: [{ input: 0 }] }] },
  example: { config: {}, inputs: [[null, 6]], outputs: [[null, 6]] },
  outputShapes: (_, [input = []]) => shapes(input),
});
export const opsReciprocal = defineFunction('Reciprocal', 'One divided by each value.', {});
export const opsRelu = defineFunction(
  'Relu',
  'Keeps positive values and turns negative ones into 0.',
  {},
  [],
  'relu',
);
export const opsRelu6 = defineFunction(
  'Relu6',
  'Keeps values from 0 to 6 and limits the others.',
  {},
  [],
  'relu6',
);
export const opsRsqrt = defineFunction('Rsqrt', 'One divided by the square root of each value.', {});
export const opsSelu = defineFunction(
  'Selu',
  'Keeps positive values, bends negative ones, and scales both so that spreads stay.',
  {},
  [],
  'selu',
);
export const opsSigmoid = defineFunction('Sigmoid', 'An S from 0 to 1.', {}, [], 'sigmoid');
export const opsSign = defineFunction('Sign', 'Turns positive values into 1 and negative ones into -1.', {});
export const opsSilu = defineFunction('Silu', 'Each value times its sigmoid.', {}, [], 'silu');
export const opsSin = defineFunction('Sin', 'The sine of each value.', {});
export const opsSoftplus = defineFunction('Softplus', 'A smooth form of relu.', {}, [], 'softplus');
export const opsSoftsign = defineFunction(
  'Softsign',
  'An S from -1 to 1 with slow ends.',
  {},
  [],
  'softsign',
);
export const opsSparsePlus = defineFunction('SparsePlus', 'A form of softplus that is 0 below -1.', {});
export const opsSparseSigmoid = defineFunction(
  'SparseSigmoid',
  'An S from 0 to 1 made of straight lines between -1 and 1.',
  {},
);
export const opsSqrt = defineFunction('Sqrt', 'The square root of each value.', {});
export const opsSquare = defineFunction('Square', 'Each value times itself.', {});
export const opsTanh = defineFunction('Tanh', 'An S from -1 to 1.', {}, [], 'tanh');
export const opsTanhShrink = defineFunction('TanhShrink', 'Each value minus its tanh.', {});

const slope = p.float(0.2, { help: 'How much of a negative value passes.' });

export const opsLeakyRelu = defineFunction(
  'LeakyRelu',
  'Keeps positive values and a small part of negative ones.',
  { negative_slope: slope },
  [{}, { negative_slope: 0.5 }],
);

const limit = p.float(1, { help: 'The value that large negative values reach.' });

export const opsElu = defineFunction(
  'Elu',
  'Keeps positive values and bends negative ones softly towards a limit.',
  { alpha: limit },
  [{}, { alpha: 0.5 }],
);

export const opsCelu = defineFunction(
  'Celu',
  'Keeps positive values and bends negative ones smoothly towards a limit.',
  { alpha: limit },
  [{}, { alpha: 0.5 }],
);

export const opsGelu = defineFunction(
  'Gelu',
  'Each value times the share of a normal distribution below it.',
  { approximate: p.bool(true, { help: 'By tanh instead of the error function.' }) },
  [{}, { approximate: false }],
);

const edge = p.float(0.5, { help: 'The size up to which values become 0.' });

export const opsHardShrink = defineFunction(
  'HardShrink',
  'Turns small values into 0 and keeps the others.',
  { threshold: edge },
  [{}, { threshold: 1 }],
);

export const opsSoftShrink = defineFunction(
  'SoftShrink',
  'Turns small values into 0 and brings the others nearer to it.',
  { threshold: edge },
  [{}, { threshold: 1 }],
);

export const opsSquareplus = defineFunction(
  'Squareplus',
  'A smooth form of relu made of a square root.',
  { b: p.float(4, { min: 0, help: 'How smooth it is.' }) },
  [{}, { b: 1 }],
);

export const opsThreshold = defineFunction(
  'Threshold',
  'Keeps values above a threshold and replaces the others.',
  {
    threshold: p.float(0, { required: true, help: 'The value above which values are kept.' }),
    default_value: p.float(0, { required: true, help: 'What the others become.' }),
  },
  [
    { threshold: 0, default_value: 0 },
    { threshold: 0.5, default_value: -1 },
  ],
);

export const opsClip = defineFunction(
  'Clip',
  'Limits each value to a range.',
  {
    x_min: p.float(0, { required: true, help: 'The smallest value that passes.' }),
    x_max: p.float(1, { required: true, help: 'The largest value that passes.' }),
  },
  [
    { x_min: 0, x_max: 1 },
    { x_min: -0.5, x_max: 6 },
  ],
);

/** Keras 3's data types that a network here can hold between layers. */
const DTYPES = ['float32', 'int32'] as const;

export const opsCast = defineOperation({
  name: 'Cast',
  help: 'Turns values into another type: whole numbers lose what stands after the point.',
  params: { dtype: p.choice(DTYPES, 'float32', { required: true, help: 'The type.' }) },
  example: { config: { dtype: 'float32' }, inputs: [[null, 4]], outputs: [[null, 4]] },
  outputShapes: (_, [input = []]) => shapes(input),
});

function defineShares(name: 'Softmax' | 'LogSoftmax', help: string) {
  return defineOperation({
    name,
    help,
    params: { axis: axis('The axis along which the shares add up to 1; -1 is the last.') },
    example: { config: {}, inputs: [[null, 4]], outputs: [[null, 4]] },
    cases: [{ config: { axis: 1 }, inputs: [[null, 3, 4]] }],
    outputShapes(config, [input = []]) {
      const found = resolveAxis(config.axis, input.length);
      return found === null || found === 0
        ? problem(`ops.${name} can't use axis ${config.axis}: its input has axes 1 to ${input.length - 1}.`)
        : shapes(input);
    },
  });
}

export const opsSoftmax = defineShares('Softmax', 'Turns values into shares that add up to 1.');

export const opsLogSoftmax = defineShares('LogSoftmax', 'The logarithms of shares that add up to 1.');
