/**
 * A Network as the `config.json` of a `.keras` file: a Functional model of Keras 3, with operations on tensors as operations. What
 * a file holds beside it is said by `write-keras-file.ts`.
 */
import { must } from '../../base/assert';
import type { Json, JsonObject } from '../../base/json';
import { actsInTraining } from '../../layers/acts-in-training';
import { parseConfig } from '../../layers/config';
import type { LayerLookup, LayerType } from '../../layers/layer-type';
import { operands } from '../../layers/operation-rules';
import { parseSlices, spreadSlices, writeKerasSlices } from '../../layers/slices';
import { type Call, type Layer, type NetworkInput, type TensorRef, tensorKey } from '../../network/network';
import { Refusal } from '../refusal';
import { arrangeInputs, arrangeOperands, type Nested } from './call-arguments';
import exportFacts from './export-facts.json';
import { callOptions, kerasObject, moduleOfOther, writeLayer } from './layer-config';
import type { PreparedNetwork } from './prepare-network';

/** Throws a `Refusal` where a layer can't be written. */
export function writeKeras3Config(prepared: PreparedNetwork, table: LayerLookup): JsonObject {
  return {
    module: 'keras.src.models.functional',
    class_name: 'Functional',
    config: writeFunctional(prepared, table),
    registered_name: 'Functional',
  };
}

/** The same without what says which class it is. */
export function writeFunctional(prepared: PreparedNetwork, table: LayerLookup): JsonObject {
  const { network, names, layers, calls, placeOf } = prepared;
  const inputs = new Map(network.inputs.map(input => [input.name, input]));
  const places = (refs: readonly TensorRef[]): Json => {
    const [first, ...others] = refs.map(placeOf);
    // One alone isn't a list for Keras.
    return first !== undefined && others.length === 0 ? first : refs.map(placeOf);
  };
  return {
    name: network.name,
    trainable: true,
    layers: names.map(name => {
      const input = inputs.get(name);
      if (input !== undefined) return writeInput(input);
      const layer = must(layers.get(name), `the layer ${name}`);
      const nodes = (calls.get(name) ?? []).map(call => writeCall(call, layer, prepared, table));
      return { ...writeAnyLayer(layer, table), name, inbound_nodes: nodes };
    }),
    input_layers: places(network.inputs.map(({ name }) => ({ input: name }))),
    output_layers: places(network.outputs.map(({ from }) => from)),
  };
}

function writeInput({ name, shape, dtype }: NetworkInput): JsonObject {
  const config = { batch_shape: shape, dtype, sparse: false, name };
  return { ...kerasObject('keras.layers', 'InputLayer', config), name, inbound_nodes: [] };
}

function writeAnyLayer(layer: Layer, table: LayerLookup): JsonObject {
  const type = table(layer.type);
  if (type === undefined) return writeUnknown(layer);
  return isOperation(type) ? writeOperation(layer, type, table) : writeLayer(layer, type, table);
}

/** A layer of Keras that the table lacks, as a file gave it. */
function writeUnknown({ name, type, config, trainable }: Layer): JsonObject {
  const module = moduleOfOther(type);
  if (module === null) {
    throw new Refusal(
      `The layer '${name}' is a ${type}, which is no layer of Keras: a file of Keras can only name its Python code, which isn’t here.`,
      'Take it out, or put layers of Keras in its place.',
    );
  }
  return kerasObject(module, type, { ...config, name, trainable });
}

export function isOperation(type: LayerType): boolean {
  return type.type.startsWith('ops.');
}

const MODULES: ReadonlyMap<string, string> = new Map(Object.entries(exportFacts.operations));

function writeOperation(
  { name, type: typeName, config }: Layer,
  type: LayerType,
  table: LayerLookup,
): JsonObject {
  const className = typeName.slice('ops.'.length);
  const settings = Object.entries(parseConfig(type, config, table).config).filter(
    ([param]) => !isArgument(param),
  );
  return {
    module: must(MODULES.get(typeName), `where Keras has ${typeName}`),
    class_name: className,
    config: { name, ...Object.fromEntries(settings) },
    registered_name: className,
  };
}

/** Settings of the table that Keras' operations take with their tensors. */
function isArgument(param: string): boolean {
  return param in operands || param === 'key';
}

function writeCall(call: Call, layer: Layer, prepared: PreparedNetwork, table: LayerLookup): JsonObject {
  const type = table(layer.type);
  const tensors = call.inputs.map(ref => writeTensor(ref, prepared));
  if (type === undefined) return { args: tensors.length === 1 ? tensors : [tensors], kwargs: {} };
  const { config } = parseConfig(type, layer.config, table);
  if (isOperation(type)) {
    const args: readonly Nested<Json>[] = arrangeOperands<Json>(type, config, tensors, writeConstant);
    return { args: [...args, ...writeKey(config.key, call, prepared)], kwargs: {} };
  }
  const { args, initialState } = arrangeInputs<Json>(type, config, tensors);
  return {
    args,
    kwargs: {
      ...(initialState === null ? {} : { initial_state: initialState }),
      ...callOptions(type, config, table),
      ...frozenOptions(layer, type, table),
    },
  };
}

/** What stands in brackets, axis by axis: Keras can't open an `.h5` file that says `...`. */
function writeKey(key: Json | undefined, call: Call, { shapes }: PreparedNetwork): readonly Json[] {
  const slices = typeof key === 'string' ? parseSlices(key) : null;
  if (slices === null) return [];
  const [input] = call.inputs;
  const rank = input === undefined ? undefined : shapes.get(tensorKey(input))?.length;
  return [writeKerasSlices((rank === undefined ? null : spreadSlices(slices, rank)) ?? slices)];
}

/** A frozen layer stays as it is in training: see docs/decisions. */
export function frozenOptions({ config, trainable }: Layer, type: LayerType, table: LayerLookup): JsonObject {
  return !trainable && actsInTraining(type, config, table) ? { training: false } : {};
}

/** Only its place counts: what it is of, Keras finds out for itself. */
function writeTensor(ref: TensorRef, { shapes, placeOf }: PreparedNetwork): JsonObject {
  const shape = shapes.get(tensorKey(ref)) ?? [null];
  return { class_name: '__keras_tensor__', config: { shape, dtype: 'float32', keras_history: placeOf(ref) } };
}

function writeConstant(value: Json): Json {
  return typeof value === 'number' ? value : { class_name: '__numpy__', config: { value, dtype: 'float32' } };
}
