import { defineElementwise } from '../elementwise';

/** https://keras.io/api/layers/merging_layers/subtract/ */
export const subtract = defineElementwise({
  type: 'Subtract',
  help: 'Subtracts the second branch from the first value by value: what is left is how they differ.',
  max: 2,
  tfjs: {
    steps: () => [
      { type: 'Rescaling', config: { scale: -1, offset: 0 }, inputs: [{ input: 1 }] },
      { type: 'Add', config: {}, inputs: [{ input: 0 }, { step: 0 }] },
    ],
  },
});
