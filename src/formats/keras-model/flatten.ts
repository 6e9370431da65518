/**
 * From a tree of models to one flat list of layers and calls. Nested models are inlined: a nested model that is called
 * twice becomes layers that are called twice. It knows nothing of weights; configs are read by the layer table.
 */
import { isJsonObject, type Json, type JsonObject } from '../../base/json';
import { parseConfig } from '../../layers/config';
import type { LayerLookup } from '../../layers/layer-type';
import { isKerasLayer } from '../../layers/params';
import { createNamer } from '../../network/names';
import type { Call, Config, NetworkInput, NetworkOutput, TensorRef } from '../../network/network';
import type { Dim, Dtype } from '../../network/shape';
import { listNames, type Notes, shorten } from '../notes';
import { Refusal } from '../refusal';
import { type Dialect, meaningfulKeys, prepareConfig } from './keras-values';
import type { TreeRef } from './nodes';
import { CHECK_CALLS, missingLayer, nodeKey, orderNodes } from './order-nodes';
import { type ModelTree, statedShape, type TreeLayer } from './topology';

export interface FlatLayer {
  readonly name: string;
  readonly type: string;
  readonly config: Config;
  readonly trainable: boolean;
  /** What the file calls it, and the models around it, outermost (the whole model) first. */
  readonly fileName: string;
  readonly path: readonly string[];
  /** null for a layer that has no counterpart in the file. */
  readonly origin: TreeLayer | null;
}

export interface FlatModel {
  readonly inputs: readonly NetworkInput[];
  readonly layers: readonly FlatLayer[];
  readonly calls: readonly Call[];
  readonly outputs: readonly NetworkOutput[];
}

/** Models within models, each called twice, double with each level: that is stopped here. Models count as calls too. */
const MAX_CALLS = 20_000;

interface State {
  readonly dialect: Dialect;
  readonly table: LayerLookup;
  readonly notes: Notes;
  readonly namer: (wanted: string) => string;
  readonly layers: FlatLayer[];
  readonly calls: Call[];
  /** The flat layers that a layer of the tree became, to be called one after the other. */
  readonly made: Map<TreeLayer, readonly FlatLayer[]>;
  readonly callCounts: Map<string, number>;
  callsMade: number;
}

export function flatten(tree: ModelTree, dialect: Dialect, table: LayerLookup, notes: Notes): FlatModel {
  // Objects of TensorFlow.js that are keyed by layer names have these keys from the start.
  const namer = createNamer(Object.getOwnPropertyNames(Object.prototype));
  const byName = new Map(tree.layers.map(layer => [layer.name, layer]));
  const inputs = tree.inputs.map(ref => {
    const layer = byName.get(ref.layer);
    if (layer === undefined) throw missingLayer(ref, tree);
    return readInput(layer, namer);
  });
  const state: State = {
    dialect,
    table,
    notes,
    namer,
    layers: [],
    calls: [],
    made: new Map(),
    callCounts: new Map(),
    callsMade: 0,
  };
  const tensors = inputs.map((input): TensorRef => ({ input: input.name }));
  const results = expand(tree, tensors, { path: [tree.name], trainable: tree.trainable }, state);
  const outputNamer = createNamer();
  const layerOfCall = new Map(state.calls.map(call => [call.id, call.layer]));
  const outputs = results.map((from, i) => {
    const label = tree.outputs[i]?.label ?? null;
    const wanted = label ?? ('input' in from ? from.input : (layerOfCall.get(from.call) ?? from.call));
    return { name: outputNamer(wanted), from };
  });
  noteNames(state.layers, tree, notes);
  return { inputs, layers: state.layers, calls: state.calls, outputs };
}

interface Surroundings {
  readonly path: readonly string[];
  readonly trainable: boolean;
}

