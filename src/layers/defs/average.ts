import { defineElementwise } from '../elementwise';

/** https://keras.io/api/layers/merging_layers/average/ */
export const average = defineElementwise({
  type: 'Average',
  help: 'Takes the mean of the branches value by value: an ensemble in which each has the same say.',
  tfjs: 'average',
});
