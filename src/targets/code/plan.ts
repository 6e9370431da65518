/**
 * What the code of a Network has to say, line by line, before it is said in Python or JavaScript: which variables there are,
 * what is defined once because it is called several times, and what can't be written. It knows neither language.
 */
import { parseConfig } from '../../layers/config';
import { inferShapes } from '../../layers/infer';
import type { LayerLookup } from '../../layers/layer-type';
import {
  type Call,
  type Layer,
  layersByName,
  type Network,
  type NetworkInput,
  type NetworkOutput,
  type TensorRef,
  tensorKey,
} from '../../network/network';

export interface NetworkPlan {
  readonly inputs: readonly { readonly input: NetworkInput; readonly variable: string }[];
  readonly steps: readonly PlanStep[];
  /** Those that can be built. */
  readonly outputs: readonly { readonly output: NetworkOutput; readonly variable: string }[];
  /** Those that need a layer that nobody knows. */
  readonly lost: readonly NetworkOutput[];
}

export type PlanStep =
  /** A layer that several calls share. */
  | {
      readonly kind: 'define';
      readonly layer: Layer;
      readonly hasWeights: boolean;
      readonly variable: string;
    }
  | {
      readonly kind: 'call';
      readonly layer: Layer;
      readonly hasWeights: boolean;
      /** The variable that holds the layer; null: it is made where it is called. */
      readonly shared: string | null;
      readonly inputs: readonly string[];
      /** One for each tensor that comes out. */
      readonly results: readonly string[];
    }
  /** A layer that the table doesn't know, or whatever needs its result. */
  | {
      readonly kind: 'unknown';
      readonly layer: Layer;
      /** The variable of its result, which what follows would use. */
      readonly variable: string;
      readonly inputs: readonly string[];
      /** The layers of unknown type that it needs, itself included. */
      readonly needs: readonly string[];
    };

/** `isKnown`: whether the layer can be written in this language. */
export function planNetwork(
  network: Network,
  table: LayerLookup,
  variable: (wanted: string) => string,
  isKnown: (layer: Layer) => boolean = layer => table(layer.type) !== undefined,
): NetworkPlan {
  const layers = layersByName(network);
  const { shapes } = inferShapes(network, table);
  const variables = new Map<string, string>();
  const needs = new Map<string, readonly string[]>();
  const inputs = network.inputs.map(input => {
    const name = variable(input.name);
    variables.set(tensorKey({ input: input.name }), name);
    return { input, variable: name };
  });
  const weighted = findLayersWithWeights(network, table);
  const shared = new Map<string, string>();
  const times = countCalls(network.calls);
  const outputsUsed = countOutputs(network);
  const steps: PlanStep[] = [];
  for (const call of network.calls) {
    const layer = layers.get(call.layer);
    if (layer === undefined) continue;
    const isShared = (times.get(layer.name) ?? 0) > 1;
    const needed = new Set(call.inputs.flatMap(ref => needs.get(keyOfCall(ref)) ?? []));
    if (!isKnown(layer)) needed.add(layer.name);
    const given = call.inputs.map(ref => variables.get(tensorKey(ref)) ?? '');
    if (isShared && needed.size === 0 && !shared.has(layer.name)) {
      const name = variable(layer.name);
      shared.set(layer.name, name);
      steps.push({ kind: 'define', layer, hasWeights: weighted.has(layer.name), variable: name });
    }
    const count = Math.max(countShapes(shapes, call.id), outputsUsed.get(call.id) ?? 1);
    const results = Array.from({ length: count }, (_, output) => {
      const wanted = isShared ? `${layer.name}_out` : output === 0 ? layer.name : `${layer.name}_state`;
      const name = variable(wanted);
      variables.set(tensorKey({ call: call.id, output }), name);
      return name;
    });
    if (needed.size > 0) {
      needs.set(call.id, [...needed]);
      steps.push({
        kind: 'unknown',
        layer,
        variable: results[0] ?? '',
        inputs: given,
        needs: [...needed],
      });
    } else {
      steps.push({
        kind: 'call',
        layer,
        hasWeights: weighted.has(layer.name),
        shared: shared.get(layer.name) ?? null,
        inputs: given,
        results,
      });
    }
  }
  const isLost = ({ from }: NetworkOutput) => needs.has(keyOfCall(from));
  return {
    inputs,
    steps,
    outputs: network.outputs
      .filter(output => !isLost(output))
      .map(output => ({ output, variable: variables.get(tensorKey(output.from)) ?? '' })),
    lost: network.outputs.filter(isLost),
  };
}

/** By name. New layers have no values yet: the table says what they will hold. */
export function findLayersWithWeights(network: Network, table: LayerLookup): ReadonlySet<string> {
  const layers = layersByName(network);
  const { shapes } = inferShapes(network, table);
  const found = new Set<string>();
  for (const call of network.calls) {
    const layer = layers.get(call.layer);
    const type = layer === undefined ? undefined : table(layer.type);
    const inputs = call.inputs.flatMap(ref => [shapes.get(tensorKey(ref)) ?? null]);
    if (layer === undefined || type === undefined || found.has(layer.name)) continue;
    if (!inputs.every(shape => shape !== null)) continue;
    const { config } = parseConfig(type, layer.config, table);
    if (type.weights(config, inputs, table).length > 0) found.add(layer.name);
  }
  return found;
}

function keyOfCall(ref: TensorRef): string {
  return 'call' in ref ? ref.call : '';
}

function countCalls(calls: readonly Call[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { layer } of calls) counts.set(layer, (counts.get(layer) ?? 0) + 1);
  return counts;
}

/** How many tensors of each call somebody uses, those before the last one included. */
function countOutputs(network: Network): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const ref of [
    ...network.calls.flatMap(call => call.inputs),
    ...network.outputs.map(({ from }) => from),
  ]) {
    if ('call' in ref) counts.set(ref.call, Math.max(counts.get(ref.call) ?? 1, ref.output + 1));
  }
  return counts;
}

function countShapes(shapes: ReadonlyMap<string, unknown>, call: string): number {
  let count = 0;
  while (shapes.has(tensorKey({ call, output: count }))) count++;
  return count;
}
