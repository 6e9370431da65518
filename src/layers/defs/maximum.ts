import { defineElementwise } from '../elementwise';

/** https://keras.io/api/layers/merging_layers/maximum/ */
export const maximum = defineElementwise({
  type: 'Maximum',
  help: 'Keeps the largest of the branches value by value.',
  tfjs: 'maximum',
});
