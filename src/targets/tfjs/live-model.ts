/**
 * A Network as a running TensorFlow.js model. It is loaded by stock TensorFlow.js from what the exporter writes, so what
 * trains and what is downloaded cannot differ; then it is mended where TensorFlow.js does not do what Keras means.
 */
import * as tf from '@tensorflow/tfjs';
import { type EmittedModel, emitLayersModel, stockWeightName } from '../../formats/tfjs-layers/emit';
import { parseConfig } from '../../layers/config';
import { isKerasLayer } from '../../layers/params';
import { lookUpLayer } from '../../layers/table';
import type { Config, Layer, Network, Weight, Weights } from '../../network/network';

export interface LiveModel {
  readonly model: tf.LayersModel;
  /** Layer name to role to variable, for every weight of the network that leads to an output. */
  readonly variables: ReadonlyMap<string, ReadonlyMap<string, tf.Variable>>;
  /** The values of all layers that have any, as they are now. */
  readWeights(): Promise<Readonly<Record<string, Weights>>>;
  /** Brings weights with a constraint (https://keras.io/api/layers/constraints/) back to it; `fit` of TensorFlow.js never does. */
  applyConstraints(): void;
  dispose(): void;
}

/** Every layer of the network has its weights. */
export async function buildLiveModel(network: Network): Promise<LiveModel> {
  const model = await loadStock(emitLayersModel(forRunning(network)));
  runFrozenLayersInInference(model, network);
  const byName = new Map(
    model.layers.flatMap(layer => layer.weights.map(weight => [weight.originalName, weight])),
  );
  const variables = new Map<string, Map<string, tf.Variable>>();
  for (const layer of network.layers) {
    const own = new Map<string, tf.Variable>();
    for (const role of Object.keys(layer.weights)) {
      // LayerVariable.read gives the variable itself, typed as a tensor.
      const variable = byName.get(stockWeightName(layer, role))?.read();
      if (variable instanceof tf.Variable) own.set(role, variable);
    }
    variables.set(layer.name, own);
  }
  const constrained = model.layers
    .flatMap(layer => layer.weights)
    .filter(weight => 'constraint' in weight && weight.constraint !== null);
  return {
    model,
    variables,
    readWeights: () => readWeights(network, variables),
    applyConstraints: () =>
      tf.tidy(() => {
        for (const weight of constrained) weight.write(weight.read().clone());
      }),
    dispose: () => model.dispose(),
  };
}

/** Loads what an exporter wrote as anybody would. */
export function loadStock(
  emitted: Pick<EmittedModel, 'modelTopology' | 'weightSpecs' | 'weightData'>,
): Promise<tf.LayersModel> {
  const { modelTopology, weightSpecs, weightData } = emitted;
  return tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology,
      weightSpecs: weightSpecs.map(spec => ({ ...spec, shape: [...spec.shape] })),
      weightData,
    }),
  );
}

/** Without what would only cost time on loading: the values are there, so nothing is drawn (Orthogonal takes long). */
function forRunning(network: Network): Network {
  const layers = network.layers.map(layer => {
    const type = lookUpLayer(layer.type);
    if (type === undefined) return layer;
    const { config } = parseConfig(type, layer.config, lookUpLayer);
    return { ...layer, config: configForRunning(config) };
  });
  return { ...network, layers };
}

/** Of the layer and of those that it wraps. */
function configForRunning(config: Config): Config {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => {
      if (name.endsWith('_initializer')) return [name, { class_name: 'Zeros', config: {} }];
      if (name === 'layer' && isKerasLayer(value))
        return [name, { ...value, config: configForRunning(value.config) }];
      return [name, value];
    }),
  );
}

/**
 * A frozen layer runs in inference mode, as in Keras' recipe for transfer learning (`base(x, training=False)`):
 * BatchNormalization uses and keeps its moving statistics, and Dropout lets everything through. TensorFlow.js looks only at
 * whether the whole model trains (normalization.js of tfjs-layers 4.22).
 */
function runFrozenLayersInInference(model: tf.LayersModel, network: Network): void {
  const frozen = new Set(network.layers.filter(layer => !layer.trainable).map(layer => layer.name));
  for (const layer of model.layers) {
    if (!frozen.has(layer.name)) continue;
    const call = layer.call.bind(layer);
    layer.call = (inputs, kwargs) => call(inputs, { ...kwargs, training: false });
  }
}

async function readWeights(
  network: Network,
  variables: LiveModel['variables'],
): Promise<Record<string, Weights>> {
  const result: Record<string, Weights> = {};
  for (const layer of network.layers) {
    if (Object.keys(layer.weights).length === 0) continue;
    const weights: Record<string, Weight> = {};
    for (const [role, weight] of Object.entries(layer.weights)) {
      const variable = variables.get(layer.name)?.get(role);
      weights[role] = variable === undefined ? weight : await readVariable(variable, layer, weight);
    }
    result[layer.name] = weights;
  }
  return result;
}

/** A frozen layer's values are those that it came with: reading them back could only lose something. */
async function readVariable(variable: tf.Variable, layer: Layer, original: Weight): Promise<Weight> {
  if (!layer.trainable) return original;
  const values = await variable.data();
  if (
    !(values instanceof Float32Array) &&
    !(values instanceof Int32Array) &&
    !(values instanceof Uint8Array)
  ) {
    throw new Error(`${layer.name} holds values of an unknown kind`);
  }
  return { ...original, values };
}
