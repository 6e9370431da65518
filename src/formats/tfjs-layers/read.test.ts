import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../base/json';
import { createNotes } from '../notes';
import {
  compareAnswers,
  loadStock,
  predictAll,
  randomInputs,
  type SavedFiles,
  saveModel,
} from '../testing/stock';
import { readLayersModel } from './read';

function read({ json, weightData }: SavedFiles) {
  const notes = createNotes();
  const { network, writtenBy } = readLayersModel(json as JsonObject, () => new Uint8Array(weightData), notes);
  return {
    network,
    writtenBy,
    repairs: notes.sentences('form', 'repair'),
    leftOut: notes.sentences('left-out'),
  };
}

/** Reads what stock TensorFlow.js saved, writes it, has stock TensorFlow.js open that, and compares the answers. */
async function expectSame(model: tf.LayersModel) {
  const result = read(await saveModel(model));
  const again = await loadStock(result.network);
  const inputs = randomInputs(result.network.inputs);
  expect(compareAnswers(predictAll(again, inputs), predictAll(model, inputs))).toBeLessThan(1e-6);
  return result;
}

const dense = (units: number, name: string, activation: 'tanh' | 'relu' = 'tanh') =>
  tf.layers.dense({ units, name, activation, biasInitializer: 'glorotNormal' });

