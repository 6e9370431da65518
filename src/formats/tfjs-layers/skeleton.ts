/**
 * A Network without its values, as it stands in the `userDefinedMetadata.graft` of the files that Graft writes, and back.
 * A skeleton speaks only for the topology that it was written with: if another program has changed that, its hash
 * differs and the topology alone counts.
 */
import * as v from 'valibot';
import { hashText } from '../../base/hash';
import type { Json, JsonObject } from '../../base/json';
import { renameHardSigmoid } from '../../layers/hard-sigmoid';
import type { Network, Weights } from '../../network/network';

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
