/** What of a layer's config Keras must be told: what differs from its defaults. It knows neither files nor Python. */
import type { Json } from '../../base/json';
import { parseConfig, withoutDefaults } from '../../layers/config';
import type { LayerLookup, LayerType } from '../../layers/layer-type';
import { isKerasLayer, type ParamSpec } from '../../layers/params';
import type { Config } from '../../network/network';
import { findByName, LAYER_OBJECTS, tellingArguments } from './keras-classes';

/** In the order of Keras, those that Keras takes where the layer is called (`inCall`) among them. */
export function tellingParams(
  type: LayerType,
  given: Config,
  table: LayerLookup,
): readonly (readonly [name: string, value: Json, spec: ParamSpec | undefined])[] {
  const config = withoutDefaults(type, tidyObjects(type, parseConfig(type, given, table).config));
  return Object.entries(config).map(([name, value]) => [name, value, type.params[name]] as const);
}

/** Without the arguments of initializers, regularizers and constraints that say no more than the class alone: files write them all. */
export function tidyObjects(type: LayerType, config: Config): Config {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => {
      if (type.params[name]?.form.kind !== 'object' || !isKerasLayer(value)) return [name, value];
      const known = findByName(value.class_name, LAYER_OBJECTS);
      return [name, known === null ? value : { ...value, config: tellingArguments(known, value.config) }];
    }),
  );
}
