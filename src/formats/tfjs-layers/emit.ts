/**
 * A Network as a model.json that stock TensorFlow.js 4.22 opens, with its weights in one buffer. What runs is made from
 * this too. It imports no TensorFlow.js; what it must know of it is said where it matters.
 *
 * A model.json can't say everything that a Network says: layers that are written as several stock layers, names of
 * outputs, options that TensorFlow.js lacks. The whole Network without its values stands beside the topology in
 * `userDefinedMetadata.graft`: see `skeleton.ts`.
 */
import type { Json, JsonObject } from '../../base/json';
import { parseConfig } from '../../layers/config';
import type { LayerType, TfjsStep } from '../../layers/layer-type';
import { isKerasLayer } from '../../layers/params';
import { lookUpLayer } from '../../layers/table';
import { withoutDeadEnds } from '../../network/dead-ends';
import { createNamer } from '../../network/names';
import {
  type Call,
  type Layer,
  layersByName,
  type Network,
  type TensorRef,
  tensorKey,
  type Weight,
} from '../../network/network';
import { type SkeletonMetadata, toSkeleton } from '../skeleton';
import { writeGraftLayer } from './graft-class';
import { innerName, writeLayerObject } from './layer-config';
import { findOwnLayers } from './own-layers';

export interface EmittedModel {
  readonly modelTopology: JsonObject;
  readonly weightSpecs: readonly EmittedWeightSpec[];
  readonly weightData: ArrayBuffer;
  readonly userDefinedMetadata: { readonly graft: SkeletonMetadata };
  /** Whether it needs `graft-layers.js`: stock TensorFlow.js lacks some of its layers, or computes them otherwise than Keras. */
  readonly needsGraftLayers: boolean;
}

export interface EmittedWeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: Weight['dtype'];
}

export function emitLayersModel(whole: Network): EmittedModel {
  // TensorFlow.js forgets what leads to no output on loading, and then rejects its weights.
  const network = withoutDeadEnds(whole);
  const own = findOwnLayers(network);
  const stock = toStockLayers(network, own);
  const modelTopology: JsonObject = {
    class_name: 'Functional',
    config: writeFunctionalConfig(stock, own),
    // What these forms are: https://github.com/keras-team/tf-keras (the last Keras 2).
    keras_version: '2.15.0',
    backend: 'tensorflow',
  };
  return {
    modelTopology,
    ...joinWeights(network, own),
    userDefinedMetadata: { graft: toSkeleton(network, modelTopology) },
    needsGraftLayers: own.size > 0,
  };
}

/** The same network in layers that TensorFlow.js has. */
function toStockLayers(network: Network, own: ReadonlySet<string>): Network {
  const layers: Layer[] = [];
  const calls: Call[] = [];
  const namer = createNamer([...network.inputs, ...network.layers].map(({ name }) => name));
  const steps = new Map<string, readonly { readonly step: TfjsStep; readonly name: string }[]>();
  for (const layer of network.layers) {
    const type = lookUpLayer(layer.type);
    if (type === undefined || type.tfjs === null || !('steps' in type.tfjs) || own.has(layer.name)) {
      layers.push(layer);
      continue;
    }
    const named = type.tfjs
      .steps(canonicalConfig(layer, type))
      .map(step => ({ step, name: namer(`${layer.name}_${step.type.toLowerCase()}`) }));
    steps.set(layer.name, named);
    for (const { step, name } of named) layers.push(stepLayer(step, name, layer));
  }
  // What a call of a layer in steps returns, and what extra layers return, stands here under its new place.
  const moved = new Map<string, TensorRef>();
  const follow = (ref: TensorRef) => moved.get(tensorKey(ref)) ?? ref;
  for (const call of network.calls) {
    const inputs = call.inputs.map(follow);
    const named = steps.get(call.layer);
    if (named === undefined) {
      calls.push({ ...call, inputs });
      continue;
    }
    const results: TensorRef[] = [];
    for (const [index, { step, name }] of named.entries()) {
      const stepInputs = step.inputs.flatMap(from => {
        const ref = 'input' in from ? inputs[from.input] : results[from.step];
        return ref === undefined ? [] : [ref];
      });
      const id = `${call.id} step ${index}`;
      calls.push({ id, layer: name, inputs: stepInputs });
      results.push({ call: id, output: 0 });
    }
    const last = results.at(-1) ?? inputs[0];
    if (last !== undefined) moved.set(tensorKey({ call: call.id, output: 0 }), last);
  }
  const used = new Set<string>();
  const outputs = network.outputs.map(output => {
    const from = follow(output.from);
    const producer = 'input' in from ? from.input : layerOf(from, calls);
    // TensorFlow.js mixes up outputs that are one tensor, can't tell apart two outputs of one layer, and calls an output
    // as its layer is called: such outputs get a layer of their own, and so do inputs that are also outputs.
    if (!used.has(producer) && !('input' in from) && from.output === 0) {
      used.add(producer);
      return { ...output, from };
    }
    const name = namer(output.name);
    layers.push({ name, type: 'Activation', config: { activation: 'linear' }, weights: {}, trainable: true });
    calls.push({ id: name, layer: name, inputs: [from] });
    return { ...output, from: { call: name, output: 0 } };
  });
  return { ...network, layers, calls, outputs };
}

function layerOf(ref: { readonly call: string }, calls: readonly Call[]): string {
  return calls.find(call => call.id === ref.call)?.layer ?? ref.call;
}