describe('models saved by stock TensorFlow.js', () => {
  it('reads a Sequential model', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({
          inputShape: [6, 6, 2],
          filters: 3,
          kernelSize: 3,
          activation: 'relu',
          name: 'conv',
        }),
        tf.layers.batchNormalization({ name: 'norm', movingMeanInitializer: 'glorotNormal' }),
        tf.layers.flatten({ name: 'flat' }),
        dense(4, 'out'),
      ],
    });
    const { network, repairs, leftOut } = await expectSame(model);
    expect(network.layers.map(layer => layer.name)).toEqual(['conv', 'norm', 'flat', 'out']);
    expect(network.inputs).toEqual([{ name: 'conv_input', shape: [null, 6, 6, 2], dtype: 'float32' }]);
    expect(network.outputs).toEqual([{ name: 'out', from: { call: 'out', output: 0 } }]);
    expect({ repairs, leftOut }).toEqual({ repairs: [], leftOut: [] });
  });

  it('reads several inputs and outputs, and a layer that is called twice', async () => {
    const a = tf.input({ shape: [3], name: 'a' });
    const b = tf.input({ shape: [3], name: 'b' });
    const shared = dense(4, 'shared');
    const left = shared.apply(a) as tf.SymbolicTensor;
    const right = shared.apply(b) as tf.SymbolicTensor;
    const joined = tf.layers.concatenate({ name: 'join' }).apply([left, right]) as tf.SymbolicTensor;
    const out = dense(2, 'out').apply(joined) as tf.SymbolicTensor;
    const { network } = await expectSame(tf.model({ inputs: [a, b], outputs: [out, right, left] }));
    expect(network.layers.map(layer => layer.name)).toEqual(['shared', 'join', 'out']);
    expect(network.calls.map(call => call.id)).toEqual(['shared', 'shared:1', 'join', 'out']);
    expect(network.outputs.map(output => output.name)).toEqual(['out', 'shared', 'shared_1']);
  });

  it('inlines nested models, and a nested model that is called twice shares its layers', async () => {
    const core = tf.sequential({
      name: 'core',
      layers: [
        tf.layers.dense({ units: 3, inputShape: [3], name: 'one' }),
        tf.layers.dense({ units: 3, name: 'two' }),
      ],
    });
    const block = (() => {
      const x = tf.input({ shape: [3], name: 'block_in' });
      const y = core.apply(x) as tf.SymbolicTensor;
      return tf.model({
        inputs: x,
        outputs: tf.layers.add({ name: 'skip' }).apply([x, y]) as tf.SymbolicTensor,
        name: 'block',
      });
    })();
    const x = tf.input({ shape: [3], name: 'x' });
    const once = block.apply(x) as tf.SymbolicTensor;
    const twice = block.apply(once) as tf.SymbolicTensor;
    const model = tf.model({ inputs: x, outputs: dense(2, 'out').apply(twice) as tf.SymbolicTensor });
    const { network, repairs } = await expectSame(model);
    expect(network.layers.map(layer => layer.name)).toEqual([
      'block_core_one',
      'block_core_two',
      'block_skip',
      'out',
    ]);
    expect(network.calls).toHaveLength(7);
    expect(repairs).toEqual([
      "The layers of the nested models 'block/core' and 'block' stand in one list with the others; 'one' is named 'block_core_one' now.",
    ]);
  });

  it('gives equal names in two nested models their own weights', async () => {
    const make = (name: string) => {
      const model = tf.sequential({
        name,
        layers: [tf.layers.dense({ units: 3, inputShape: [3], name: 'same' })],
      });
      return model;
    };
    const x = tf.input({ shape: [3], name: 'x' });
    const first = make('first').apply(x) as tf.SymbolicTensor;
    const second = make('second').apply(x) as tf.SymbolicTensor;
    await expectSame(
      tf.model({
        inputs: x,
        outputs: tf.layers.concatenate({ name: 'c' }).apply([first, second]) as tf.SymbolicTensor,
      }),
    );
  });

  it('reads wrappers and recurrent layers', async () => {
    const x = tf.input({ shape: [5, 2], name: 'x' });
    const lstm = tf.layers.lstm({ units: 3, returnSequences: true, name: 'inner' });
    const both = tf.layers
      .bidirectional({ layer: lstm as tf.RNN, name: 'both' })
      .apply(x) as tf.SymbolicTensor;
    const each = tf.layers
      .timeDistributed({ layer: tf.layers.dense({ units: 4, name: 'step' }), name: 'each' })
      .apply(both) as tf.SymbolicTensor;
    const out = tf.layers.gru({ units: 2, name: 'gru' }).apply(each) as tf.SymbolicTensor;
    const { network } = await expectSame(tf.model({ inputs: x, outputs: out }));
    expect(Object.keys(network.layers[0]?.weights ?? {})).toEqual([
      'forward/kernel',
      'forward/recurrent_kernel',
      'forward/bias',
      'backward/kernel',
      'backward/recurrent_kernel',
      'backward/bias',
    ]);
  });

  it('reads what Teachable Machine makes: Sequential models around a functional one', async () => {
    const x = tf.input({ shape: [8, 8, 3], name: 'image' });
    const conv = tf.layers
      .depthwiseConv2d({ kernelSize: 3, name: 'depthwise' })
      .apply(x) as tf.SymbolicTensor;
    const features = tf.model({
      inputs: x,
      outputs: tf.layers.batchNormalization({ name: 'norm' }).apply(conv) as tf.SymbolicTensor,
      name: 'features',
    });
    const base = tf.sequential({
      layers: [features, tf.layers.globalAveragePooling2d({ name: 'pool' })],
      name: 'base',
    });
    const head = tf.sequential({
      layers: [
        tf.layers.dense({ units: 4, inputShape: [3], activation: 'relu', name: 'one' }),
        tf.layers.dense({ units: 2, useBias: false, activation: 'softmax', name: 'two' }),
      ],
      name: 'head',
    });
    const { network } = await expectSame(tf.sequential({ layers: [base, head] }));
    expect(network.inputs[0]?.shape).toEqual([null, 8, 8, 3]);
    expect(network.layers.map(layer => layer.name)).toEqual([
      'base_features_depthwise',
      'base_features_norm',
      'base_pool',
      'head_one',
      'head_two',
    ]);
  });

  it('keeps freeze flags through nesting, export and import', async () => {
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 2, inputShape: [3], name: 'a' }), dense(2, 'b'), dense(2, 'c')],
    });
    for (const name of ['a', 'c']) model.getLayer(name).trainable = false;
    const { network } = await expectSame(model);
    expect(network.layers.map(layer => layer.trainable)).toEqual([false, true, false]);
    const again = read(await saveModel(await loadStock(network)));
    expect(again.network.layers.map(layer => layer.trainable)).toEqual([false, true, false]);
  });
});
