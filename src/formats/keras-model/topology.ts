/**
 * The structure in a model.json, Sequential or functional, as Keras 2, Keras 3 or TensorFlow.js wrote it, in one form: a
 * tree of functional models whose layers say which tensors they are called on. Configs are tidied, not yet read; weights
 * and the layer table don't occur here.
 */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../base/json';
import { listNames, type Notes, shorten } from '../notes';
import { Refusal } from '../refusal';
import { fromGraftConfig } from '../tfjs-layers/graft-class';
import { readCallOptions } from './call-options';
import { completeCudnnConfig } from './cudnn-layers';
import { currentClassName, type Dialect, tidyConfig } from './keras-values';
import { type Context, readEnds, readNode, type TreeOutput, type TreeRef, WAY_OUT } from './nodes';
import { readOperation } from './operations';

export interface ModelTree {
  readonly name: string;
  readonly className: string;
  readonly trainable: boolean;
  readonly layers: readonly TreeLayer[];
  readonly inputs: readonly TreeRef[];
  readonly outputs: readonly TreeOutput[];
}

export interface TreeLayer {
  readonly name: string;
  readonly className: string;
  readonly config: JsonObject;
  /** As the file says it, for a placeholder. */
  readonly rawConfig: JsonObject;
  readonly trainable: boolean;
  /** Set for a nested model. */
  readonly model: ModelTree | null;
  /** Tensors go through it as they are: it is left out. */
  readonly isNothing: boolean;
  /** Each is one call. */
  readonly nodes: readonly (readonly TreeRef[])[];
}

export interface Topology {
  readonly tree: ModelTree;
  readonly dialect: Dialect;
}

export function readTopology(modelTopology: Json, kerasVersion: string | null, notes: Notes): Topology {
  const holder = isJsonObject(modelTopology) ? (modelTopology.model_config ?? modelTopology) : null;
  if (!isJsonObject(holder) || typeof holder.class_name !== 'string') {
    throw new Refusal('Its modelTopology doesn’t describe a Keras model.', WAY_OUT);
  }
  if (kerasVersion !== null && /^1\./.test(kerasVersion)) {
    throw new Refusal(
      `It was written by Keras ${kerasVersion}; Keras 2 and later can be read.`,
      'Open it with Keras 2.2 in Python and save it again.',
    );
  }
  const dialect: Dialect =
    kerasVersion !== null ? (/^[3-9]/.test(kerasVersion) ? 'keras3' : 'keras2') : guessDialect(holder);
  return { tree: readModel(holder, { dialect, notes, path: [] }), dialect };
}

/** By what only Keras 3 writes. */
function guessDialect(model: JsonObject): Dialect {
  return /"batch_shape"|"keras_history"|"DTypePolicy"/.test(JSON.stringify(model)) ? 'keras3' : 'keras2';
}

function isModelClass(className: string): boolean {
  return className === 'Sequential' || className === 'Functional' || className === 'Model';
}

function readModel(json: JsonObject, context: Context): ModelTree {
  const className = currentClassName(String(json.class_name), context.notes);
  const { config } = json;
  if (className === 'Sequential') {
    // Keras before 2.2.3 and old TensorFlow.js wrote just the list of layers.
    if (isJsonArray(config)) {
      const name = typeof json.name === 'string' ? json.name : 'sequential';
      context.notes.add('repair', 'bare list', name, () => 'A Sequential model was a bare list of layers.');
      return readSequential({ name, layers: config }, context);
    }
    if (isJsonObject(config) && isJsonArray(config.layers)) return readSequential(config, context);
  } else if (isJsonObject(config) && isJsonArray(config.layers)) {
    // A subclass of Model with a functional config is functional.
    return readFunctional(config, className, context);
  }
  throw new Refusal(
    `The model is of class ${shorten(className)} and its file doesn’t list layers: only code could rebuild it.`,
    'In Keras, build the same model with the functional API, copy the weights, and export that.',
  );
}

