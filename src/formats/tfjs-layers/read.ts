/**
 * A model.json of TensorFlow.js (Layers format) and its weight files as a Network. It reads the format itself: no
 * TensorFlow.js is called, so nothing in a file can hang or crash it.
 */
import { isJsonObject, type Json, type JsonObject } from '../../base/json';
import { lookUpLayer } from '../../layers/table';
import type { Layer, Network, Weight } from '../../network/network';
import { shapesEqual } from '../../network/shape';
import { type Architecture, buildNetwork, checkNetwork, weightSpecs } from '../keras-model/build-network';
import type { NamedWeight } from '../keras-model/named-weight';
import type { Notes } from '../notes';
import { Refusal } from '../refusal';
import { parseSkeleton, type Skeleton } from '../skeleton';
import { stockWeightName } from './emit';
import { readWeights } from './weights';

export interface ReadLayersModel {
  readonly network: Network;
  readonly writtenBy: string | null;
  readonly architecture: Architecture;
}

/** Whether a JSON value looks like a Layers model: also those that don't say their format. */
export function isLayersModelJson(json: Json): json is JsonObject {
  if (!isJsonObject(json)) return false;
  if (json.format === 'graph-model') return false;
  const topology = json.modelTopology ?? json;
  if (!isJsonObject(topology)) return false;
  const model = topology.model_config ?? topology;
  return isJsonObject(model) && typeof model.class_name === 'string' && model.config !== undefined;
}

/** `shardBytes` finds a weight file by its path in the manifest. Throws a `Refusal`. */
export function readLayersModel(
  json: JsonObject,
  shardBytes: (path: string) => Uint8Array | undefined,
  notes: Notes,
): ReadLayersModel {
  const modelTopology = json.modelTopology ?? json;
  const architecture: Architecture = { modelConfig: modelTopology, kerasVersion: kerasVersion(json) };
  const weights = readWeights(json, shardBytes, notes);
  const skeleton = parseSkeleton(json.userDefinedMetadata, modelTopology);
  const network =
    skeleton === null
      ? buildNetwork(architecture, { kind: 'list', weights }, notes)
      : checkNetwork(fillSkeleton(skeleton, weights));
  return { network, writtenBy: writer(json), architecture };
}

/** Weights in a file of our own bear the names that `emit.ts` gave them. */
function fillSkeleton({ network, roles }: Skeleton, weights: readonly NamedWeight[]): Network {
  const byName = new Map(weights.map(({ name, weight }) => [name, weight]));
  const layers = network.layers.map((layer): Layer => {
    const found = (roles.get(layer.name) ?? []).map((role): [string, Weight] => {
      // Layers that stand there as Graft's own classes name their weights as Graft does.
      const weight = byName.get(stockWeightName(layer, role)) ?? byName.get(`${layer.name}/${role}`);
      if (weight === undefined) {
        throw new Refusal(
          `The weight ‘${role}’ of the layer '${layer.name}' isn’t in the weight files.`,
          'Export the model again: model.json and its weight files don’t belong together.',
        );
      }
      return [role, weight];
    });
    return { ...layer, weights: Object.fromEntries(found) };
  });
  const filled = { ...network, layers };
  const specs = weightSpecs(filled, lookUpLayer);
  for (const layer of layers) {
    const odd = specs.get(layer.name)?.find(({ role, shape }) => {
      const weight = layer.weights[role];
      return weight !== undefined && shape !== null && !shapesEqual(shape, weight.shape);
    });
    if (odd === undefined) continue;
    throw new Refusal(
      `The weight ‘${odd.role}’ of the layer '${layer.name}' has to have the shape [${odd.shape?.join(', ')}].`,
      'Export the model again: model.json and its weight files don’t belong together.',
    );
  }
  return filled;
}

function kerasVersion(json: JsonObject): string | null {
  const topology = json.modelTopology ?? json;
  if (isJsonObject(topology) && typeof topology.keras_version === 'string') return topology.keras_version;
  // The converter's own note, where the topology says nothing: `keras v3.9.0`.
  return typeof json.generatedBy === 'string' ? (/^keras v(\S+)/.exec(json.generatedBy)?.[1] ?? null) : null;
}

function writer(json: JsonObject): string | null {
  const { generatedBy, convertedBy } = json;
  const version = kerasVersion(json);
  const names = [
    typeof generatedBy === 'string'
      ? generatedBy
      : version === null
        ? null
        : version.startsWith('tfjs')
          ? version
          : `Keras ${version}`,
    typeof convertedBy === 'string' ? convertedBy : null,
  ];
  const known = names.filter(name => name !== null);
  return known.length === 0 ? null : known.join(', ').slice(0, 200);
}
