/** What `tfjs-defaults.json` says of stock TensorFlow.js, found out from it anew: a value that changes nothing is a default. */
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { type Json, type JsonObject, jsonEquals } from '../../base/json';
import { writeLayerObject } from '../../formats/tfjs-layers/layer-config';
import { defaultConfig, parseConfig } from '../../layers/config';
import type { LayerType } from '../../layers/layer-type';
import type { ParamSpec } from '../../layers/params';
import { LAYER_TYPES, lookUpLayer } from '../../layers/table';
import { camelCase } from './javascript';
import tfjsDefaults from './tfjs-defaults.json';

const stored: Readonly<Record<string, JsonObject>> = tfjsDefaults;

test('tfjs-defaults.json says only what TensorFlow.js assumes', () => {
  let compared = 0;
  for (const type of LAYER_TYPES) {
    const found = findDefaults(type);
    // What only one of them has is written in full, or never written: a new layer type or parameter needs no entry.
    for (const [key, value] of Object.entries(stored[type.type] ?? {})) {
      if (!Object.hasOwn(found, key)) continue;
      compared++;
      expect(value, `${type.type} ${key}`).toEqual(found[key]);
    }
  }
  expect(compared).toBeGreaterThan(200);
});

/** By the file's key, in the file's form. */
function findDefaults(type: LayerType): JsonObject {
  if (type.tfjs === null || !('factory' in type.tfjs)) return {};
  const { config: example } = parseConfig(type, type.example.config, lookUpLayer);
  const written = writeFor(type, example);
  const defaults: Record<string, Json> = {};
  for (const [param, spec] of Object.entries(type.params)) {
    const key = spec.tfjs ?? param;
    if (spec.tfjs === null || spec.form.kind === 'layer') continue;
    const { [key]: _, ...without } = written;
    const silent = configOf(type, without);
    if (silent === null || !(camelCase(key) in silent)) continue;
    for (const candidate of candidates(type, param, spec)) {
      const value = writeFor(type, { ...example, [param]: candidate })[key];
      if (value === undefined) continue;
      const told = configOf(type, { ...without, [key]: value });
      if (told !== null && jsonEquals(withoutNulls(told), withoutNulls(silent))) {
        defaults[key] = value;
        break;
      }
    }
  }
  return defaults;
}

/** It says of an unset seed now null and now nothing. */
function withoutNulls(config: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(config, (_, value) => value ?? undefined));
}

function writeFor(type: LayerType, config: JsonObject): JsonObject {
  const { config: full } = writeLayerObject(
    { name: 'it', type: type.type, config, trainable: true },
    lookUpLayer,
  );
  const { name: _, trainable: __, ...own } = full;
  return own;
}

/** Values that might be the default: the table's, all choices, all classes, and what is usual. */
function candidates(type: LayerType, param: string, { form, nullable }: ParamSpec): Json[] {
  const own = [defaultConfig(type)[param] ?? null, ...(nullable ? [null] : [])];
  switch (form.kind) {
    case 'bool':
      return [...own, true, false];
    case 'choice':
      return [...own, ...form.options];
    case 'object':
      return [...own, ...form.classes.map(class_name => ({ class_name, config: {} }))];
    case 'float':
      return [...own, 0, 0.01, 0.05, 0.001, 0.3, 0.99, 1, 1e-3, 1e-7];
    default:
      return own;
  }
}

/** What the layer made with this config says of itself; null: it can't be made. */
function configOf(type: LayerType, config: JsonObject): JsonObject | null {
  try {
    const layers: Readonly<Record<string, unknown>> = { ...tf.layers };
    const factory = type.tfjs !== null && 'factory' in type.tfjs ? layers[type.tfjs.factory] : undefined;
    if (typeof factory !== 'function') throw new Error(`tf.layers has no function for ${type.type}.`);
    const layer: tf.layers.Layer = factory({ name: 'it', ...inConstructorForm(config) });
    return JSON.parse(JSON.stringify(layer.getConfig()));
  } catch {
    return null;
  }
}

/** Initializers and the like stay objects, which constructors read as well. */
function inConstructorForm(config: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(config), function (this: unknown, key, value) {
    if (typeof value === 'string' && key !== 'class_name' && key !== 'className') return camelCase(value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [camelCase(name), item]));
  });
}
