import { defineElementwise } from '../elementwise';

/** https://keras.io/api/layers/merging_layers/multiply/ */
export const multiply = defineElementwise({
  type: 'Multiply',
  help: 'Multiplies the branches value by value: one branch decides how much of the other passes.',
  tfjs: 'multiply',
});
