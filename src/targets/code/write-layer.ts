/**
 * One layer of a model.json as a TensorFlow.js expression: `tf.layers.dense({units: 3, activation: 'relu'})`. Names are those of the
 * file in camel case, which is how TensorFlow.js reads it; the layer table says which function makes the layer.
 */
import { type Json, type JsonObject, jsonEquals } from '../../base/json';
import { parseConfig, withoutDefaults } from '../../layers/config';
import type { LayerLookup } from '../../layers/layer-type';
import { isKerasLayer, type KerasObject } from '../../layers/params';
import type { Layer } from '../../network/network';
import { callWithObject, camelCase, toJavaScript } from './javascript';
import { around, type Piece } from './layout';
import tfjsDefaults from './tfjs-defaults.json';

/** What the functions of `tf.layers` assume, in the form of the file: `tfjs-defaults.test.ts` holds it against TensorFlow.js. */
const DEFAULTS: Readonly<Record<string, JsonObject>> = tfjsDefaults;

/** TensorFlow.js assumes it everywhere; not all layers tell, so that it isn't among the defaults of all. */
const CHANNELS_LAST = 'channels_last';

/** What the code of a Graft layer calls, above the network where there is one. How its config travels: `graft-class.ts`. */
export const GRAFT_HELPER = `/** A layer that TensorFlow.js lacks, or computes otherwise than Keras: graft-layers.js registers its class. */
function graft(type, {name, trainable = true, ...config}) {
  const className = \`Graft\${type.split('.').map(part => part[0].toUpperCase() + part.slice(1)).join('')}\`;
  const [LayerClass] = tf.serialization.SerializationMap.getMap().classNameMap[className];
  return new LayerClass({name, trainable, keras: {name: JSON.stringify({class_name: type, config})}});
}`;

/** `hasWeights`: whether `trainable` means anything. null: TensorFlow.js has no function for it. */
export function writeStockLayer(layer: Layer, hasWeights: boolean, table: LayerLookup): Piece | null {
  const call = writeFactoryCall(layer.type, layer.config, hasWeights, table);
  if (call === null) return null;
  const name = `name: ${toJavaScript(layer.name)}`;
  return callWithObject(call.callee, [...call.properties, name]);
}

/** `graft('GroupNormalization', {groups: 2, name: 'norm'})`: Keras' own names, without its defaults. */
export function writeGraftLayer(layer: Layer, hasWeights: boolean, table: LayerLookup): Piece {
  const type = table(layer.type);
  const config =
    type === undefined ? layer.config : withoutDefaults(type, parseConfig(type, layer.config, table).config);
  const properties = Object.entries(config).map(([key, value]) =>
    toJavaScript({ [key]: value }).slice(1, -1),
  );
  const frozen = hasWeights && !layer.trainable ? ['trainable: false'] : [];
  const items = [...properties, ...frozen, `name: ${toJavaScript(layer.name)}`];
  return { open: `graft(${toJavaScript(layer.type)}, {`, items, close: '})' };
}

interface FactoryCall {
  readonly callee: string;
  readonly properties: readonly Piece[];
}

function writeFactoryCall(
  type: string,
  config: JsonObject,
  hasWeights: boolean,
  table: LayerLookup,
): FactoryCall | null {
  const form = table(type)?.tfjs ?? null;
  if (form === null || !('factory' in form)) return null;
  const defaults = DEFAULTS[type] ?? {};
  const properties: Piece[] = [];
  for (const [key, value] of Object.entries(config)) {
    const name = camelCase(key);
    if (key === 'name' || key === 'trainable' || !/^[a-z]\w*$/i.test(name)) continue;
    if (value === CHANNELS_LAST || (Object.hasOwn(defaults, key) && isSame(value, defaults[key]))) continue;
    properties.push(around(`${name}: `, writeValue(key, value, hasWeights, table), ''));
  }
  if (hasWeights && config.trainable === false) properties.push('trainable: false');
  return { callee: `tf.layers.${form.factory}`, properties };
}

/** Files say of initializers what they are by default too: `{seed: null}`. */
function isSame(value: Json, known: Json | undefined): boolean {
  return jsonEquals(isKerasLayer(value) ? { ...value, config: telling(value) } : value, known);
}

function telling({ config }: KerasObject): JsonObject {
  return Object.fromEntries(
    Object.entries(config).filter(([key, value]) => value !== null && /^[a-z]\w*$/i.test(camelCase(key))),
  );
}

/** Where the name of the function isn't that of the class with a small letter. */
const FUNCTIONS: Readonly<Record<string, string>> = { L1L2: 'l1l2' };

function writeValue(key: string, value: Json, hasWeights: boolean, table: LayerLookup): Piece {
  if (!isKerasLayer(value)) return toJavaScript(inCamelCase(value));
  const [, kind] = /_(initializer|regularizer|constraint)$/.exec(key) ?? [];
  if (kind === undefined) {
    const inner = writeFactoryCall(value.class_name, value.config, hasWeights, table);
    return inner === null ? toJavaScript(value) : callWithObject(inner.callee, inner.properties);
  }
  const { class_name } = value;
  const name = FUNCTIONS[class_name] ?? `${class_name.charAt(0).toLowerCase()}${class_name.slice(1)}`;
  const properties = Object.entries(telling(value)).map(
    ([argument, item]) => `${camelCase(argument)}: ${toJavaScript(inCamelCase(item))}`,
  );
  // A class without settings can be named; a name is no code, whatever it is.
  if (properties.length === 0 || !/^\w+$/.test(name)) return toJavaScript(name);
  return callWithObject(`tf.${kind}s.${name}`, properties);
}

/** TensorFlow.js' constructors take values in camel case too: `channelsLast`. */
function inCamelCase(value: Json): Json {
  return typeof value === 'string' ? camelCase(value) : value;
}
