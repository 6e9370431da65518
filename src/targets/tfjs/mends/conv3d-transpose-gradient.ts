/**
 * Training a Conv3DTranspose with tfjs 4.22 throws "gradient function not found for Conv3DBackpropInputV2": the kernel has no
 * gradient on any backend, while its two-dimensional sister has one. https://github.com/tensorflow/tfjs/issues/6323
 */
import * as tf from '@tensorflow/tfjs';

type Size5D = [number, number, number, number, number];

/**
 * A transposed convolution without padding. `kernel`: `[depth, height, width, channels out, channels in]`. It is the gradient of
 * a convolution from `outputShape` to the shape of `x`; its own gradients are therefore that convolution, and that
 * convolution's gradient with respect to its kernel.
 */
export function conv3dTransposeWithGradient(
  x: tf.Tensor5D,
  kernel: tf.Tensor5D,
  outputShape: Size5D,
  strides: [number, number, number],
): tf.Tensor5D {
  const run = tf.customGrad((input, filter, save) => {
    const [values, weights] = [input as tf.Tensor5D, filter as tf.Tensor5D];
    (save as tf.GradSaveFunc)([values, weights]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [savedX, savedKernel] = saved as [tf.Tensor5D, tf.Tensor5D];
      const dx = tf.conv3d(dy as tf.Tensor5D, savedKernel, strides, 'valid');
      const attributes = { strides, pad: 'valid', filterShape: savedKernel.shape };
      const dKernel = tf
        .engine()
        .runKernel('Conv3DBackpropFilterV2', { x: dy, dy: savedX }, attributes) as tf.Tensor;
      return [dx, dKernel];
    };
    return { value: tf.conv3dTranspose(values, weights, outputShape, strides, 'valid'), gradFunc };
  });
  return run(x, kernel) as tf.Tensor5D;
}
