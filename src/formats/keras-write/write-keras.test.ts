/** What stands in the files; that Keras opens them and predicts the same is asked of Keras itself, by `scripts/keras/exports.mjs`. */
import { expect, test } from 'vitest';
import { must } from '../../base/assert';
import { isJsonObject, type Json, type JsonObject } from '../../base/json';
import { LAYER_TYPES, lookUpLayer } from '../../layers/table';
import { draw, tableNetworks } from '../../layers/testing/networks';
import type { Network } from '../../network/network';
import type { Hdf5ToWrite } from '../hdf5/tree';
import { Refusal } from '../refusal';
import { writeKeras3Config } from './keras3-config';
import { writeKeras3Weights } from './keras3-weights';
import { orderLayers } from './layer-order';
import { prepareNetwork } from './prepare-network';
import { writeKerasFile } from './write-keras-file';
import { writeH5Tree, writeKerasH5 } from './write-keras-h5';

const STAMP = { kerasVersion: '3.15.1', savedAt: '2026-01-01@00:00:00' };

/** Layers of the config by their names. */
function configOf(network: Network): ReadonlyMap<string, JsonObject> {
  return listLayers(writeKeras3Config(prepareNetwork(network, lookUpLayer), lookUpLayer));
}

function listLayers({ config }: JsonObject): ReadonlyMap<string, JsonObject> {
  const list = isJsonObject(config) ? (config.layers as readonly JsonObject[]) : [];
  return new Map(list.map(layer => [String(layer.name), layer]));
}

function treeOf(network: Network): Hdf5ToWrite {
  return writeKeras3Weights(prepareNetwork(network, lookUpLayer), lookUpLayer);
}

/** Paths of all arrays. */
function paths(tree: Hdf5ToWrite, before = ''): string[] {
  return [
    ...Object.keys(tree.datasets ?? {}).map(name => `${before}${name}`),
    ...Object.entries(tree.groups ?? {}).flatMap(([name, group]) => paths(group, `${before}${name}/`)),
  ];
}

const tensor = (place: readonly Json[], shape: readonly Json[]) => ({
  class_name: '__keras_tensor__',
  config: { shape, dtype: 'float32', keras_history: place },
});

function siamese(): Network {
  const draft = draw('siamese');
  const [left, right] = [draft.input('left', [null, 6, 3]), draft.input('right', [null, 6, 3])];
  const read = draft.layer('read', 'Bidirectional', { layer: { class_name: 'LSTM', config: { units: 2 } } });
  const [a, b] = [draft.call(read, left), draft.call(read, right)];
  const regular = { kernel_regularizer: { class_name: 'L2', config: { l2: 0.5 } } };
  const head = draft.layer('head', 'Dense', { units: 4, ...regular }, false);
  const first = draft.call(head, a);
  draft.output('near', draft.call(draft.layer('near', 'Subtract', {}), first, draft.call(head, b)));
  draft.output('first', first);
  return draft.finish();
}

test('a layer that is called twice is one layer with two nodes, in the order of Keras', () => {
  const layers = configOf(siamese());
  expect([...layers.keys()]).toEqual(['left', 'right', 'read', 'head', 'near']);
  expect(layers.get('head')).toEqual({
    module: 'keras.layers',
    class_name: 'Dense',
    config: {
      name: 'head',
      trainable: false,
      dtype: 'float32',
      units: 4,
      kernel_regularizer: {
        module: 'keras.regularizers',
        class_name: 'L2',
        config: { l2: 0.5 },
        registered_name: null,
      },
    },
    registered_name: null,
    name: 'head',
    inbound_nodes: [
      { args: [tensor(['read', 0, 0], [null, 4])], kwargs: {} },
      { args: [tensor(['read', 1, 0], [null, 4])], kwargs: {} },
    ],
  });
});

test('operations are operations: their settings in the config, numbers and slices among their arguments', () => {
  const draft = draw('ops');
  const x = draft.input('x', [null, 3, 4]);
  const less = draft.call(draft.layer('less', 'ops.Subtract', { x1: 2, x2: null }), x);
  const part = draft.call(draft.layer('part', 'ops.GetItem', { key: ':, 0' }), less);
  draft.output('y', draft.call(draft.layer('y', 'ops.Mean', { axis: -1, keepdims: true }), part));
  const layers = configOf(draft.finish());
  const all = { start: null, stop: null, step: null };
  expect(layers.get('less')?.module).toBe('keras.src.ops.numpy');
  expect(layers.get('less')?.inbound_nodes).toEqual([
    { args: [2, tensor(['x', 0, 0], [null, 3, 4])], kwargs: {} },
  ]);
  expect(layers.get('part')?.inbound_nodes).toEqual([
    {
      args: [
        tensor(['less', 0, 0], [null, 3, 4]),
        [{ class_name: '__slice__', config: all }, 0, { class_name: '__slice__', config: all }],
      ],
      kwargs: {},
    },
  ]);
  expect(layers.get('y')?.config).toEqual({ name: 'y', axis: -1, keepdims: true });
});

test('frozen dropout stays switched off, and states to begin with have their argument', () => {
  const draft = draw('states');
  const [x, h] = [draft.input('x', [null, 5, 2]), draft.input('h', [null, 3])];
  const config = { units: 3, dropout: 0.5 };
  draft.output('y', draft.call(draft.layer('y', 'SimpleRNN', config, false), x, h));
  expect(configOf(draft.finish()).get('y')?.inbound_nodes).toEqual([
    {
      args: [tensor(['x', 0, 0], [null, 5, 2])],
      kwargs: { initial_state: [tensor(['h', 0, 0], [null, 3])], training: false },
    },
  ]);
});

