import { defineCropping1D } from '../border-rules';

/** https://keras.io/api/layers/reshaping_layers/cropping1d/ */
export const cropping1d = defineCropping1D({
  type: 'Cropping1D',
  help: 'Cuts steps off the ends of a sequence.',
  example: { config: { cropping: [1, 2] }, inputs: [[null, 6, 2]], outputs: [[null, 3, 2]] },
  cases: [{ config: {}, inputs: [[null, null, 2]] }],
});
