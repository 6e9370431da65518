/**
 * One layer's canonical config as stock TensorFlow.js 4.22 reads it from a model.json: Keras 2's names and forms. It knows
 * nothing of graphs or weights.
 */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../base/json';
import type { LayerLookup } from '../../layers/layer-type';
import { isKerasLayer, type KerasObject, type ParamSpec } from '../../layers/params';
import type { Config, Layer } from '../../network/network';

/** `{class_name, config}`, the config with the layer's name and flag. */
export function writeLayerObject(
  layer: Pick<Layer, 'name' | 'type' | 'config' | 'trainable'>,
  table: LayerLookup,
): { readonly class_name: string; readonly config: JsonObject } {
  const own = { name: layer.name, trainable: layer.trainable };
  // A placeholder can't be loaded by anyone but Graft: its config stands as the file gave it.
  const type = table(layer.type);
  if (type === undefined) return { class_name: layer.type, config: { ...layer.config, ...own } };
  return { class_name: layer.type, config: { ...own, ...writeParams(layer, type.params, table) } };
}

/** The name of the layer inside a wrapper: TensorFlow.js makes weight names of it (`forward_<name>`). */
export function innerName(inner: KerasObject): string {
  const { name } = inner.config;
  return typeof name === 'string' && /^[A-Za-z0-9][-A-Za-z0-9._]*$/.test(name)
    ? name
    : inner.class_name.toLowerCase();
}

function writeParams(
  layer: { readonly config: Config; readonly trainable: boolean },
  params: Readonly<Record<string, ParamSpec>>,
  table: LayerLookup,
): JsonObject {
  const written: Record<string, Json> = {};
  for (const [name, spec] of Object.entries(params)) {
    if (spec.tfjs === null) continue;
    const given = layer.config[name];
    written[spec.tfjs ?? name] = writeValue(given === undefined ? spec.default : given, spec, layer, table);
  }
  return written;
}

/** What TensorFlow.js calls differently. */
const STOCK_ACTIVATIONS: Readonly<Record<string, string>> = {
  silu: 'swish',
  hard_sigmoid_keras2: 'hard_sigmoid',
};

function writeValue(
  value: Json,
  spec: ParamSpec,
  layer: { readonly trainable: boolean },
  table: LayerLookup,
): Json {
  switch (spec.form.kind) {
    case 'choice':
      return typeof value === 'string' ? (STOCK_ACTIVATIONS[value] ?? value) : value;
    case 'object':
      return isKerasLayer(value) ? writeKerasObject(value) : value;
    case 'layer': {
      if (!isKerasLayer(value)) return value;
      // TimeDistributed and Bidirectional of TensorFlow.js look only at the inner layer's flag.
      const inner = {
        name: innerName(value),
        type: value.class_name,
        config: value.config,
        trainable: layer.trainable,
      };
      return writeLayerObject(inner, table);
    }
    default:
      return value;
  }
}

function writeKerasObject({ class_name, config }: KerasObject): JsonObject {
  const { l1, l2 } = config;
  switch (class_name) {
    case 'L1':
      return { class_name: 'L1L2', config: { l1: l1 ?? 0.01, l2: 0 } };
    case 'L2':
      return { class_name: 'L1L2', config: { l1: 0, l2: l2 ?? 0.01 } };
    case 'L1L2':
      return { class_name: 'L1L2', config: { l1: l1 ?? 0, l2: l2 ?? 0 } };
    case 'LecunUniform':
    case 'LecunNormal':
      return { class_name: class_name.replace('Lecun', 'LeCun'), config: withPlainSeed(config) };
    default:
      return { class_name, config: withPlainSeed(config) };
  }
}

/** Keras 3 may write a seed as an object; TensorFlow.js takes a number or nothing. */
function withPlainSeed(config: JsonObject): JsonObject {
  const { seed } = config;
  return isJsonObject(seed) || isJsonArray(seed) ? { ...config, seed: null } : config;
}
