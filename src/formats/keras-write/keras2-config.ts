/**
 * A Network in the one dialect that Keras 2.15 and Keras 3 both open from an `.h5` file, and why that can't be where it can't. Which
 * classes and arguments Keras 2 has was asked of it: `export-facts.json`.
 */
import { must } from '../../base/assert';
import { isJsonArray, isJsonObject, type Json, type JsonObject, jsonEquals } from '../../base/json';
import { parseConfig } from '../../layers/config';
import type { LayerLookup, LayerType } from '../../layers/layer-type';
import { isKerasLayer, type ParamSpec } from '../../layers/params';
import type { Call, Layer } from '../../network/network';
import { arrangeInputs } from './call-arguments';
import exportFacts from './export-facts.json';
import { frozenOptions, isOperation } from './keras3-config';
import { callOptions, commonConfig, innerName } from './layer-config';
import type { PreparedNetwork } from './prepare-network';
import { tidyObjects } from './telling-params';

export interface Keras2Config {
  /** Of the Functional model. */
  readonly config: JsonObject;
  /** Why Keras 2 can't open it, one sentence for each layer; empty: it can. */
  readonly because: readonly string[];
}

export function writeKeras2Config(prepared: PreparedNetwork, table: LayerLookup): Keras2Config {
  const { network, names, layers, calls, placeOf } = prepared;
  const because: string[] = [];
  const inputs = new Map(network.inputs.map(input => [input.name, input]));
  const written = names.map(name => {
    const input = inputs.get(name);
    if (input !== undefined) {
      const { shape, dtype } = input;
      const config = { batch_input_shape: shape, dtype, sparse: false, name };
      return { class_name: 'InputLayer', config, name, inbound_nodes: [] };
    }
    const layer = must(layers.get(name), `the layer ${name}`);
    const type = table(layer.type);
    const problem =
      type === undefined
        ? `is a ${layer.type}, which Graft doesn’t know`
        : findProblem(layer, type, calls.get(name) ?? [], table);
    if (type === undefined || problem !== null) {
      because.push(`'${name}' ${problem}.`);
      return {};
    }
    const nodes: Json = (calls.get(name) ?? []).map(call => {
      const options = { ...callOptions(type, layer.config, table), ...frozenOptions(layer, type, table) };
      // The last of them is what both versions go by.
      return call.inputs.map(ref => [...placeOf(ref), options]);
    });
    return { ...writeLayer(layer, type, table), name, inbound_nodes: nodes };
  });
  const config = {
    name: network.name,
    trainable: true,
    layers: written,
    input_layers: network.inputs.map(({ name }) => placeOf({ input: name })),
    output_layers: network.outputs.map(({ from }) => placeOf(from)),
  };
  return { config, because };
}

/** For each type that Keras 2 has: what it takes no argument for. */
const KERAS2_LACKS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(exportFacts.keras2.layers),
);
const KERAS2_ACTIVATIONS: ReadonlySet<string> = new Set(exportFacts.keras2.activations);
/** What Keras 3 renamed and takes by its old name too. */
const OLD_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  LeakyReLU: { negative_slope: 'alpha' },
};
/** Both read `swish`, but only some know its other name. */
const OLD_ACTIVATIONS: Readonly<Record<string, string>> = { silu: 'swish' };

/** What follows the layer's name in a sentence; null: Keras 2 has all of it, and computes the same. */
function findProblem(
  layer: Layer,
  type: LayerType,
  calls: readonly Call[],
  table: LayerLookup,
): string | null {
  if (isOperation(type)) return `is an operation (${type.type}), which Keras 2 can’t read as Keras 3 does`;
  const { config } = parseConfig(type, layer.config, table);
  const positional = calls.every(({ inputs }) => {
    const { args, initialState } = arrangeInputs(type, config, inputs);
    return args.length === 1 && initialState === null && (inputs.length > 1 || !isJsonArray(args[0] as Json));
  });
  if (!positional) return `is called on several tensors in a way that the two versions read differently`;
  return findOptionProblem(type, config, table);
}

function findOptionProblem(type: LayerType, config: Layer['config'], table: LayerLookup): string | null {
  const lacks = KERAS2_LACKS.get(type.type);
  if (lacks === undefined) return `is a ${type.type}, which Keras 2 lacks`;
  for (const [name, spec] of Object.entries(type.params)) {
    const value = config[name] ?? null;
    const renamed = OLD_NAMES[type.type]?.[name] !== undefined;
    if (lacks.includes(name) && !renamed && !jsonEquals(value, spec.default)) {
      return `has the option ${name}, which Keras 2 lacks`;
    }
    const problem = findAxisProblem(name, value, spec) ?? findValueProblem(name, value, table);
    if (problem !== null) return problem;
  }
  return DIFFERENCES[type.type]?.(config) ?? null;
}

