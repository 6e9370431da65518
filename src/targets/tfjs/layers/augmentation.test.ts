/** A range whose ends are equal leaves nothing to chance: then Keras 3.15.1 (on JAX) must have got the same pictures. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { must } from '../../../base/assert';
import type { JsonObject } from '../../../base/json';
import { lookUpLayer } from '../../../layers/table';
import type { LayerWeights } from './implementation';
import { applyLayer } from './table';
import keras from './testing/augmentation.json';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const noWeights: LayerWeights = {
  get: role => {
    throw new Error(role);
  },
  find: () => null,
  assign: () => {},
  inside: () => noWeights,
};

function run(type: string, config: JsonObject, x: tf.Tensor, training = true): tf.Tensor {
  must(lookUpLayer(type), type);
  const call = { inputs: [x], masks: [null], training, weights: noWeights, addPenalty: () => {} };
  return must(applyLayer({ type, config }, call).outputs[0], 'a picture');
}

function kerasPicture(): tf.Tensor {
  return tf.tensor(keras.input, keras.shape, 'float32');
}

describe.each(keras.cases.map(one => [one.type, one.config as JsonObject, one.output] as const))(
  '%s %j',
  (type, config, output) => {
    test('makes the picture that Keras makes', () => {
      const found = run(type, config, kerasPicture()).dataSync();
      // Values lie between 0 and 255.
      for (const [i, value] of output.entries()) expect(found[i]).toBeCloseTo(value, 2);
    });

    test('leaves pictures as they are outside training', () => {
      const x = kerasPicture();
      expect([...run(type, config, x, false).dataSync()]).toEqual(keras.input);
    });

    test('lets gradients be taken', () => {
      const gradient = tf.grad(x => tf.sum(run(type, config, x)))(kerasPicture());
      expect(gradient.shape).toEqual(keras.shape);
    });
  },
);

test('about half of the pictures are mirrored, each whole', () => {
  const rows = 400;
  const x = tf.tile(tf.tensor([1, 2, 3], [1, 1, 3, 1]), [rows, 1, 1, 1]);
  const found = run('RandomFlip', { mode: 'horizontal' }, x).arraySync() as number[][][][];
  const texts = found.map(picture => picture.flat(2).join());
  expect(new Set(texts)).toEqual(new Set(['1,2,3', '3,2,1']));
  const mirrored = texts.filter(text => text === '3,2,1').length;
  // Five standard deviations of 400 draws are 50.
  expect(Math.abs(mirrored - rows / 2)).toBeLessThan(50);
});

test('each picture is moved in its own way', () => {
  const x = tf.tile(kerasPicture(), [8, 1, 1, 1]);
  for (const config of [{ height_factor: 0.3 }, { height_factor: 0.3, width_factor: [0.1, 0.2] }]) {
    const pictures = run('RandomZoom', config, x).reshape([8, -1]).arraySync() as number[][];
    expect(new Set(pictures.map(picture => picture.join())).size).toBe(8);
  }
});