function expand(
  model: ModelTree,
  tensors: readonly TensorRef[],
  around: Surroundings,
  state: State,
): TensorRef[] {
  if (tensors.length !== model.inputs.length) {
    throw new Refusal(
      `The model '${shorten(model.name)}' has ${model.inputs.length} inputs and is called on ${tensors.length}.`,
      CHECK_CALLS,
    );
  }
  countCall(state);
  const known = new Map<string, readonly TensorRef[]>();
  for (const [i, ref] of model.inputs.entries()) {
    const tensor = tensors[i];
    if (tensor !== undefined) known.set(nodeKey(ref), [tensor]);
  }
  const tensorOf = (ref: TreeRef): TensorRef => {
    const results = known.get(nodeKey(ref));
    if (results === undefined) throw missingLayer(ref, model);
    const [first] = results;
    const exact = results[ref.tensor];
    if (exact !== undefined) return exact;
    // A layer's further results aren't listed: how many it has is for the table to say.
    if (results.length === 1 && first !== undefined && 'call' in first && !isNested(ref, model)) {
      return { call: first.call, output: ref.tensor };
    }
    throw new Refusal(
      `'${shorten(ref.layer)}' has no result number ${ref.tensor + 1}, which the model '${shorten(model.name)}' uses.`,
      CHECK_CALLS,
    );
  };
  for (const { layer, node } of orderNodes(model)) {
    const key = nodeKey({ layer: layer.name, node });
    if (known.has(key)) continue;
    const inputs = (layer.nodes[node] ?? []).map(tensorOf);
    if (layer.model !== null) {
      const inner = {
        path: [...around.path, layer.name],
        trainable: around.trainable && layer.trainable && layer.model.trainable,
      };
      known.set(key, expand(layer.model, inputs, inner, state));
    } else if (layer.isNothing) {
      known.set(key, inputs);
    } else {
      known.set(key, [callLeaf(layer, inputs, around, state)]);
    }
  }
  return model.outputs.map(tensorOf);
}

function countCall(state: State): void {
  state.callsMade++;
  if (state.callsMade <= MAX_CALLS) return;
  throw new Refusal(
    `The model has more than ${MAX_CALLS.toLocaleString('en')} calls of layers once its nested models are laid out.`,
    'Check where the file comes from: no real model is that large.',
  );
}

function isNested(ref: TreeRef, model: ModelTree): boolean {
  return model.layers.some(layer => layer.name === ref.layer && layer.model !== null);
}

function callLeaf(
  layer: TreeLayer,
  inputs: readonly TensorRef[],
  around: Surroundings,
  state: State,
): TensorRef {
  if (inputs.length === 0) {
    throw new Refusal(`The layer '${shorten(layer.name)}' is called on nothing.`, CHECK_CALLS);
  }
  let chain = state.made.get(layer);
  if (chain === undefined) {
    chain = makeLayers(layer, around, state);
    state.made.set(layer, chain);
    state.layers.push(...chain);
  }
  let from = inputs;
  for (const { name } of chain) {
    const count = state.callCounts.get(name) ?? 0;
    state.callCounts.set(name, count + 1);
    const id = count === 0 ? name : `${name}:${count}`;
    state.calls.push({ id, layer: name, inputs: from });
    countCall(state);
    from = [{ call: id, output: 0 }];
  }
  const [result] = from;
  if (result === undefined) throw new Error(`No layer was made for ${layer.name}`);
  return result;
}

/** The layer, and a second one if its activation is a layer itself, as Keras allows. */
function makeLayers(layer: TreeLayer, around: Surroundings, state: State): FlatLayer[] {
  const { table, notes, namer, dialect } = state;
  const name = namer([...around.path.slice(1), layer.name].join('_'));
  const inner = layer.config.layer;
  const innerFrozen = isKerasLayer(inner) && inner.config.trainable === false;
  const common = { fileName: layer.name, path: around.path, origin: layer };
  const trainable = around.trainable && layer.trainable && !innerFrozen;
  const type = table(layer.className);
  if (type === undefined) {
    notes.add('left-out', `unknown ${layer.className}`, layer.name, layers => {
      return `Graft doesn’t know the layer type ${shorten(layer.className)} (${listNames(layers)}): it is kept, but can’t be computed.`;
    });
    return [{ ...common, name, type: layer.className, config: layer.rawConfig, trainable }];
  }
  const { activation } = layer.config;
  const split = activation !== undefined && isLayerActivation(activation, table) ? activation : null;
  const raw = prepareConfig(
    type,
    split === null ? layer.config : { ...layer.config, activation: 'linear' },
    dialect,
    table,
  );
  const { config, problems, unknown } = parseConfig(type, raw, table);
  for (const { message } of problems) {
    notes.add('left-out', `problem ${layer.className} ${message}`, layer.name, layers => {
      return `${layer.className} ${listNames(layers)} can’t be computed as the file says: ${message}`;
    });
  }
  const computing = isKerasLayer(inner) ? inner.config : layer.config;
  if (computing.stateful === true) {
    notes.add('left-out', 'stateful', layer.name, layers => {
      return `${listNames(layers)} would go on from batch to batch (stateful); here each batch begins afresh, as rows are shuffled.`;
    });
  }
  for (const key of meaningfulKeys(unknown, layer.config)) {
    notes.add('left-out', `option ${layer.className} ${key}`, layer.name, layers => {
      return `The option ${shorten(key)} of ${layer.className} (${listNames(layers)}) is left out.`;
    });
  }
  const made: FlatLayer[] = [{ ...common, name, type: type.type, config, trainable }];
  if (split !== null) {
    notes.add('repair', 'layer activation', layer.name, layers => {
      return `The activation of ${listNames(layers)} is a layer of its own now.`;
    });
    const activationLayer = makeLayers(
      {
        name: `${layer.name}_activation`,
        className: split.class_name,
        config: split.config,
        rawConfig: split.config,
        trainable: layer.trainable,
        model: null,
        isNothing: false,
        nodes: [],
      },
      around,
      state,
    );
    made.push(...activationLayer.map(flat => ({ ...flat, origin: null })));
  }
  return made;
}

