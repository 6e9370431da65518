/**
 * How a layer that stock TensorFlow.js lacks, or computes otherwise than Keras, stands in a model.json: as a class of Graft's
 * own, which `graft-layers.js` in the same zip registers (`targets/tfjs/graft-layer.ts`). TensorFlow.js changes every string of a
 * config between snake and camel case, except under the key `name`: so the config travels as text under that key.
 */
import { isJsonObject, type Json, type JsonObject } from '../../base/json';
import type { Config, Layer } from '../../network/network';

/** `GroupNormalization` is `GraftGroupNormalization`, `ops.Add` is `GraftOpsAdd`. */
export function graftClassName(type: string): string {
  return `Graft${type.replace(/(?:^|\.)([a-z])/g, (_, letter: string) => letter.toUpperCase()).replaceAll('.', '')}`;
}

export function toGraftConfig(config: Config): JsonObject {
  return { keras: { name: JSON.stringify(config) } };
}

/** `{class_name, config}` of such a layer. */
export function writeGraftLayer({ name, type, config, trainable }: Layer): JsonObject {
  return { class_name: graftClassName(type), config: { name, trainable, ...toGraftConfig(config) } };
}

/** null: it isn't of that form. */
export function fromGraftConfig(given: Readonly<Record<string, Json>>): Config | null {
  const { keras } = given;
  if (!isJsonObject(keras) || typeof keras.name !== 'string') return null;
  try {
    const config: Json = JSON.parse(keras.name);
    return isJsonObject(config) ? config : null;
  } catch {
    return null;
  }
}
