/** JavaScript as text: literals, variables. It knows nothing of TensorFlow.js or networks. */
import { isJsonArray, isJsonObject, type Json } from '../../base/json';
import type { Piece } from './layout';
import { createVariables, quote, toIdentifier } from './text';

/** Characters a step. */
export const INDENT = 2;

/** https://tc39.es/ecma262/#prod-ReservedWord, and names that strict code can't declare. */
const RESERVED =
  'arguments async await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield'.split(
    ' ',
  );

/** Variables in camel case that aren't reserved, nor among `taken`. */
export function createJavaScriptVariables(taken: readonly string[]): (wanted: string) => string {
  return createVariables([...RESERVED, ...taken], name => {
    const camel = camelCase(toIdentifier(name));
    return `${camel.charAt(0).toLowerCase()}${camel.slice(1)}`;
  });
}

/** As TensorFlow.js spells Keras' names (utils/serialization_utils.ts of tfjs-layers): `kernel_size` is `kernelSize`. */
export function camelCase(name: string): string {
  return name.replace(/_+(\w|$)/g, (_, letter: string) => letter.toUpperCase());
}

export function toJavaScript(value: Json): string {
  if (typeof value === 'string') return quote(value, "'");
  if (isJsonArray(value)) return `[${value.map(toJavaScript).join(', ')}]`;
  if (isJsonObject(value)) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${propertyName(key)}: ${toJavaScript(item)}`)
      .join(', ')}}`;
  }
  return String(value);
}

/** `__proto__: …` in a literal would set the object's prototype, as a computed name it is one like others. */
function propertyName(key: string): string {
  if (key === '__proto__') return "['__proto__']";
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key, "'");
}

/** `tf.layers.dense({units: 3})`; without properties `tf.layers.flatten()`. */
export function callWithObject(callee: string, properties: readonly Piece[]): Piece {
  return properties.length === 0 ? `${callee}()` : { open: `${callee}({`, items: properties, close: '})' };
}