test('weights stand by class and rank, in the parts of a layer where they are a part’s', () => {
  const tree = treeOf(siamese());
  expect(paths(tree)).toEqual(
    ['forward_layer', 'backward_layer']
      .flatMap(part => [0, 1, 2].map(i => `layers/bidirectional/${part}/cell/vars/${i}`))
      .concat(['layers/dense/vars/0', 'layers/dense/vars/1']),
  );
  expect(tree.groups?.layers?.groups?.dense?.groups?.vars?.attributes).toEqual({ name: 'head' });
  expect(Object.keys(tree.groups?.layers?.groups ?? {})).toContain('input_layer_1');
});

test('every layer of the table can be written, and has all its arrays in the file', () => {
  for (const { name, network } of tableNetworks(LAYER_TYPES)) {
    const count = network.layers.reduce((sum, { weights }) => sum + Object.keys(weights).length, 0);
    expect(paths(treeOf(network)).length, name).toBe(count);
    expect(configOf(network).size, name).toBe(network.inputs.length + 1);
    const { tree } = writeH5Tree(network, STAMP.kerasVersion, lookUpLayer);
    expect(paths(tree).length, name).toBe(count);
  }
});

test('an .h5 is for Keras 2 too unless something in it isn’t, which is said', async () => {
  const draft = draw('mixed');
  const x = draft.input('x', [null, 4]);
  const leaky = draft.call(draft.layer('leaky', 'LeakyReLU', { negative_slope: 0.1 }), x);
  draft.output('y', leaky);
  const both = writeH5Tree(draft.finish(), STAMP.kerasVersion, lookUpLayer);
  expect(both.because).toEqual([]);
  expect(both.tree.attributes?.keras_version).toBe('2.15.0');
  const model = JSON.parse(String(both.tree.attributes?.model_config));
  expect(listLayers(model).get('leaky')).toEqual({
    class_name: 'LeakyReLU',
    config: { name: 'leaky', trainable: true, dtype: 'float32', alpha: 0.1 },
    name: 'leaky',
    inbound_nodes: [[['x', 0, 0, {}]]],
  });
  draft.output('z', draft.call(draft.layer('z', 'RMSNormalization', {}), leaky));
  const three = await writeKerasH5(draft.finish(), STAMP.kerasVersion);
  expect(three.opensIn).toBe('keras3');
  expect(three.because).toEqual(["'z' is a RMSNormalization, which Keras 2 lacks."]);
});

test('long lists of names are split as Keras splits them', () => {
  const draft = draw('long');
  let at = draft.input('x', [null, 1]);
  const long = 'n'.repeat(300);
  for (let i = 0; i < 250; i++) at = draft.call(draft.layer(`${long}${i}`, 'Flatten', {}), at);
  draft.output('y', at);
  const { tree } = writeH5Tree(draft.finish(), STAMP.kerasVersion, lookUpLayer);
  const attributes = must(tree.groups?.model_weights?.attributes, 'attributes');
  const parts = ['layer_names0', 'layer_names1'].map(name => attributes[name] as readonly string[]);
  expect(attributes).not.toHaveProperty('layer_names');
  expect(parts.flat()).toHaveLength(251);
});

test('the same bytes for the same Network', async () => {
  const [a, b] = [await writeKerasFile(siamese(), STAMP), await writeKerasFile(siamese(), STAMP)];
  expect(Buffer.compare(a, b)).toBe(0);
  const [c, d] = [await writeKerasH5(siamese(), '3.15.1'), await writeKerasH5(siamese(), '3.15.1')];
  expect(Buffer.compare(c.bytes, d.bytes)).toBe(0);
});

test('a layer of Keras that Graft doesn’t know is written as a file gave it; what Keras can’t know is refused', () => {
  const draft = draw('foreign');
  const x = draft.input('x', [null, 4]);
  draft.output('y', draft.call(draft.layer('y', 'HashedCrossing', { num_bins: 3 }), x));
  expect(configOf(draft.finish()).get('y')?.config).toEqual({ num_bins: 3, name: 'y', trainable: true });
  draft.output('z', draft.call(draft.layer('mine', 'MyLayer', {}), x));
  expect(() => configOf(draft.finish())).toThrow(Refusal);
});

test('weights that are missing are a bug', () => {
  const network = siamese();
  const layers = network.layers.map(layer => ({ ...layer, weights: {} }));
  expect(() => prepareNetwork({ ...network, layers }, lookUpLayer)).toThrow('forward/kernel');
});

test('layers stand by their distance from the outputs, as Keras counts it', () => {
  const draft = draw('order');
  const x = draft.input('x', [null, 4]);
  draft.input('unused', [null, 4]);
  const shared = draft.layer('shared', 'Dense', { units: 4 });
  const short = draft.call(draft.layer('short', 'Dense', { units: 4 }), x);
  const twice = draft.call(shared, draft.call(shared, x));
  draft.output('y', draft.call(draft.layer('y', 'Add', {}), short, twice));
  // What real Keras 3.15.1 lists.
  expect(orderLayers(draft.finish())).toEqual(['x', 'shared', 'short', 'unused', 'y']);
});
