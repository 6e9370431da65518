import { defineElementwise } from '../elementwise';

/** https://keras.io/api/layers/merging_layers/minimum/ */
export const minimum = defineElementwise({
  type: 'Minimum',
  help: 'Keeps the smallest of the branches value by value.',
  tfjs: 'minimum',
});