/** Keras 3 drops what isn't one axis when it opens an `.h5` file, and takes its default. */
function findAxisProblem(name: string, value: Json, spec: ParamSpec): string | null {
  const isOne = typeof value === 'number' || (isJsonArray(value) && value.length === 1);
  return name !== 'axis' || isOne || jsonEquals(value, spec.default)
    ? null
    : 'has several axes or none, which Keras 3 forgets where Keras 2 could read them';
}

/** Values that Keras 2 takes otherwise, found by opening every case of the layer table in it. */
const DIFFERENCES: Readonly<Record<string, (config: Layer['config']) => string | null>> = {
  CategoryEncoding: ({ output_mode }) =>
    output_mode === 'one_hot' ? 'makes one_hot rows, which Keras 2 refuses for lists' : null,
  ...Object.fromEntries(
    ['DepthwiseConv2D', 'SeparableConv2D'].map(type => [
      type,
      ({ strides }: Layer['config']) =>
        isJsonArray(strides) && strides[0] !== strides[1]
          ? 'has strides that differ, which Keras 2 refuses'
          : null,
    ]),
  ),
  ...Object.fromEntries(
    ['Conv1DTranspose', 'Conv2DTranspose', 'Conv3DTranspose'].map(type => [
      type,
      ({ output_padding, padding, dilation_rate }: Layer['config']) => {
        if (isJsonArray(dilation_rate) && dilation_rate.some(rate => rate !== 1)) {
          return 'has gaps in its window (dilation_rate), which Keras 2 refuses or ignores';
        }
        return output_padding !== null && padding === 'same'
          ? 'has output_padding with the padding ‘same’, which Keras 2 refuses for some sizes'
          : null;
      },
    ]),
  ),
};

/**
 * What stays unsaid in this dialect, being the default of both: a text that is the name of a function in `keras.layers` becomes
 * that function when Keras 3 opens an `.h5` file.
 */
const UNSAID: Readonly<Record<string, Readonly<Record<string, Json>>>> = { Attention: { score_mode: 'dot' } };

function findValueProblem(name: string, value: Json, table: LayerLookup): string | null {
  if (isJsonArray(value)) {
    return value.map(item => findValueProblem(name, item, table)).find(problem => problem !== null) ?? null;
  }
  if (isKerasLayer(value)) {
    const inner = table(value.class_name);
    if (inner === undefined) return null;
    const problem = findOptionProblem(inner, parseConfig(inner, value.config, table).config, table);
    return problem === null ? null : `holds a layer that ${problem}`;
  }
  if (!name.endsWith('activation') || typeof value !== 'string') return null;
  if (value.startsWith('hard_sigmoid')) {
    return 'uses hard_sigmoid, by which Keras 2 and Keras 3 mean different functions';
  }
  return KERAS2_ACTIVATIONS.has(OLD_ACTIVATIONS[value] ?? value)
    ? null
    : `uses ${value}, which Keras 2 lacks`;
}

/** All options that Keras 2 takes: its defaults aren't those of Keras 3. */
function writeLayer(
  { name, config: given, trainable }: Pick<Layer, 'name' | 'config' | 'trainable'>,
  type: LayerType,
  table: LayerLookup,
): JsonObject {
  const config = tidyObjects(type, parseConfig(type, given, table).config);
  const lacks = KERAS2_LACKS.get(type.type) ?? [];
  const params = Object.entries(type.params).flatMap(([param, spec]) => {
    const key = OLD_NAMES[type.type]?.[param] ?? param;
    if (spec.inCall || (lacks.includes(param) && key === param)) return [];
    if (UNSAID[type.type]?.[param] === config[param]) return [];
    return [[key, writeValue(config[param] ?? null, spec, trainable, table)] as const];
  });
  return {
    class_name: type.type,
    config: { ...commonConfig(type, name, trainable), ...Object.fromEntries(params) },
  };
}

function writeValue(value: Json, spec: ParamSpec, trainable: boolean, table: LayerLookup): Json {
  if (typeof value === 'string')
    return spec.form.kind === 'choice' ? (OLD_ACTIVATIONS[value] ?? value) : value;
  if (isJsonArray(value)) return value.map(item => writeValue(item, spec, trainable, table));
  if (!isJsonObject(value) || !isKerasLayer(value)) return value;
  const type = table(value.class_name);
  if (type === undefined) return value;
  const inner = writeLayer({ name: innerName(value), config: value.config, trainable }, type, table);
  // Keras 3 looks for a layer inside a layer only where these say; Keras 2 doesn't mind them.
  return { ...inner, module: 'keras.layers', registered_name: null };
}