function readFunctional(config: JsonObject, className: string, context: Context): ModelTree {
  const name = typeof config.name === 'string' ? config.name : 'model';
  const inner = { ...context, path: [...context.path, name] };
  const drafts = (config.layers as readonly Json[]).map(layer => readLayer(layer, inner));
  const names = new Set<string>();
  for (const draft of drafts) {
    if (names.has(draft.name)) {
      throw new Refusal(
        `Two layers are named '${shorten(draft.name)}' in the model '${shorten(name)}'.`,
        WAY_OUT,
      );
    }
    names.add(draft.name);
  }
  const inputs = readEnds(config.input_layers, 'input_layers', inner);
  const outputs = readEnds(config.output_layers, 'output_layers', inner);
  const models = new Map(
    drafts.flatMap(draft => (draft.model === null ? [] : [[draft.name, draft] as const])),
  );
  const shift = nodeShift(drafts, models, inner);
  const shiftOutput = outputShift(models, inner);
  return {
    name,
    className,
    trainable: config.trainable !== false,
    layers: drafts.map(draft => ({ ...draft, nodes: draft.nodes.map(node => node.map(shift)) })),
    inputs,
    outputs: outputs.map(output => ({ ...shiftOutput(output), label: output.label })),
  };
}

/**
 * In Keras 2 and TensorFlow.js a nested model's first call in the outer model is its node 1, since 0 is its own graph. In
 * Keras 3 it is node 0. Here it is 0.
 */
function nodeShift(layers: readonly TreeLayer[], models: ReadonlyMap<string, TreeLayer>, context: Context) {
  const asked = new Map<string, { min: number; max: number }>();
  for (const { layer, node } of layers.flatMap(l => l.nodes.flat())) {
    const range = asked.get(layer);
    asked.set(layer, { min: Math.min(range?.min ?? node, node), max: Math.max(range?.max ?? node, node) });
  }
  const fromOne = new Set<string>();
  for (const [name, layer] of models) {
    const range = asked.get(name);
    if (range === undefined || range.min === 0) continue;
    if (range.max === layer.nodes.length || context.dialect === 'keras2') fromOne.add(name);
  }
  return (ref: TreeRef): TreeRef => (fromOne.has(ref.layer) ? { ...ref, node: ref.node - 1 } : ref);
}

/** Among the outputs Keras 3 counts as Keras 2 does, but only for functional models. */
function outputShift(models: ReadonlyMap<string, TreeLayer>, context: Context) {
  return (ref: TreeRef): TreeRef => {
    const layer = models.get(ref.layer);
    if (layer === undefined || ref.node === 0) return ref;
    const isShifted =
      context.dialect === 'keras2' || layer.className !== 'Sequential' || ref.node === layer.nodes.length;
    return isShifted ? { ...ref, node: ref.node - 1 } : ref;
  };
}

function readSequential(config: JsonObject, context: Context): ModelTree {
  const name = typeof config.name === 'string' ? config.name : 'sequential';
  const inner = { ...context, path: [...context.path, name] };
  const drafts = (config.layers as readonly Json[]).map(layer => readLayer(layer, inner));
  const [first] = drafts;
  const layers: TreeLayer[] = [];
  const names = new Set(drafts.map(draft => draft.name));
  if (first?.className !== 'InputLayer') {
    const shape = first === undefined ? null : sequentialInputShape(first, config);
    let inputName = `${first?.name ?? name}_input`;
    while (names.has(inputName)) inputName = `${inputName}_`;
    const inputConfig: JsonObject = {
      name: inputName,
      ...(shape === null ? {} : { batch_input_shape: shape }),
    };
    layers.push({
      name: inputName,
      className: 'InputLayer',
      config: inputConfig,
      rawConfig: inputConfig,
      trainable: true,
      model: null,
      isNothing: false,
      nodes: [],
    });
  }
  const seen = new Map<string, number>();
  let last: TreeRef | null = layers[0] === undefined ? null : { layer: layers[0].name, node: 0, tensor: 0 };
  for (const draft of drafts) {
    if (seen.has(draft.name)) {
      throw new Refusal(
        `Two layers are named '${shorten(draft.name)}' in the model '${shorten(name)}'.`,
        WAY_OUT,
      );
    }
    seen.set(draft.name, 0);
    const isInput: boolean = draft.className === 'InputLayer';
    if (isInput && last !== null) continue;
    layers.push({ ...draft, nodes: isInput || last === null ? [] : [[last]] });
    last = { layer: draft.name, node: 0, tensor: 0 };
  }
  const [input] = layers;
  if (input === undefined || last === null) {
    throw new Refusal(`The model '${shorten(name)}' has no layers.`, WAY_OUT);
  }
  return {
    name,
    className: 'Sequential',
    trainable: config.trainable !== false,
    layers,
    inputs: [{ layer: input.name, node: 0, tensor: 0 }],
    outputs: [{ ...last, label: null }],
  };
}

