/**
 * One layer's config as Keras 3 reads it: what differs from its defaults, so that older versions of Keras 3 open it too as long
 * as nothing newer is used. It knows nothing of graphs or weights.
 */
import { isJsonArray, type Json, type JsonObject } from '../../base/json';
import { parseConfig } from '../../layers/config';
import type { LayerLookup, LayerType } from '../../layers/layer-type';
import { isKerasLayer, type KerasObject } from '../../layers/params';
import type { Config, Layer } from '../../network/network';
import exportFacts from './export-facts.json';
import { findByName, LAYER_OBJECTS } from './keras-classes';
import { snakeCase } from './snake-case';
import { tellingParams } from './telling-params';

/** How Keras 3 writes an object of its own. */
export function kerasObject(module: string, class_name: string, config: JsonObject): JsonObject {
  return { module, class_name, config, registered_name: null };
}

/** Keras 3 has no function that is Keras 2's hard_sigmoid, but takes a model for one. */
const HARD_SIGMOID_KERAS2 = kerasObject('keras', 'Sequential', {
  name: 'hard_sigmoid_keras2',
  trainable: true,
  layers: [
    kerasObject('keras.layers', 'Rescaling', { name: 'scale', scale: 0.2, offset: 0.5 }),
    kerasObject('keras.layers', 'ReLU', { name: 'limit', max_value: 1 }),
  ],
});

export function writeLayer(
  { name, type: typeName, config, trainable }: Pick<Layer, 'name' | 'type' | 'config' | 'trainable'>,
  type: LayerType,
  table: LayerLookup,
): JsonObject {
  const told = NEEDS_ALL.has(typeName)
    ? Object.entries(parseConfig(type, config, table).config).map(
        ([param, value]) => [param, value, type.params[param]] as const,
      )
    : tellingParams(type, config, table);
  const params = told
    .filter(([, , spec]) => spec?.inCall !== true)
    .map(([param, value]) => [param, writeValue(value, trainable, table)] as const);
  return kerasObject('keras.layers', typeName, {
    ...commonConfig(type, name, trainable),
    ...Object.fromEntries(params),
  });
}

/** Their `from_config` looks for arguments that it could do without. */
const NEEDS_ALL: ReadonlySet<string> = new Set(['Rescaling']);

/** What every layer has, but for a few that don't take `trainable`. */
export function commonConfig({ type }: LayerType, name: string, trainable: boolean): JsonObject {
  return {
    name,
    ...(exportFacts.withoutTrainable.includes(type) ? {} : { trainable }),
    // All versions of Keras 3 read the plain name, only newer ones a policy.
    dtype: 'float32',
  };
}

/** The module of a class of layers that the table doesn't have; null: Keras has none of that name. */
export function moduleOfOther(className: string): string | null {
  return exportFacts.otherLayers.includes(className) ? 'keras.layers' : null;
}

/** A layer inside another: Keras doesn't hand `trainable` from a wrapper's config down to it. */
export function innerName({ class_name, config }: KerasObject): string {
  return typeof config.name === 'string' && config.name !== '' ? config.name : snakeCase(class_name);
}

function writeValue(value: Json, trainable: boolean, table: LayerLookup): Json {
  if (value === 'hard_sigmoid_keras2') return HARD_SIGMOID_KERAS2;
  if (isJsonArray(value)) return value.map(item => writeValue(item, trainable, table));
  if (!isKerasLayer(value)) return value;
  const type = table(value.class_name);
  if (type !== undefined) {
    const inner = { name: innerName(value), type: type.type, config: value.config, trainable };
    return writeLayer(inner, type, table);
  }
  const known = findByName(value.class_name, LAYER_OBJECTS);
  return known === null ? value : kerasObject(`keras.${known.module}`, known.name, value.config);
}

/** What Keras takes where the layer is called: `use_causal_mask`. */
export function callOptions(type: LayerType, config: Config, table: LayerLookup): JsonObject {
  return Object.fromEntries(
    tellingParams(type, config, table)
      .filter(([, , spec]) => spec?.inCall === true)
      .map(([param, value]) => [param, value]),
  );
}
