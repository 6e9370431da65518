import { defineElementwise } from '../elementwise';

/** https://keras.io/api/layers/merging_layers/add/ */
export const add = defineElementwise({
  type: 'Add',
  help: 'Adds the branches value by value. Choose it when they speak about the same things.',
  tfjs: 'add',
});
