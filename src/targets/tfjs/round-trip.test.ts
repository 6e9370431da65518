/** Every entry of the layer table goes out to TensorFlow.js and comes back. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../base/json';
import { createRandom } from '../../base/random';
import { hashNetwork } from '../../formats/network-id';
import { createNotes } from '../../formats/notes';
import {
  compareAnswers,
  loadEmitted,
  predictAll,
  randomInputs,
  saveModel,
} from '../../formats/testing/stock';
import { emitLayersModel } from '../../formats/tfjs-layers/emit';
import { readLayersModel } from '../../formats/tfjs-layers/read';
import { parseConfig } from '../../layers/config';
import type { LayerType } from '../../layers/layer-type';
import { LAYER_TYPES, lookUpLayer } from '../../layers/table';
import type { Network, Weight } from '../../network/network';
import { registerGraftLayers } from './graft-layer';

registerGraftLayers();
const random = createRandom(11);

function networkOf(type: LayerType): Network {
  const { config } = parseConfig(type, type.example.config, lookUpLayer);
  const specs = type.weights(config, type.example.inputs, lookUpLayer);
  const dtype = type.inputs.values === 'tokens' ? 'int32' : 'float32';
  const inputs = type.example.inputs.map((shape, i) => ({ name: `in${i}`, shape, dtype }) as const);
  return {
    name: 'net',
    inputs,
    layers: [
      {
        name: 'it',
        type: type.type,
        config,
        trainable: true,
        weights: Object.fromEntries(
          specs.map(({ role, shape }): [string, Weight] => {
            const length = shape.reduce((a, b) => a * b, 1);
            // Variances must not be negative.
            const values = Float32Array.from({ length }, () => random.uniform() * 0.8 + 0.1);
            return [role, { shape, dtype: 'float32', values }];
          }),
        ),
      },
    ],
    calls: [{ id: 'it', layer: 'it', inputs: inputs.map(({ name }) => ({ input: name })) }],
    outputs: type.example.outputs.map((_, output) => ({
      name: `out${output}`,
      from: { call: 'it', output },
    })),
  };
}

describe.each(LAYER_TYPES.map(type => [type.type, type] as const))('%s', (_, type) => {
  const network = networkOf(type);
  const emitted = emitLayersModel(network);
  const json = (metadata: boolean): JsonObject =>
    JSON.parse(
      JSON.stringify({
        modelTopology: emitted.modelTopology,
        ...(metadata ? { userDefinedMetadata: emitted.userDefinedMetadata } : {}),
        weightsManifest: [{ paths: ['w'], weights: emitted.weightSpecs }],
      }),
    );
  const bytes = () => new Uint8Array(emitted.weightData);

  it('comes back the same from a file of Graft’s own', () => {
    const again = readLayersModel(json(true), bytes, createNotes()).network;
    expect(hashNetwork(again)).toBe(hashNetwork(network));
  });

  it('opens in TensorFlow.js and answers in the shape that the table says', async () => {
    const model = await loadEmitted(emitted);
    const answers = predictAll(model, randomInputs(network.inputs, 2));
    expect(answers.map(answer => answer.shape.slice(1))).toEqual(
      type.example.outputs.map(shape => shape.slice(1)),
    );
  });

  it('comes back by its topology alone, also as stock TensorFlow.js saves it, and answers the same', async () => {
    const model = await loadEmitted(emitted);
    const inputs = randomInputs(network.inputs, 2);
    const answers = predictAll(model, inputs);
    const bare = readLayersModel(json(false), bytes, createNotes()).network;
    expect(compareAnswers(predictAll(await loadEmitted(emitLayersModel(bare)), inputs), answers)).toBe(0);
    // Stock TensorFlow.js forgets the depth multiplier on saving: such a file can't be read by anyone.
    if (type.type === 'SeparableConv2D') return;
    const saved = await saveModel(model);
    const resaved = readLayersModel(
      saved.json as JsonObject,
      () => new Uint8Array(saved.weightData),
      createNotes(),
    );
    expect(
      compareAnswers(predictAll(await loadEmitted(emitLayersModel(resaved.network)), inputs), answers),
    ).toBe(0);
  });

  it('has roles that can be told without shapes', () => {
    const { config } = parseConfig(type, type.example.config, lookUpLayer);
    expect(type.weights(config, [], lookUpLayer).map(spec => spec.role)).toEqual(
      type.weights(config, type.example.inputs, lookUpLayer).map(spec => spec.role),
    );
  });
});
