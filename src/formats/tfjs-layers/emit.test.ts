import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import type { Layer, Network, Weight } from '../../network/network';
import { compareAnswers, loadStock, predictAll, randomInputs } from '../testing/stock';
import { emitLayersModel } from './emit';

function weight(shape: readonly number[], start = 1): Weight {
  const count = shape.reduce((a, b) => a * b, 1);
  return {
    shape,
    dtype: 'float32',
    values: Float32Array.from({ length: count }, (_, i) => Math.sin(start + i)),
  };
}

function dense(name: string, from: number, units: number, more: Partial<Layer> = {}): Layer {
  return {
    name,
    type: 'Dense',
    config: { units, activation: 'tanh' },
    weights: { kernel: weight([from, units], units), bias: weight([units]) },
    trainable: true,
    ...more,
  };
}

const input = { name: 'x', shape: [null, 3], dtype: 'float32' } as const;

describe('emitLayersModel', () => {
  it('writes what stock TensorFlow.js opens, with flags and regularizers', async () => {
    const layer = dense('first', 3, 4, { trainable: false });
    const network: Network = {
      name: 'net',
      inputs: [input],
      layers: [
        {
          ...layer,
          config: {
            ...layer.config,
            activation: 'silu',
            kernel_regularizer: { class_name: 'L2', config: { l2: 0.5 } },
            kernel_initializer: { class_name: 'LecunNormal', config: { seed: null } },
          },
        },
      ],
      calls: [{ id: 'first', layer: 'first', inputs: [{ input: 'x' }] }],
      outputs: [{ name: 'first', from: { call: 'first', output: 0 } }],
    };
    const model = await loadStock(network);
    expect(model.getLayer('first').trainable).toBe(false);
    expect(model.getLayer('first').getConfig()).toMatchObject({
      activation: 'swish',
      kernelRegularizer: { className: 'L1L2', config: { l1: 0, l2: 0.5 } },
    });
    const [x] = randomInputs([input]);
    if (x === undefined) throw new Error('no input');
    const kernel = tf.tensor2d(Float32Array.from(layer.weights.kernel?.values ?? []), [3, 4]);
    const z = x.matMul(kernel).add(tf.tensor1d(Float32Array.from(layer.weights.bias?.values ?? [])));
    expect(compareAnswers(predictAll(model, [x]), [z.mul(z.sigmoid())])).toBeLessThan(1e-6);
  });

  it('keeps the calls of shared layers apart even where loading overtakes them', async () => {
    // b is called twice; a's first call waits for b's second one, its second call needs only x.
    const ref = (call: string) => ({ call, output: 0 });
    const layers = [
      dense('b', 3, 3),
      dense('c', 3, 3, { config: { units: 3, activation: 'linear' } }),
      dense('a', 3, 3),
    ];
    const network: Network = {
      name: 'net',
      inputs: [input],
      layers,
      calls: [
        { id: 'b', layer: 'b', inputs: [{ input: 'x' }] },
        { id: 'c', layer: 'c', inputs: [ref('b')] },
        { id: 'b:1', layer: 'b', inputs: [ref('c')] },
        { id: 'a', layer: 'a', inputs: [ref('b:1')] },
        { id: 'a:1', layer: 'a', inputs: [{ input: 'x' }] },
      ],
      outputs: [
        { name: 'deep', from: ref('a') },
        { name: 'shallow', from: ref('a:1') },
      ],
    };
    const model = await loadStock(network);
    const apply = (layer: Layer | undefined, x: tf.Tensor): tf.Tensor => {
      const kernel = tf.tensor(Array.from(layer?.weights.kernel?.values ?? []), [3, 3]);
      const z = x.matMul(kernel).add(tf.tensor(Array.from(layer?.weights.bias?.values ?? [])));
      return layer?.config.activation === 'tanh' ? z.tanh() : z;
    };
    const [b, c, a] = layers;
    const inputs = randomInputs([input]);
    const x = inputs[0] as tf.Tensor;
    const deep = apply(a, apply(b, apply(c, apply(b, x))));
    expect(compareAnswers(predictAll(model, inputs), [deep, apply(a, x)])).toBeLessThan(1e-6);
    expect(model.outputNames).toEqual(['a', 'shallow']);
  });

  it('gives inputs that are outputs, and tensors that are two outputs, layers of their own', async () => {
    const network: Network = {
      name: 'net',
      inputs: [input],
      layers: [dense('d', 3, 2)],
      calls: [{ id: 'd', layer: 'd', inputs: [{ input: 'x' }] }],
      outputs: [
        { name: 'same', from: { input: 'x' } },
        { name: 'one', from: { call: 'd', output: 0 } },
        { name: 'two', from: { call: 'd', output: 0 } },
      ],
    };
    const model = await loadStock(network);
    expect(model.outputNames).toEqual(['same', 'd', 'two']);
    const inputs = randomInputs([input]);
    const [same, one, two] = predictAll(model, inputs);
    expect(compareAnswers([same as tf.Tensor], inputs)).toBe(0);
    expect(compareAnswers([one as tf.Tensor], [two as tf.Tensor])).toBe(0);
  });

  it('leaves out what leads to no output', async () => {
    const network: Network = {
      name: 'net',
      inputs: [input],
      layers: [dense('d', 3, 2), dense('dead', 3, 2)],
      calls: [
        { id: 'd', layer: 'd', inputs: [{ input: 'x' }] },
        { id: 'dead', layer: 'dead', inputs: [{ input: 'x' }] },
      ],
      outputs: [{ name: 'd', from: { call: 'd', output: 0 } }],
    };
    expect(emitLayersModel(network).weightSpecs.map(spec => spec.name)).toEqual(['d/kernel', 'd/bias']);
    await expect(loadStock(network)).resolves.toBeDefined();
  });
});
