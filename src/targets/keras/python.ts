/** Python as text: literals, variables. It knows nothing of Keras or networks. */
import { isJsonArray, isJsonObject, type Json } from '../../base/json';
import type { Nested } from '../../formats/keras-write/call-arguments';
import { createVariables, quote, toIdentifier } from '../code/text';

/** Characters a step. */
export const INDENT = 4;

/** https://docs.python.org/3/reference/lexical_analysis.html#keywords, those in small letters. */
const KEYWORDS =
  'and as assert async await break class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return try type while with yield'.split(
    ' ',
  );

/** Variables in small letters that aren't keywords, nor among `taken`. */
export function createPythonVariables(taken: readonly string[]): (wanted: string) => string {
  return createVariables([...KEYWORDS, ...taken], name => toIdentifier(name).toLowerCase());
}

/** Lists become tuples: what Keras' documentation writes for sizes and axes. */
export function toPython(value: Json): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return quote(value, '"');
  if (isJsonArray(value)) {
    const items = value.map(toPython);
    return `(${items.join(', ')}${items.length === 1 ? ',' : ''})`;
  }
  if (isJsonObject(value)) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${quote(key, '"')}: ${toPython(item)}`)
      .join(', ')}}`;
  }
  return String(value);
}

/** `x`, or `[x, [y, z]]`. */
export function nest(code: Nested<string>): string {
  return typeof code === 'string' ? code : `[${code.map(nest).join(', ')}]`;
}