function isLayerActivation(
  activation: Json,
  table: LayerLookup,
): activation is { readonly class_name: string; readonly config: JsonObject } {
  return isKerasLayer(activation) && table(activation.class_name) !== undefined;
}

function readInput(layer: TreeLayer, namer: (wanted: string) => string): NetworkInput {
  const shape = statedShape(layer.config);
  if (shape === null) {
    throw new Refusal(
      'The file doesn’t say what shape the model’s input has.',
      'In Keras, call the model once on real data (or build it with an Input) and export it again.',
    );
  }
  const sizes = shape.map((size): Dim => {
    if (size === null || size === -1) return null;
    if (Number.isSafeInteger(size) && (size as number) > 0) return size as number;
    throw new Refusal(
      `The input '${shorten(layer.name)}' has the shape ${shorten(JSON.stringify(shape))}, which isn’t a list of sizes.`,
      CHECK_CALLS,
    );
  });
  // The batch may be fixed in a file; here it never is.
  return { name: namer(layer.name), shape: [null, ...sizes.slice(1)], dtype: readDtype(layer.config.dtype) };
}

function readDtype(dtype: Json | undefined): Dtype {
  const name = isJsonObject(dtype) && isJsonObject(dtype.config) ? dtype.config.name : dtype;
  if (typeof name !== 'string') return 'float32';
  if (/^u?int/.test(name)) return 'int32';
  return name === 'bool' || name === 'string' ? name : 'float32';
}

function noteNames(layers: readonly FlatLayer[], tree: ModelTree, notes: Notes): void {
  for (const { name, fileName, path } of layers) {
    if (path.length > 1) {
      notes.add('repair', 'nested', path.slice(1).join('/'), models => {
        const example = layers.find(layer => layer.path.length > 1);
        return `The layers of the nested model${models.length > 1 ? 's' : ''} ${listNames(models)} stand in one list with the others; '${shorten(example?.fileName ?? '')}' is named '${shorten(example?.name ?? '')}' now.`;
      });
    } else if (name !== fileName) {
      notes.add('repair', 'names', `${shorten(fileName)} → ${shorten(name)}`, items => {
        const more = items.length > 3 ? ` and ${items.length - 3} more` : '';
        return `Layers were renamed, since TensorFlow.js or Keras forbids their names: ${items.slice(0, 3).join(', ')}${more}.`;
      });
    }
  }
  const listed = countLeaves(tree);
  if (listed > layers.filter(layer => layer.origin !== null).length) {
    const count = listed - layers.filter(layer => layer.origin !== null).length;
    notes.add('left-out', 'dead ends', String(count), () => {
      return `${count} layer${count > 1 ? 's' : ''} that lead${count > 1 ? '' : 's'} to no output.`;
    });
  }
}

function countLeaves(tree: ModelTree): number {
  return tree.layers.reduce((sum, layer) => {
    if (layer.className === 'InputLayer' || layer.isNothing) return sum;
    return sum + (layer.model === null ? 1 : countLeaves(layer.model));
  }, 0);
}