function stepLayer(step: TfjsStep, name: string, origin: Layer): Layer {
  return { name, type: step.type, config: step.config, weights: {}, trainable: origin.trainable };
}

/** With every parameter, so that nothing rests on the defaults of TensorFlow.js, which aren't those of Keras 3. */
function canonicalConfig(layer: Layer, type: LayerType): Layer['config'] {
  const { config } = parseConfig(type, layer.config, lookUpLayer);
  return layer.trainable ? config : withoutConstraints(config);
}

/**
 * TensorFlow.js applies constraints whenever a weight is set, on loading too, which may not touch what is frozen. Keras applies
 * them after a step of training, so that those of a frozen layer, or of one that it wraps, do nothing.
 */
function withoutConstraints(config: Layer['config']): JsonObject {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => {
      if (name.endsWith('_constraint')) return [name, null];
      if (name === 'layer' && isKerasLayer(value))
        return [name, { ...value, config: withoutConstraints(value.config) }];
      return [name, value];
    }),
  );
}

function writeFunctionalConfig(network: Network, own: ReadonlySet<string>): JsonObject {
  const order = loadingOrder(network);
  const nodeIndex = new Map<string, readonly [string, number]>();
  for (const [layer, calls] of order) {
    for (const [index, call] of calls.entries()) nodeIndex.set(call.id, [layer.name, index]);
  }
  const place = (ref: TensorRef): readonly [string, number, number] => {
    if ('input' in ref) return [ref.input, 0, 0];
    const [layer, index] = nodeIndex.get(ref.call) ?? [ref.call, 0];
    return [layer, index, ref.output];
  };
  const inputLayers = network.inputs.map(({ name, shape, dtype }) => ({
    class_name: 'InputLayer',
    config: { batch_input_shape: shape, dtype, sparse: false, name },
    name,
    inbound_nodes: [],
  }));
  const layers = [...order].map(([layer, calls]) => {
    const type = lookUpLayer(layer.type);
    const inboundNodes: Json = calls.map(call => call.inputs.map(ref => [...place(ref), {}]));
    return {
      ...(own.has(layer.name)
        ? writeGraftLayer(layer)
        : writeLayerObject(
            { ...layer, config: type === undefined ? layer.config : canonicalConfig(layer, type) },
            lookUpLayer,
          )),
      name: layer.name,
      inbound_nodes: inboundNodes,
    };
  });
  return {
    name: network.name,
    trainable: true,
    layers: [...inputLayers, ...layers],
    input_layers: network.inputs.map(input => place({ input: input.name })),
    output_layers: network.outputs.map(output => place(output.from)),
  };
}

/**
 * Each called layer with its calls, both in the order in which TensorFlow.js makes them on loading. That order decides
 * what a node index means: `Container.fromConfig` goes through the layers again and again and makes each call whose
 * tensors are there; a call that must wait is overtaken by later calls of the same layer. Its rounds are repeated here.
 */
function loadingOrder(network: Network): Map<Layer, readonly Call[]> {
  const byName = layersByName(network);
  const waiting = new Map<Layer, Call[]>();
  for (const call of network.calls) {
    const layer = byName.get(call.layer);
    if (layer === undefined) continue;
    const list = waiting.get(layer);
    if (list === undefined) waiting.set(layer, [call]);
    else list.push(call);
  }
  const order = new Map<Layer, Call[]>([...waiting.keys()].map(layer => [layer, []]));
  const made = new Set<string>();
  let progress = true;
  while (progress) {
    progress = false;
    for (const [layer, calls] of waiting) {
      const ready: Call[] = [];
      const later: Call[] = [];
      for (const call of calls) {
        if (call.inputs.every(ref => 'input' in ref || made.has(ref.call))) {
          ready.push(call);
          made.add(call.id);
        } else {
          later.push(call);
        }
      }
      order.get(layer)?.push(...ready);
      if (later.length === 0) waiting.delete(layer);
      else waiting.set(layer, later);
      if (ready.length > 0) progress = true;
    }
  }
  return order;
}

function joinWeights(
  network: Network,
  own: ReadonlySet<string>,
): Pick<EmittedModel, 'weightSpecs' | 'weightData'> {
  const weightSpecs: EmittedWeightSpec[] = [];
  const parts: Uint8Array[] = [];
  for (const layer of network.layers) {
    for (const [role, { shape, dtype, values }] of Object.entries(layer.weights)) {
      const name = own.has(layer.name) ? `${layer.name}/${role}` : stockWeightName(layer, role);
      weightSpecs.push({ name, shape, dtype });
      parts.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    }
  }
  return { weightSpecs, weightData: joinBytes(parts) };
}

/** The `originalName` that the loaded layer's variable will have. */
export function stockWeightName(layer: Pick<Layer, 'name' | 'config'>, role: string): string {
  return `${layer.name}/${stockRole(layer.config, role)}`;
}

/** TimeDistributed builds its layer in its own name scope, Bidirectional each of its two in a scope of theirs. */
function stockRole(config: Layer['config'], role: string): string {
  const { layer: inner } = config;
  const [place = '', ...rest] = role.split('/');
  if (!isKerasLayer(inner) || rest.length === 0) return role;
  const innerRole = stockRole(inner.config, rest.join('/'));
  return place === 'layer' ? innerRole : `${place}_${innerName(inner)}/${innerRole}`;
}

function joinBytes(parts: readonly Uint8Array[]): ArrayBuffer {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.byteLength;
  }
  return joined.buffer;
}
