/**
 * A Network without its values, as it stands in the `userDefinedMetadata.graft` of the files that Graft writes, and back.
 * A skeleton speaks only for the topology that it was written with: if another program has changed that, its hash
 * differs and the topology alone counts.
 */
import * as v from 'valibot';
import { hashText } from '../base/hash';
import type { Json, JsonObject } from '../base/json';
import { renameHardSigmoid } from '../layers/hard-sigmoid';
import { type Layer, layersByName, type Network, type Weights } from '../network/network';
import { shapesEqual } from '../network/shape';

export interface SkeletonMetadata extends JsonObject {
  readonly version: 2;
  readonly topologyHash: number;
  readonly network: JsonObject;
}

export function toSkeleton(network: Network, modelTopology: JsonObject): SkeletonMetadata {
  return {
    version: 2,
    topologyHash: hashText(JSON.stringify(modelTopology)),
    network: {
      name: network.name,
      inputs: network.inputs.map(({ name, shape, dtype }) => ({ name, shape, dtype })),
      layers: network.layers.map(({ name, type, config, trainable, weights }) => ({
        name,
        type,
        config,
        trainable,
        roles: Object.keys(weights),
      })),
      calls: network.calls.map(({ id, layer, inputs }) => ({ id, layer, inputs: [...inputs] as Json[] })),
      outputs: network.outputs.map(({ name, from }) => ({ name, from: { ...from } as JsonObject })),
    },
  };
}

const refSchema = v.union([
  v.strictObject({ input: v.string() }),
  v.strictObject({ call: v.string(), output: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
]);

const skeletonSchema = v.object({
  /** 1 had only Keras 2’s hard_sigmoid. */
  version: v.picklist([1, 2]),
  topologyHash: v.number(),
  network: v.object({
    name: v.string(),
    inputs: v.array(
      v.object({
        name: v.string(),
        shape: v.array(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0)))),
        dtype: v.picklist(['float32', 'int32', 'bool', 'string']),
      }),
    ),
    layers: v.array(
      v.object({
        name: v.string(),
        type: v.string(),
        config: v.custom<JsonObject>(
          value => typeof value === 'object' && value !== null && !Array.isArray(value),
        ),
        trainable: v.boolean(),
        roles: v.array(v.string()),
      }),
    ),
    calls: v.array(v.object({ id: v.string(), layer: v.string(), inputs: v.array(refSchema) })),
    outputs: v.array(v.object({ name: v.string(), from: refSchema })),
  }),
});

/** The roles of each layer's weights are known, their values not. */
export interface Skeleton {
  readonly network: Network;
  readonly roles: ReadonlyMap<string, readonly string[]>;
}

/** null: there is none, or it doesn't belong to this topology. */
export function parseSkeleton(metadata: Json | undefined, modelTopology: Json): Skeleton | null {
  const parsed = v.safeParse(v.object({ graft: skeletonSchema }), metadata);
  if (!parsed.success) return null;
  const { version, topologyHash, network } = parsed.output.graft;
  if (topologyHash !== hashText(JSON.stringify(modelTopology))) return null;
  const noWeights: Weights = {};
  return {
    network: {
      ...network,
      layers: network.layers.map(({ name, type, config, trainable }) => ({
        name,
        type,
        config: version === 1 ? renameHardSigmoid(config) : config,
        trainable,
        weights: noWeights,
      })),
    },
    roles: new Map(network.layers.map(({ name, roles }) => [name, roles])),
  };
}

/** The network as Graft wrote it, with the values of what was read from the same file; else just what was read. */
export function adoptSkeleton(read: Network, metadata: Json | undefined, modelConfig: Json): Network {
  const skeleton = parseSkeleton(metadata, modelConfig);
  if (skeleton === null) return read;
  const byName = layersByName(read);
  const isWhole = skeleton.network.layers.every(({ name }) =>
    (skeleton.roles.get(name) ?? []).every(role => byName.get(name)?.weights[role] !== undefined),
  );
  if (!isWhole) return read;
  const layers = skeleton.network.layers.map((layer): Layer => {
    const values = byName.get(layer.name)?.weights ?? {};
    const roles = skeleton.roles.get(layer.name) ?? [];
    return { ...layer, weights: pick(values, roles) };
  });
  return { ...skeleton.network, layers };
}

/** `network` with all its values from `source`, layer by layer; null: `source` lacks some, or has them in other shapes. */
export function fillFrom(network: Network, source: Network): Network | null {
  const byName = layersByName(source);
  const fits = network.layers.every(({ name, weights }) =>
    Object.entries(weights).every(([role, { shape }]) => {
      const found = byName.get(name)?.weights[role];
      return found !== undefined && shapesEqual(found.shape, shape);
    }),
  );
  if (!fits) return null;
  const layers = network.layers.map((layer): Layer => {
    const values = byName.get(layer.name)?.weights ?? {};
    return { ...layer, weights: pick(values, Object.keys(layer.weights)) };
  });
  return { ...network, layers };
}

function pick(values: Weights, roles: readonly string[]): Weights {
  return Object.fromEntries(
    roles.flatMap(role => {
      const weight = values[role];
      return weight === undefined ? [] : [[role, weight] as const];
    }),
  );
}
