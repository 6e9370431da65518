/**
 * A model.json of TensorFlow.js (Layers format) and its weight files as a Network. It reads the format itself: no
 * TensorFlow.js is called, so nothing in a file can hang or crash it.
 */
import { isJsonObject, type Json, type JsonObject } from '../../base/json';
import { parseConfig } from '../../layers/config';
import { inferCall, inferShapes } from '../../layers/infer';
import type { LayerLookup } from '../../layers/layer-type';
import { lookUpLayer } from '../../layers/table';
import { findBrokenInvariants } from '../../network/invariants';
import { cleanName } from '../../network/names';
import { type Layer, type Network, tensorKey, type Weight, type Weights } from '../../network/network';
import { type Shape, shapesEqual } from '../../network/shape';
import { listNames, type Notes } from '../notes';
import { Refusal } from '../refusal';
import { stockWeightName } from './emit';
import { type FlatModel, flatten } from './flatten';
import { matchWeights, type Taker, type TakerSpec } from './match-weights';
import { parseSkeleton, type Skeleton } from './skeleton';
import { type ModelTree, readTopology } from './topology';
import { type NamedWeight, readWeights } from './weights';

export interface ReadLayersModel {
  readonly network: Network;
  readonly writtenBy: string | null;
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
  const skeleton = parseSkeleton(json.userDefinedMetadata, modelTopology);
  if (skeleton !== null) {
    const weights = readWeights(json, shardBytes, notes);
    return { network: checked(fillSkeleton(skeleton, weights)), writtenBy: writer(json) };
  }
  const { tree, dialect } = readTopology(modelTopology, kerasVersion(json), notes);
  const flat = withTokenInputs(flatten(tree, dialect, lookUpLayer, notes), lookUpLayer, notes);
  const weights = readWeights(json, shardBytes, notes);
  const network = checked(fillWeights(flat, tree, weights, notes));
  noteOddValues(network, notes);
  return { network, writtenBy: writer(json) };
}

/** Weights in a file of our own bear the names that `emit.ts` gave them. */
function fillSkeleton({ network, roles }: Skeleton, weights: readonly NamedWeight[]): Network {
  const byName = new Map(weights.map(({ name, weight }) => [name, weight]));
  const layers = network.layers.map((layer): Layer => {
    const found = (roles.get(layer.name) ?? []).map((role): [string, Weight] => {
      const weight = byName.get(stockWeightName(layer, role));
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

function fillWeights(
  flat: FlatModel,
  tree: ModelTree,
  weights: readonly NamedWeight[],
  notes: Notes,
): Network {
  const empty: Network = {
    name: cleanName(tree.name),
    inputs: flat.inputs,
    layers: flat.layers.map(({ name, type, config, trainable }) => ({
      name,
      type,
      config,
      trainable,
      weights: {},
    })),
    calls: flat.calls,
    outputs: flat.outputs,
  };
  const specs = weightSpecs(empty, lookUpLayer);
  const takers = flat.layers.map((layer): Taker => ({ layer, specs: specs.get(layer.name) ?? null }));
  if (weights.length === 0 && takers.some(taker => taker.specs?.some(({ shape }) => shape !== null))) {
    throw new Refusal(
      'It holds only the structure of a model, without weights.',
      'Save the model with its weights (model.save in TensorFlow.js), and drop all files together.',
    );
  }
  const matched = matchWeights(takers, weights, tree, notes);
  const none: Weights = {};
  return {
    ...empty,
    layers: empty.layers.map((layer, i) => {
      const origin = flat.layers[i];
      return { ...layer, weights: (origin === undefined ? undefined : matched.get(origin)) ?? none };
    }),
  };
}

/** By layer name; missing for layers that the table doesn't know. */
function weightSpecs(network: Network, table: LayerLookup): ReadonlyMap<string, readonly TakerSpec[]> {
  const { shapes } = inferShapes(network, table);
  const firstCalls = new Map(network.calls.toReversed().map(call => [call.layer, call]));
  return new Map(
    network.layers.flatMap(layer => {
      const type = table(layer.type);
      if (type === undefined) return [];
      const { config } = parseConfig(type, layer.config, table);
      const refs = firstCalls.get(layer.name)?.inputs ?? [];
      const inputs = refs.flatMap((ref): Shape[] => {
        const shape = shapes.get(tensorKey(ref));
        return shape === undefined ? [] : [shape];
      });
      const isKnown = inputs.length === refs.length && 'shapes' in inferCall(layer, inputs, table);
      const specs = type.weights(config, inputs, table);
      return [[layer.name, isKnown ? specs : specs.map(spec => ({ ...spec, shape: null }))] as const];
    }),
  );
}

/** Keras lets tokens come as floats; here an input that only feeds layers for tokens holds whole numbers. */
function withTokenInputs(flat: FlatModel, table: LayerLookup, notes: Notes): FlatModel {
  const typeOf = new Map(flat.layers.map(layer => [layer.name, table(layer.type)]));
  const inputs = flat.inputs.map(input => {
    const users = flat.calls.filter(call =>
      call.inputs.some(ref => 'input' in ref && ref.input === input.name),
    );
    const isTokens =
      users.length > 0 && users.every(call => typeOf.get(call.layer)?.inputs.values === 'tokens');
    if (!isTokens || input.dtype === 'int32') return input;
    notes.add('repair', 'tokens', input.name, names => {
      return `The input${names.length > 1 ? 's' : ''} ${listNames(names)} take${names.length > 1 ? '' : 's'} whole numbers, as the layer after needs.`;
    });
    return { ...input, dtype: 'int32' as const };
  });
  return { ...flat, inputs };
}

function checked(network: Network): Network {
  const [broken] = findBrokenInvariants(network);
  if (broken === undefined) return network;
  throw new Refusal(
    `The model contradicts itself: ${broken}`,
    'Export the model again; if it was edited by hand, undo that.',
  );
}

function noteOddValues(network: Network, notes: Notes): void {
  for (const layer of network.layers) {
    for (const [role, { values }] of Object.entries(layer.weights)) {
      if (!(values instanceof Float32Array) || values.every(Number.isFinite)) continue;
      notes.add('left-out', 'odd values', `${layer.name}/${role}`, items => {
        return `Some weights are no numbers (NaN) or infinite, in ${listNames(items)}: what depends on them will be NaN too.`;
      });
    }
  }
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
