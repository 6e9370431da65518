/**
 * Until version 2 of the project document the table knew one hard_sigmoid, that of Keras 2 and TensorFlow.js (0.2x + 0.5), and
 * called it so. Now that name means Keras 3's (x/6 + 0.5), which was kept as `hard_sigmoid_keras3` and not computed.
 */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../base/json';

const TODAY: Readonly<Record<string, string>> = {
  hard_sigmoid: 'hard_sigmoid_keras2',
  hard_sigmoid_keras3: 'hard_sigmoid',
};

/** A layer's config from before, and those of layers within it, with today's names. */
export function renameHardSigmoid(config: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, rename(key, value)]));
}

function rename(key: string, value: Json): Json {
  if (typeof value === 'string') return /activation$/.test(key) ? (TODAY[value] ?? value) : value;
  if (isJsonArray(value)) return value.map(item => rename('', item));
  return isJsonObject(value) ? renameHardSigmoid(value) : value;
}
