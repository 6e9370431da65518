/**
 * How a layer that stock TensorFlow.js lacks, or computes otherwise than Keras, stands in a model.json: as a class of Graft's
 * own, which `graft-layers.js` in the same zip registers (`targets/tfjs/graft-layer.ts`). TensorFlow.js changes every string of a
 * config between snake and camel case, except under the key `name`: so type and config travel as text under that key.
 */
import { isJsonObject, type Json, type JsonObject } from '../../base/json';
import { isKerasLayer, type KerasObject } from '../../layers/params';
import type { Config, Layer } from '../../network/network';

/** `GroupNormalization` is `GraftGroupNormalization`, `ops.Add` is `GraftOpsAdd`. */
export function graftClassName(type: string): string {
  return `Graft${type.replace(/(?:^|\.)([a-z])/g, (_, letter: string) => letter.toUpperCase()).replaceAll('.', '')}`;
}

/** `{class_name, config}` of such a layer. */
export function writeGraftLayer({ name, type, config, trainable }: Layer): JsonObject {
  return { class_name: graftClassName(type), config: { name, trainable, ...toGraftConfig(type, config) } };
}

export function toGraftConfig(type: string, config: Config): JsonObject {
  return { keras: { name: JSON.stringify({ class_name: type, config }) } };
}

/** The type and its config; null: it isn't of that form. */
export function fromGraftConfig(given: Readonly<Record<string, Json>>): KerasObject | null {
  const { keras } = given;
  if (!isJsonObject(keras) || typeof keras.name !== 'string') return null;
  try {
    const layer: Json = JSON.parse(keras.name);
    return isKerasLayer(layer) ? layer : null;
  } catch {
    return null;
  }
}
