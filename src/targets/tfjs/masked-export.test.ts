/** Networks with masks that stock TensorFlow.js would treat otherwise than Keras: their files answer as they do here all the same. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { must } from '../../base/assert';
import { compareAnswers, predictAll } from '../../formats/testing/stock';
import { emitLayersModel } from '../../formats/tfjs-layers/emit';
import { initialize } from '../../layers/initializers';
import { lookUpLayer } from '../../layers/table';
import type { Config, Network } from '../../network/network';
import { buildLiveModel } from './live-model';
import { loadStock } from './load-stock';

beforeAll(() => tf.setBackend('cpu'));

const TOKENS = [
  [3, 1, 0, 0],
  [2, 0, 1, 0],
];
const EMBED: LayerRow = ['embed', 'Embedding', { input_dim: 5, output_dim: 3, mask_zero: true }, ['tokens']];
const sequence = () => tf.linspace(-1, 1, 24).reshape([2, 4, 3]);

/** Name, type, config, and what it is called on. */
type LayerRow = readonly [string, string, Config, readonly string[]];

function networkOf(rows: readonly LayerRow[], inputs: Network['inputs']): Network {
  const last = must(rows.at(-1), 'a layer')[0];
  const isInput = (name: string) => inputs.some(input => input.name === name);
  const network: Network = {
    name: 'masked',
    inputs,
    layers: rows.map(([name, type, config]) => ({ name, type, config, weights: {}, trainable: true })),
    calls: rows.map(([name, , , from]) => ({
      id: name,
      layer: name,
      inputs: from.map(source => (isInput(source) ? { input: source } : { call: source, output: 0 })),
    })),
    outputs: [{ name: 'y', from: { call: last, output: 0 } }],
  };
  return initialize(network, lookUpLayer, 3);
}

const TOKEN_INPUT: Network['inputs'][number] = { name: 'tokens', shape: [null, 4], dtype: 'int32' };
const OTHER_INPUT: Network['inputs'][number] = { name: 'other', shape: [null, 4, 3], dtype: 'float32' };
const WRAPPED = { class_name: 'LSTM', config: { units: 2, return_sequences: true } };

test.each<readonly [string, Network]>([
  [
    'an average over the steps that are there',
    networkOf(
      [
        EMBED,
        ['drop', 'Dropout', { rate: 0.5 }, ['embed']],
        ['mean', 'GlobalAveragePooling1D', {}, ['drop']],
      ],
      [TOKEN_INPUT],
    ),
  ],
  [
    'a recurrent layer beside the masked one',
    networkOf(
      [
        EMBED,
        ['words', 'LSTM', { units: 2 }, ['embed']],
        ['rest', 'SimpleRNN', { units: 2 }, ['other']],
        ['join', 'Concatenate', {}, ['words', 'rest']],
      ],
      [TOKEN_INPUT, OTHER_INPUT],
    ),
  ],
  [
    'both directions, step by step',
    networkOf(
      [
        EMBED,
        ['both', 'Bidirectional', { layer: WRAPPED }, ['embed']],
        ['last', 'GRU', { units: 2, reset_after: false }, ['both']],
      ],
      [TOKEN_INPUT],
    ),
  ],
])('%s', async (_, network) => {
  const emitted = emitLayersModel(network);
  expect(emitted.needsGraftLayers).toBe(true);
  const model = await loadStock(emitted);
  const live = buildLiveModel(network);
  const inputs = [tf.tensor2d(TOKENS, [2, 4], 'int32'), sequence()].slice(0, network.inputs.length);
  const here = tf.tidy(() => live.run(inputs, { training: false }));
  expect(compareAnswers(predictAll(model, inputs), here)).toBeLessThanOrEqual(1e-6);
  // The fillers don't count: other fillers' vectors change nothing.
  live.variables.get('embed')?.get('embeddings')?.assign(withOtherFiller(network));
  const again = tf.tidy(() => live.run(inputs, { training: false }));
  expect(compareAnswers(again, here)).toBeLessThanOrEqual(1e-6);
  model.dispose();
  live.dispose();
  tf.dispose([...inputs, ...here, ...again]);
});

function withOtherFiller(network: Network): tf.Tensor {
  const { shape, values } = must(network.layers[0]?.weights.embeddings, 'the vectors');
  return tf.tensor(
    Float32Array.from(values, (value, i) => (i < 3 ? value + 9 : value)),
    [...shape],
  );
}

test('a plain row of layers stays stock', () => {
  const network = networkOf([EMBED, ['words', 'LSTM', { units: 2 }, ['embed']]], [TOKEN_INPUT]);
  expect(emitLayersModel(network).needsGraftLayers).toBe(false);
});
