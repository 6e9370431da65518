/**
 * On the CPU backend of tfjs 4.22 `tf.image.transform` returns after the first picture of a batch and leaves the others empty
 * (kernels/Transform.js of tfjs-backend-cpu: the result stands inside the loop; not reported). Way out: one picture at a time.
 */
import * as tf from '@tensorflow/tfjs';

/** `rows`: eight numbers for each picture, as `tf.image.transform` takes them. The pictures keep their size. */
export function transformPictures(
  pictures: tf.Tensor4D,
  rows: tf.Tensor2D,
  options: {
    readonly interpolation: 'bilinear' | 'nearest';
    readonly fill_mode: 'constant' | 'nearest' | 'reflect' | 'wrap';
    readonly fill_value: number;
  },
): tf.Tensor4D {
  const [, height, width] = pictures.shape;
  const transform = (some: tf.Tensor4D, by: tf.Tensor2D) =>
    tf.image.transform(some, by, options.interpolation, options.fill_mode, options.fill_value, [
      height,
      width,
    ]);
  if (tf.getBackend() !== 'cpu' || pictures.shape[0] < 2) return transform(pictures, rows);
  const own = tf.split(rows, pictures.shape[0]);
  const alone = tf.split<tf.Tensor4D>(pictures, pictures.shape[0]);
  return tf.concat(alone.map((one, i) => transform(one, (own[i] ?? rows) as tf.Tensor2D)));
}
