/**
 * A Network from what every Keras format holds: the structure as Keras writes it in JSON, and named weights. The formats
 * differ in where these stand; what they mean is read here once.
 */
import type { Json } from '../../base/json';
import { parseConfig } from '../../layers/config';
import { inferCall, inferShapes } from '../../layers/infer';
import type { LayerLookup } from '../../layers/layer-type';
import { lookUpLayer } from '../../layers/table';
import { findBrokenInvariants } from '../../network/invariants';
import { cleanName } from '../../network/names';
import { type Network, tensorKey, type Weights } from '../../network/network';
import type { Shape } from '../../network/shape';
import { listNames, type Notes } from '../notes';
import { Refusal } from '../refusal';
import { type FlatModel, flatten } from './flatten';
import { matchWeights } from './match-weights';
import { isEmpty, type WeightSource } from './named-weight';
import type { Taker, TakerSpec } from './slots';
import { type ModelTree, readTopology } from './topology';

/** What `model.to_json()` says, and who wrote it. */
export interface Architecture {
  readonly modelConfig: Json;
  /** null: the file doesn't say. */
  readonly kerasVersion: string | null;
}

/** Throws a `Refusal`. */
export function buildNetwork(architecture: Architecture, weights: WeightSource, notes: Notes): Network {
  const { tree, dialect } = readTopology(architecture.modelConfig, architecture.kerasVersion, notes);
  const flat = withTokenInputs(flatten(tree, dialect, lookUpLayer, notes), lookUpLayer, notes);
  const network = checkNetwork(fillWeights(flat, tree, weights, notes));
  noteImpossibleCalls(network, notes);
  noteOddValues(network, notes);
  return network;
}

function fillWeights(flat: FlatModel, tree: ModelTree, weights: WeightSource, notes: Notes): Network {
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
  if (isEmpty(weights) && takers.some(taker => taker.specs?.some(({ shape }) => shape !== null))) {
    throw new Refusal(
      'It holds only the structure of a model, without weights.',
      'Save the whole model with model.save, or drop the file of its weights (.weights.h5, .h5 or .bin) together with this one.',
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
export function weightSpecs(network: Network, table: LayerLookup): ReadonlyMap<string, readonly TakerSpec[]> {
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

export function checkNetwork(network: Network): Network {
  const [broken] = findBrokenInvariants(network);
  if (broken === undefined) return network;
  throw new Refusal(
    `The model contradicts itself: ${broken}`,
    'Export the model again; if it was edited by hand, undo that.',
  );
}

/** Options and types that aren't known have been noted: these are layers that get something else than they can take. */
function noteImpossibleCalls(network: Network, notes: Notes): void {
  for (const problem of inferShapes(network, lookUpLayer).problems) {
    if (problem.kind === 'unknown-type' || problem.kind === 'unsupported-option') continue;
    const message = problem.kind === 'shape' ? problem.problem.message : problem.message;
    notes.add('left-out', `impossible ${message}`, problem.layer.name, layers => {
      return `${listNames(layers)} can’t be computed: ${message}`;
    });
  }
}

function noteOddValues(network: Network, notes: Notes): void {
  for (const layer of network.layers) {
    for (const [role, { values }] of Object.entries(layer.weights)) {
      if (!(values instanceof Float32Array) || areFinite(values)) continue;
      notes.add('warning', 'odd values', `${layer.name}/${role}`, items => {
        return `Some weights are no numbers (NaN) or infinite, in ${listNames(items)}: what depends on them will be NaN too.`;
      });
    }
  }
}

/** Zero times anything is zero, but for what is no number or infinite. Several times as fast as a look at each. */
function areFinite(values: Float32Array): boolean {
  let sum = 0;
  for (const value of values) sum += 0 * value;
  return sum === 0;
}
