/** Files that Keras wrote while it ran on Theano, which nobody does any more. */
import { listNames, type Notes } from '../notes';
import type { Slots } from './slots';

const CONVOLUTIONS = /^(Conv[123]D|Conv[23]DTranspose|ConvLSTM2D|SeparableConv[12]D|DepthwiseConv2D)$/;

/** Theano convolved where TensorFlow correlates: its kernels run the other way along each axis of the picture. */
export function flipKernels(slots: readonly Slots[], notes: Notes): void {
  for (const { taker, found } of slots) {
    if (!CONVOLUTIONS.test(taker.layer.type)) continue;
    for (const [role, weight] of found) {
      if (weight === undefined || weight.shape.length < 3 || !(weight.values instanceof Float32Array))
        continue;
      const channels = weight.shape.slice(-2).reduce((product, size) => product * size, 1);
      const places = weight.values.length / channels;
      const values = new Float32Array(weight.values.length);
      for (let place = 0; place < places; place++) {
        const from = (places - 1 - place) * channels;
        values.set(weight.values.subarray(from, from + channels), place * channels);
      }
      found.set(role, { ...weight, values });
      notes.add('repair', 'theano', taker.layer.fileName, layers => {
        return `The kernels of ${listNames(layers)} were turned around, since Keras ran on Theano.`;
      });
    }
  }
}
