/**
 * A model file as large as people have: Dense layers one after the other, with random weights, as Keras 3 lays them out. A program
 * of its own, so that its memory isn't the tests':
 *
 *     node --import tsx e2e/make-large-file.ts <path> keras|h5 <megabytes>
 */
import { writeFile } from 'node:fs/promises';
import { argv } from 'node:process';
import { createRandom } from '../src/base/random';
import type { Hdf5Array, Hdf5ToWrite } from '../src/formats/hdf5/tree';
import { writeHdf5 } from '../src/formats/hdf5/write-hdf5';
import { writeZip } from '../src/formats/zip';

const KERAS = '3.15.1';
/** Of each layer; 2,500 x 2,500 values are 25 MB. */
const UNITS = 2500;
const LAYER_MB = 25;

const [, , path, kind, megabytes] = argv;
if (path === undefined || (kind !== 'keras' && kind !== 'h5'))
  throw new Error('Which file, keras or h5, how large?');
const layers = Array.from({ length: Math.round(Number(megabytes) / LAYER_MB) }, (_, i) => `wide_${i}`);
await writeFile(path, kind === 'keras' ? await makeKeras() : await writeHdf5(makeH5()));

/** https://keras.io/guides/serialization_and_saving/ */
async function makeKeras(): Promise<Uint8Array> {
  const json = (value: object) => new TextEncoder().encode(JSON.stringify(value));
  const groups = layers.map((_, i) => {
    const vars: Hdf5ToWrite = { datasets: { '0': kernel(i), '1': bias() } };
    return [i === 0 ? 'dense' : `dense_${i}`, { groups: { vars } }] as const;
  });
  const weights = await writeHdf5({ groups: { layers: { groups: Object.fromEntries(groups) } } });
  return writeZip([
    { path: 'metadata.json', bytes: json({ keras_version: KERAS }), store: true },
    { path: 'config.json', bytes: json(makeConfig()), store: true },
    { path: 'model.weights.h5', bytes: weights, store: true },
  ]);
}

/** https://github.com/keras-team/keras/blob/v3.15.1/keras/src/legacy/saving/legacy_h5_format.py */
function makeH5(): Hdf5ToWrite {
  const groups = layers.map((name, i): [string, Hdf5ToWrite] => {
    const own = { datasets: { kernel: kernel(i), bias: bias() } };
    const attributes = { weight_names: [`${name}/kernel`, `${name}/bias`] };
    return [name, { attributes, groups: { [name]: own } }];
  });
  const model_weights = { attributes: { layer_names: layers }, groups: Object.fromEntries(groups) };
  const attributes = { keras_version: KERAS, backend: 'jax', model_config: JSON.stringify(makeConfig()) };
  return { attributes, groups: { model_weights } };
}

function makeConfig() {
  const layer = (className: string, config: object) => ({
    module: 'keras.layers',
    class_name: className,
    config: { ...config, dtype: 'float32', trainable: true },
    registered_name: null,
  });
  const input = layer('InputLayer', { name: 'x', batch_shape: [null, UNITS] });
  const dense = layers.map(name =>
    layer('Dense', { name, units: UNITS, activation: 'relu', use_bias: true }),
  );
  return { module: 'keras', class_name: 'Sequential', config: { name: 'large', layers: [input, ...dense] } };
}

function kernel(seed: number): Hdf5Array {
  const random = createRandom(seed);
  const values = Float32Array.from({ length: UNITS * UNITS }, () => random.uniform() - 0.5);
  return { shape: [UNITS, UNITS], dtype: 'float32', values };
}

function bias(): Hdf5Array {
  return { shape: [UNITS], dtype: 'float32', values: new Float32Array(UNITS) };
}
