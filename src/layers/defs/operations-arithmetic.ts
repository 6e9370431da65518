/** https://keras.io/api/ops/numpy/ */
import type { TfjsStep } from '../layer-type';
import { checkOperands, defineOperation, type Operands, operands, operationShape } from '../operation-rules';

/** `stock`: layers of TensorFlow.js that do the same; null for operands of which it has none. */
function defineArithmetic(
  name: string,
  help: string,
  stock: ((config: Operands) => readonly TfjsStep[] | null) | null,
) {
  return defineOperation({
    name,
    help,
    inputs: { max: 2 },
    params: operands,
    tfjs: stock && { steps: config => stock(config) ?? [] },
    example: { config: { x1: null, x2: 2 }, inputs: [[null, 4]], outputs: [[null, 4]] },
    cases: [
      { config: { x1: 0.5, x2: null }, inputs: [[null, 3, 4]] },
      { config: { x1: null, x2: [0.5, 1, 2, 3] }, inputs: [[null, 3, 4]] },
      {
        config: { x1: null, x2: null },
        inputs: [
          [null, 3, 4],
          [null, 3, 4],
        ],
      },
      {
        config: { x1: null, x2: null },
        inputs: [
          [null, 1, 4],
          [null, 3, 1],
        ],
      },
    ].filter(({ config, inputs }) => name !== 'Power' || config.x1 !== null || inputs.length < 2),
    isStock: config => (stock?.(config) ?? null) !== null,
    checkConfig: checkOperands,
    outputShapes: (config, inputs) => operationShape(name, config, inputs),
  });
}

function rescale(scale: number, offset: number): readonly TfjsStep[] {
  return [{ type: 'Rescaling', config: { scale, offset }, inputs: [{ input: 0 }] }];
}

function merge(type: string): readonly TfjsStep[] {
  return [{ type, config: {}, inputs: [{ input: 0 }, { input: 1 }] }];
}

export const opsAdd = defineArithmetic(
  'Add',
  'Adds a number, or another branch value by value.',
  ({ x1, x2 }) => {
    const constant = x1 ?? x2;
    if (constant === null) return merge('Add');
    return typeof constant === 'number' ? rescale(1, constant) : null;
  },
);

export const opsSubtract = defineArithmetic(
  'Subtract',
  'Takes a number, or another branch, off each value, or each value off a number.',
  ({ x1, x2 }) => {
    if (typeof x2 === 'number') return rescale(1, -x2);
    return typeof x1 === 'number' ? rescale(-1, x1) : null;
  },
);

export const opsMultiply = defineArithmetic(
  'Multiply',
  'Multiplies with a number, or with another branch value by value.',
  ({ x1, x2 }) => {
    const constant = x1 ?? x2;
    if (constant === null) return merge('Multiply');
    return typeof constant === 'number' ? rescale(constant, 0) : null;
  },
);

const divide = ({ x2 }: Operands) => (typeof x2 === 'number' && x2 !== 0 ? rescale(1 / x2, 0) : null);

export const opsDivide = defineArithmetic(
  'Divide',
  'Divides by a number or by another branch, or a number by each value.',
  divide,
);

export const opsTrueDivide = defineArithmetic(
  'TrueDivide',
  'Divides by a number or by another branch, or a number by each value: what / means in Python.',
  divide,
);

export const opsPower = defineArithmetic(
  'Power',
  'Raises each value to a power, or a number to the power of each value.',
  null,
);

export const opsMaximum = defineArithmetic(
  'Maximum',
  'Keeps the larger of each value and a number, or another branch.',
  ({ x1, x2 }) => (x1 === null && x2 === null ? merge('Maximum') : null),
);

export const opsMinimum = defineArithmetic(
  'Minimum',
  'Keeps the smaller of each value and a number, or another branch.',
  ({ x1, x2 }) => (x1 === null && x2 === null ? merge('Minimum') : null),
);
