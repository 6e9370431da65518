/**
 * A Network on the device: its weights as variables, and what it answers. Its layers run by their implementations in
 * `layers/`, which mean what Keras means.
 */
import * as tf from '@tensorflow/tfjs';
import { must } from '../../base/assert';
import { parseConfig } from '../../layers/config';
import { inferShapes } from '../../layers/infer';
import { lookUpLayer } from '../../layers/table';
import { paramOfWeight } from '../../layers/weight-params';
import { withoutDeadEnds } from '../../network/dead-ends';
import {
  type Layer,
  layersByName,
  type Network,
  tensorKey,
  type Weight,
  type Weights,
} from '../../network/network';
import { constraintOf } from './constraints';
import type { LayerWeights } from './layers/implementation';
import { type RunOptions, runNetwork } from './run-network';

export interface LiveModel {
  /** Layer name to role to variable, for every weight of the network that leads to an output. */
  readonly variables: ReadonlyMap<string, ReadonlyMap<string, tf.Variable>>;
  /** One tensor for each output; `inputs` in the network's order, with the batch first. Run it in a tidy. */
  run(inputs: readonly tf.Tensor[], options: Omit<RunOptions, 'weights'>): tf.Tensor[];
  /** The values of all layers that have any, as they are now. */
  readWeights(): Promise<Readonly<Record<string, Weights>>>;
  /** Brings weights with a constraint back to it: https://keras.io/api/layers/constraints/ */
  applyConstraints(): void;
  dispose(): void;
}

/** Every layer of the network has its weights, and none is a placeholder. */
export function buildLiveModel(whole: Network): LiveModel {
  const network = withoutDeadEnds(whole);
  const moving = trainableRoles(network);
  const variables = new Map(
    network.layers.map(layer => [layer.name, toVariables(layer, moving.get(layer.name) ?? new Set())]),
  );
  const weights = new Map([...variables].map(([name, own]) => [name, weightsAt(name, own, '')]));
  const constrained = network.layers.flatMap(layer => findConstrained(layer, variables.get(layer.name)));
  return {
    variables,
    run: (inputs, options) =>
      runNetwork(network, inputs, { ...options, weights: name => must(weights.get(name), name) }),
    readWeights: () => readWeights(whole, variables),
    applyConstraints: () =>
      tf.tidy(() => {
        for (const { variable, apply } of constrained) variable.assign(apply(variable));
      }),
    dispose: () => {
      for (const own of variables.values()) tf.dispose([...own.values()]);
    },
  };
}

/** Of each layer the roles of the weights that its type trains: the others (moving averages) follow the data by themselves. */
function trainableRoles(network: Network): ReadonlyMap<string, ReadonlySet<string>> {
  const { shapes } = inferShapes(network, lookUpLayer);
  const layers = layersByName(network);
  const roles = new Map<string, ReadonlySet<string>>();
  for (const call of network.calls) {
    const { type: name, config } = must(layers.get(call.layer), call.layer);
    const type = must(lookUpLayer(name), name);
    const inputs = call.inputs.map(ref => must(shapes.get(tensorKey(ref)), `the shape of ${tensorKey(ref)}`));
    const specs = type.weights(parseConfig(type, config, lookUpLayer).config, inputs, lookUpLayer);
    roles.set(call.layer, new Set(specs.filter(spec => spec.trainable).map(spec => spec.role)));
  }
  return roles;
}

function toVariables({ weights }: Layer, trainable: ReadonlySet<string>): ReadonlyMap<string, tf.Variable> {
  return new Map(
    Object.entries(weights).map(([role, { shape, dtype, values }]) => {
      const start = tf.tensor(values, [...shape], dtype);
      const variable = tf.variable(start, trainable.has(role));
      start.dispose();
      return [role, variable];
    }),
  );
}

function weightsAt(layer: string, variables: ReadonlyMap<string, tf.Variable>, prefix: string): LayerWeights {
  return {
    find: role => variables.get(prefix + role) ?? null,
    get: role => must(variables.get(prefix + role), `${prefix}${role} of ${layer}`),
    assign: (role, value) => variables.get(prefix + role)?.assign(value),
    inside: place => weightsAt(layer, variables, `${prefix}${place}/`),
  };
}

/** Those of frozen layers do nothing: Keras applies constraints to what a step has moved. */
function findConstrained(layer: Layer, variables: ReadonlyMap<string, tf.Variable> | undefined) {
  if (!layer.trainable) return [];
  return [...(variables ?? [])].flatMap(([role, variable]) => {
    const apply = constraintOf(paramOfWeight(layer.config, role, 'constraint'));
    return apply === null ? [] : [{ variable, apply }];
  });
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