/** With the batch; null if the file doesn't say it. */
function sequentialInputShape(first: TreeLayer, sequential: JsonObject): Json {
  const stated = statedShape(first.config);
  if (stated !== null) return stated;
  if (first.model !== null) {
    const { inputs, layers } = first.model;
    const input = layers.find(layer => layer.name === inputs[0]?.layer);
    const shape = input === undefined ? null : statedShape(input.config);
    if (shape !== null) return shape;
  }
  const { build_input_shape, build_config } = sequential;
  if (isJsonArray(build_input_shape)) return build_input_shape;
  if (isJsonObject(build_config) && isJsonArray(build_config.input_shape)) return build_config.input_shape;
  const { input_length, input_dim } = first.config;
  if (first.className === 'Embedding') return [null, typeof input_length === 'number' ? input_length : null];
  return first.className === 'Dense' && typeof input_dim === 'number' ? [null, input_dim] : null;
}

/** The batch shape in a layer's config, under any of its names; null if there is none. */
export function statedShape(config: JsonObject): readonly Json[] | null {
  for (const shape of [config.batch_input_shape, config.batch_shape]) if (isJsonArray(shape)) return shape;
  return isJsonArray(config.input_shape) ? [null, ...config.input_shape] : null;
}

function readLayer(json: Json, context: Context): TreeLayer {
  const rawConfig = isJsonObject(json) ? json.config : undefined;
  if (!isJsonObject(json) || typeof json.class_name !== 'string' || rawConfig === undefined) {
    throw new Refusal(
      `A layer of the model '${shorten(context.path.at(-1) ?? '')}' has no class_name or no config.`,
      WAY_OUT,
    );
  }
  const own = isJsonObject(rawConfig) ? fromGraftConfig(rawConfig) : null;
  const currentName = own?.class_name ?? currentClassName(json.class_name, context.notes);
  const operation = readOperation(currentName, rawConfig, json.inbound_nodes, context.dialect);
  const className = operation?.className ?? currentName;
  const holdsLayers = isJsonArray(rawConfig) || (isJsonObject(rawConfig) && isJsonArray(rawConfig.layers));
  const isModel =
    holdsLayers &&
    (isModelClass(className) || (isJsonObject(rawConfig) && isJsonArray(rawConfig.input_layers)));
  const model = isModel ? readModel(json, context) : null;
  const config =
    isModel || !isJsonObject(rawConfig)
      ? {}
      : own !== null
        ? { ...own.config, name: rawConfig.name ?? null }
        : tidyConfig(
            {
              ...(operation?.settings ?? completeCudnnConfig(json.class_name, rawConfig)),
              ...readCallOptions(json.inbound_nodes, String(json.name ?? rawConfig.name), context.notes),
            },
            context.dialect,
            context.notes,
          );
  if (className === 'InputLayer' && config.batch_shape !== undefined) {
    context.notes.add(
      'form',
      'batch_shape',
      'x',
      () => 'Input shapes were written as Keras 3 does (batch_shape).',
    );
  }
  const name = json.name ?? config.name ?? model?.name;
  if (typeof name !== 'string' || name === '') {
    throw new Refusal(`A layer of class ${shorten(className)} has no name.`, WAY_OUT);
  }
  const nodes = isJsonArray(json.inbound_nodes)
    ? json.inbound_nodes
        .map(node => readNode(node, { layer: name, argumentsRead: operation?.isWhole ?? false }, context))
        .filter(node => node.length > 0)
    : [];
  const trainable = isJsonObject(rawConfig) ? rawConfig.trainable !== false : true;
  const isNothing = operation?.isNothing ?? false;
  if (isNothing) {
    context.notes.add('repair', 'casts', name, names => {
      return `Casts from one kind of float to another were left out (${listNames(names)}): here all floats are float32.`;
    });
  }
  return {
    name,
    className,
    config,
    rawConfig: isJsonObject(rawConfig) ? rawConfig : {},
    trainable,
    model,
    isNothing,
    nodes,
  };
}
