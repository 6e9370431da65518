/** JSON out of bytes that a stranger wrote: nothing that comes out can surprise code that walks it recursively. */
import type { Json } from '../base/json';
import { Refusal } from './refusal';

/** Far beyond real models (a MobileNet nested four deep has 20 levels), far below what would overflow the stack. */
const MAX_DEPTH = 200;
/** The largest real model.json seen has 1 MB. */
const MAX_BYTES = 64 * 2 ** 20;
/** Of objects, lists and what is in them: that one has 60 thousand. Each takes up to forty bytes of memory, and two of the file. */
const MAX_VALUES = 5e6;

export function parseJsonBytes(bytes: Uint8Array, file: string): Json {
  if (bytes.byteLength > MAX_BYTES) {
    throw new Refusal(
      `${file} is a JSON file of ${Math.round(bytes.byteLength / 2 ** 20)} MB, and 64 MB is the most that is read.`,
      'Check that the right file was chosen: a model’s JSON holds its structure only and is small.',
    );
  }
  return parse(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes), file);
}

/** For JSON that stands in a file of another format, which bounds its size. */
export function parseJsonText(text: string, file: string): Json {
  return parse(() => text, file);
}

function parse(text: () => string, file: string): Json {
  let json: Json;
  try {
    const given = text();
    if (hasMoreValues(given, MAX_VALUES)) {
      throw new Refusal(
        `${file} holds more than ${MAX_VALUES.toLocaleString('en')} values.`,
        'No real model does: check where the file comes from.',
      );
    }
    json = parsePythonJson(given);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new Refusal(
      `${file} isn’t valid JSON: ${why}.`,
      'Export or download the file again: it is damaged or was cut off.',
    );
  }
  checkTree(json, file);
  return json;
}

/** By what stands before values, be it in a text or not. */
function hasMoreValues(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  let count = 0;
  for (let i = 0; i < text.length && count <= limit; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x2c || code === 0x5b || code === 0x7b) count++;
  }
  return count > limit;
}

/** Python writes NaN and infinities, which JSON lacks: they become null and numbers that overflow. */
function parsePythonJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    if (!/\b(NaN|Infinity)\b/.test(text)) throw error;
    const token = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;
    const plain = text.replace(token, found =>
      found.startsWith('"') ? found : found === 'NaN' ? 'null' : found.replace('Infinity', '1e999'),
    );
    return JSON.parse(plain) as Json;
  }
}

/** Level by level, so that the check itself can't overflow. */
function checkTree(root: Json, file: string): void {
  let level: (readonly Json[] | { readonly [key: string]: Json })[] = [];
  const collect = (value: Json | undefined, into: typeof level) => {
    if (typeof value === 'object' && value !== null) into.push(value);
  };
  collect(root, level);
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) {
      throw new Refusal(
        `${file} is nested more than ${MAX_DEPTH} levels deep.`,
        'No real model is: check where the file comes from.',
      );
    }
    const next: typeof level = [];
    for (const value of level) {
      if (Object.hasOwn(value, '__proto__')) {
        throw new Refusal(
          `${file} has a key named __proto__, which is a known attack on programs that read JSON.`,
          'Check where the file comes from, and don’t use it.',
        );
      }
      for (const item of Array.isArray(value) ? (value as readonly Json[]) : Object.values(value))
        collect(item, next);
    }
    level = next;
  }
}
