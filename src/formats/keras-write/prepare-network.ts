/**
 * What a Network needs before it can stand in a file of Keras: nothing that leads to no output, names that Keras takes, and all
 * weights of the shapes that the layer table tells.
 */
import { must } from '../../base/assert';
import { parseConfig } from '../../layers/config';
import { inferShapes } from '../../layers/infer';
import type { LayerLookup } from '../../layers/layer-type';
import { withoutDeadEnds } from '../../network/dead-ends';
import { cleanName, createNamer } from '../../network/names';
import {
  type Call,
  type Layer,
  layersByName,
  type Network,
  type TensorRef,
  tensorKey,
  type Weight,
} from '../../network/network';
import { type Shape, shapesEqual } from '../../network/shape';
import { orderLayers } from './layer-order';

export interface PreparedNetwork {
  readonly network: Network;
  /** Inputs and layers in the order of a loaded model. */
  readonly names: readonly string[];
  readonly layers: ReadonlyMap<string, Layer>;
  /** Of each layer, in order: their places are what a file calls the nodes of the layer. */
  readonly calls: ReadonlyMap<string, readonly Call[]>;
  readonly shapes: ReadonlyMap<string, Shape>;
  /** Of each layer, in Keras' order. */
  readonly weights: ReadonlyMap<string, readonly NamedRole[]>;
  /** The layer or input that a tensor comes from, which of its nodes, and which of that node's results. */
  placeOf(ref: TensorRef): readonly [string, number, number];
}

export interface NamedRole {
  readonly role: string;
  readonly weight: Weight;
}

/** Keras builds paths of the names of layers, and TensorFlow scopes. */
const KERAS_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Throws where a layer misses weights: whoever made the Network forgot them. */
export function prepareNetwork(whole: Network, table: LayerLookup): PreparedNetwork {
  const network = withKerasNames({ ...withoutDeadEnds(whole), name: cleanName(whole.name) });
  const layers = layersByName(network);
  const calls = new Map<string, Call[]>();
  const places = new Map<string, readonly [string, number]>();
  for (const call of network.calls) {
    const own = calls.get(call.layer) ?? [];
    places.set(call.id, [call.layer, own.length]);
    own.push(call);
    calls.set(call.layer, own);
  }
  const { shapes } = inferShapes(network, table);
  const weights = new Map(
    network.layers.map(layer => {
      const [call] = must(calls.get(layer.name), `a call of ${layer.name}`);
      const inputs = must(call, `a call of ${layer.name}`).inputs.map(ref => shapes.get(tensorKey(ref)));
      return [layer.name, orderWeights(layer, inputs, table)] as const;
    }),
  );
  return {
    network,
    names: orderLayers(network),
    layers,
    calls,
    shapes,
    weights,
    placeOf(ref) {
      if ('input' in ref) return [ref.input, 0, 0];
      return [...must(places.get(ref.call), `the call ${ref.call}`), ref.output];
    },
  };
}

/** As the table lists them; as they are where it doesn't know the layer, or what it is called on. */
function orderWeights(
  { name, type: typeName, config, weights }: Layer,
  inputs: readonly (Shape | undefined)[],
  table: LayerLookup,
): readonly NamedRole[] {
  const type = table(typeName);
  if (type === undefined || !inputs.every(shape => shape !== undefined)) {
    return Object.entries(weights).map(([role, weight]) => ({ role, weight }));
  }
  const specs = type.weights(parseConfig(type, config, table).config, inputs, table);
  return specs.map(({ role, shape }) => {
    const weight = must(weights[role], `the weight ${role} of the layer ${name}`);
    if (!shapesEqual(weight.shape, shape)) {
      throw new Error(`${name}/${role} is [${weight.shape.join()}] and should be [${shape.join()}].`);
    }
    return { role, weight };
  });
}

function withKerasNames(network: Network): Network {
  const all = [...network.inputs, ...network.layers].map(({ name }) => name);
  const bad = all.filter(name => !KERAS_NAME.test(name));
  if (bad.length === 0) return network;
  const namer = createNamer(all.filter(name => KERAS_NAME.test(name)));
  const renamed = new Map(bad.map(name => [name, namer(name)]));
  const nameOf = (name: string) => renamed.get(name) ?? name;
  const move = (ref: TensorRef): TensorRef => ('input' in ref ? { input: nameOf(ref.input) } : ref);
  return {
    ...network,
    inputs: network.inputs.map(input => ({ ...input, name: nameOf(input.name) })),
    layers: network.layers.map(layer => ({ ...layer, name: nameOf(layer.name) })),
    calls: network.calls.map(call => ({ ...call, layer: nameOf(call.layer), inputs: call.inputs.map(move) })),
    outputs: network.outputs.map(output => ({ ...output, from: move(output.from) })),
  };
}
