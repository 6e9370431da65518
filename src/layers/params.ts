/**
 * Parameters of layer types, each said once: from a spec come the default, the validator, the form in the inspector, the
 * name in Keras and in TensorFlow.js, and the line in the docs. Values are JSON, in Keras 3's own form.
 */
import { isJsonArray, isJsonObject, type Json, type JsonObject, jsonEquals } from '../base/json';

/** How the inspector asks for a value. */
export type ParamForm =
  | { readonly kind: 'int'; readonly min: number | null; readonly max: number | null }
  | { readonly kind: 'float'; readonly min: number | null; readonly max: number | null }
  | { readonly kind: 'bool' }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'ints'; readonly length: number | null }
  | { readonly kind: 'pairs'; readonly length: number }
  | { readonly kind: 'numbers' }
  | { readonly kind: 'object'; readonly classes: readonly string[] }
  | { readonly kind: 'text' }
  | { readonly kind: 'layer' }
  | { readonly kind: 'layers' }
  | { readonly kind: 'fixed' };

export interface ParamSpec<T extends Json = Json> {
  readonly form: ParamForm;
  readonly default: T;
  /** One plain sentence: what it does, with its unit. */
  readonly help: string;
  readonly nullable: boolean;
  /** Shown behind 'More' in the inspector. */
  readonly advanced: boolean;
  /** Keras has no default for it, or another one than Graft: code and files must always say it. */
  readonly required: boolean;
  /** In Keras an argument of the layer's call, not of its constructor: `attention(x, x, use_causal_mask=True)`. */
  readonly inCall: boolean;
  /** Names that older Keras versions used for it. */
  readonly aliases: readonly string[];
  /** What TensorFlow.js 4.22 calls it in a model.json, where that isn't the Keras 3 name; null: it isn't written. */
  readonly tfjs: string | null | undefined;
  /** The only values that stock TensorFlow.js 4.22 computes as Keras does; null: all. */
  readonly tfjsValues: readonly Json[] | null;
  /** The value in its canonical form, or what is wrong with it in words that follow the parameter's name. */
  parse(value: Json): { readonly value: T } | { readonly problem: string };
}

export type ParamSpecs = Readonly<Record<string, ParamSpec>>;
export type ConfigOf<P extends ParamSpecs> = {
  readonly [K in keyof P]: P[K] extends ParamSpec<infer T> ? T : never;
};

interface Common {
  readonly help: string;
  readonly advanced?: boolean;
  readonly required?: boolean;
  readonly inCall?: boolean;
  readonly aliases?: readonly string[];
  readonly tfjs?: string | null;
  readonly tfjsValues?: readonly Json[];
}
type Parse<T> = (value: Json) => { readonly value: T } | { readonly problem: string };

function param<T extends Json>(form: ParamForm, value: T, common: Common, parse: Parse<T>): ParamSpec<T> {
  return {
    form,
    default: value,
    help: common.help,
    nullable: false,
    advanced: common.advanced ?? false,
    required: common.required ?? false,
    inCall: common.inCall ?? false,
    aliases: common.aliases ?? [],
    tfjs: common.tfjs,
    tfjsValues: common.tfjsValues ?? null,
    parse,
  };
}

/** The same parameter, but `null` ("none") is allowed and, unless said otherwise, the default. */
export function nullable<T extends Json>(spec: ParamSpec<T>, value: T | null = null): ParamSpec<T | null> {
  return {
    ...spec,
    default: value,
    nullable: true,
    parse: v => (v === null ? { value: null } : spec.parse(v)),
  };
}

type Bounds = Common & { readonly min?: number; readonly max?: number };

export function int(value: number, options: Bounds): ParamSpec<number> {
  const { min = null, max = null } = options;
  return param({ kind: 'int', min, max }, value, options, given =>
    typeof given === 'number' && Number.isInteger(given)
      ? inBounds(given, min, max)
      : { problem: `must be a whole number, not ${quote(given)}` },
  );
}

export function float(value: number, options: Bounds): ParamSpec<number> {
  const { min = null, max = null } = options;
  return param({ kind: 'float', min, max }, value, options, given =>
    typeof given === 'number' && Number.isFinite(given)
      ? inBounds(given, min, max)
      : { problem: `must be a number, not ${quote(given)}` },
  );
}

function inBounds(value: number, min: number | null, max: number | null) {
  if (min !== null && value < min) return { problem: `must be at least ${min}, not ${value}` };
  if (max !== null && value > max) return { problem: `must be at most ${max}, not ${value}` };
  return { value };
}

export function bool(value: boolean, options: Common): ParamSpec<boolean> {
  return param({ kind: 'bool' }, value, options, given =>
    typeof given === 'boolean' ? { value: given } : { problem: `must be true or false` },
  );
}

export function choice<const O extends readonly string[]>(
  options: O,
  value: O[number],
  common: Common,
): ParamSpec<O[number]> {
  return param<O[number]>({ kind: 'choice', options }, value, common, given =>
    typeof given === 'string' && options.includes(given)
      ? { value: given }
      : { problem: `must be ${listWords(options)}, not ${quote(given)}` },
  );
}

export function text(value: string, options: Common): ParamSpec<string> {
  return param({ kind: 'text' }, value, options, given =>
    typeof given === 'string' ? { value: given } : { problem: `must be text, not ${quote(given)}` },
  );
}

/** A size for each of `rank` spatial axes; one number stands for all of them, as in Keras. */
export function size(rank: number, value: readonly number[], options: Common): ParamSpec<readonly number[]> {
  return param<readonly number[]>({ kind: 'ints', length: rank }, value, options, given => {
    const list = typeof given === 'number' ? Array.from({ length: rank }, () => given) : given;
    return isJsonArray(list) && list.length === rank && list.every(isPositiveInteger)
      ? { value: list as readonly number[] }
      : { problem: `must be ${rank} whole number${rank > 1 ? 's' : ''} of at least 1` };
  });
}

/** A list of whole numbers: a target shape (where -1 or null may stand for the rest), axes, a permutation. */
export function ints(
  value: readonly number[],
  options: Common & { readonly min?: number },
): ParamSpec<readonly number[]> {
  const min = options.min ?? Number.NEGATIVE_INFINITY;
  return param<readonly number[]>({ kind: 'ints', length: null }, value, options, given => {
    const list = typeof given === 'number' ? [given] : given;
    return isJsonArray(list) && list.every(item => Number.isInteger(item) && (item as number) >= min)
      ? { value: list as readonly number[] }
      : { problem: `must be a list of whole numbers${Number.isFinite(min) ? ` of at least ${min}` : ''}` };
  });
}

/** Before and after for each of `rank` spatial axes: `[[top, bottom], [left, right]]`; shorter forms as in Keras. */
export function pairs(
  rank: number,
  value: readonly (readonly number[])[],
  options: Common,
): ParamSpec<readonly (readonly number[])[]> {
  return param<readonly (readonly number[])[]>({ kind: 'pairs', length: rank }, value, options, given => {
    let list: readonly Json[] = isJsonArray(given) ? given : Array.from({ length: rank }, () => given);
    if (rank === 1 && list.length === 2 && list.every(isCount)) list = [list];
    const full = list.map(item => (isJsonArray(item) ? item : [item, item]));
    return full.length === rank && full.every(pair => pair.length === 2 && pair.every(isCount))
      ? { value: full as readonly (readonly number[])[] }
      : { problem: `must be ${rank} pair${rank > 1 ? 's' : ''} of whole numbers, none negative` };
  });
}

/** A number, or a list (of lists) of numbers. */
export type Numbers = number | readonly Numbers[];

export function numbers(value: Numbers, options: Common): ParamSpec<Numbers> {
  return param<Numbers>({ kind: 'numbers' }, value, options, given =>
    isNumbers(given) ? { value: given } : { problem: 'must be a number or a list of numbers' },
  );
}

function isNumbers(value: Json): value is Numbers {
  if (isJsonArray(value)) return value.length > 0 && value.every(isNumbers);
  return typeof value === 'number' && Number.isFinite(value);
}

/** `[]` for a number; null if lists beside each other aren't equally long. */
export function shapeOfNumbers(value: Numbers): readonly number[] | null {
  if (typeof value === 'number') return [];
  const [first = null, ...others] = value.map(shapeOfNumbers);
  return first !== null && others.every(other => jsonEquals(other, first)) ? [value.length, ...first] : null;
}

function isPositiveInteger(value: Json): boolean {
  return Number.isInteger(value) && (value as number) >= 1;
}

function isCount(value: Json): boolean {
  return Number.isInteger(value) && (value as number) >= 0;
}

/**
 * Activations by their Keras 3 names (https://keras.io/api/layers/activations/), those that stock TensorFlow.js 4.22 has too
 * first. `hard_sigmoid_keras2` is what Keras 2 and TensorFlow.js call hard_sigmoid, 0.2x + 0.5; Keras 3's is x/6 + 0.5.
 */
const STOCK_ACTIVATIONS = [
  'linear',
  'relu',
  'relu6',
  'elu',
  'selu',
  'gelu',
  'silu',
  'mish',
  'sigmoid',
  'hard_sigmoid_keras2',
  'softplus',
  'softsign',
  'tanh',
  'softmax',
  'log_softmax',
] as const;
export const ACTIVATIONS = [
  ...STOCK_ACTIVATIONS,
  'hard_sigmoid',
  'celu',
  'exponential',
  'hard_shrink',
  'hard_silu',
  'hard_tanh',
  'leaky_relu',
  'log_sigmoid',
  'soft_shrink',
  'sparse_plus',
  'sparse_sigmoid',
  'squareplus',
  'tanh_shrink',
] as const;
export type Activation = (typeof ACTIVATIONS)[number];

/** Maps: files may name anything, `constructor` too. */
const ACTIVATION_ALIASES: ReadonlyMap<string, string> = new Map([
  ['swish', 'silu'],
  ['hard_swish', 'hard_silu'],
]);

export function activation(value: Activation, options: Common): ParamSpec<Activation> {
  const spec = choice(ACTIVATIONS, value, { ...options, tfjsValues: STOCK_ACTIVATIONS });
  return {
    ...spec,
    parse(given) {
      const name = activationName(given);
      return ACTIVATIONS.includes(name as Activation)
        ? { value: name as Activation }
        : { problem: `'${shorten(name)}' is not among those that Graft computes: ${listWords(ACTIVATIONS)}` };
    },
  };
}

/** The name in any form that Keras writes: 'relu', null, `{class_name: 'function', config: 'relu'}`, `{class_name: 'ReLU'}`. */
export function activationName(given: Json): string {
  if (given === null) return 'linear';
  if (typeof given === 'string') return ACTIVATION_ALIASES.get(given) ?? given;
  if (isJsonObject(given)) {
    const { class_name, config } = given;
    if (typeof config === 'string') return activationName(config);
    return String(class_name);
  }
  return JSON.stringify(given);
}

/** `{class_name, config}`, as Keras writes initializers, regularizers and constraints. */
export interface KerasObject extends JsonObject {
  readonly class_name: string;
  readonly config: JsonObject;
}

export const INITIALIZERS = [
  'GlorotUniform',
  'GlorotNormal',
  'HeUniform',
  'HeNormal',
  'LecunUniform',
  'LecunNormal',
  'Zeros',
  'Ones',
  'Constant',
  'RandomUniform',
  'RandomNormal',
  'TruncatedNormal',
  'VarianceScaling',
  'Orthogonal',
  'Identity',
] as const;
export const REGULARIZERS = ['L1', 'L2', 'L1L2'] as const;
export const CONSTRAINTS = ['MaxNorm', 'MinMaxNorm', 'NonNeg', 'UnitNorm'] as const;

const OBJECT_ALIASES: ReadonlyMap<string, string> = new Map([
  ['LeCunUniform', 'LecunUniform'],
  ['LeCunNormal', 'LecunNormal'],
  ['OrthogonalInitializer', 'Orthogonal'],
  ['IdentityInitializer', 'Identity'],
  ['Uniform', 'RandomUniform'],
  ['Normal', 'RandomNormal'],
]);

function kerasObject(
  classes: readonly string[],
  value: KerasObject,
  options: Common,
): ParamSpec<KerasObject> {
  return param<KerasObject>({ kind: 'object', classes }, value, { advanced: true, ...options }, given => {
    const object = typeof given === 'string' ? { class_name: pascalCase(given), config: {} } : given;
    if (!isJsonObject(object) || typeof object.class_name !== 'string') {
      return { problem: `must be one of ${listWords(classes)}` };
    }
    const className = OBJECT_ALIASES.get(object.class_name) ?? object.class_name;
    return classes.includes(className)
      ? { value: { class_name: className, config: isJsonObject(object.config) ? object.config : {} } }
      : {
          problem: `'${shorten(object.class_name)}' is not among those that Graft knows: ${listWords(classes)}`,
        };
  });
}

function pascalCase(name: string): string {
  return name.replace(/(^|_)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());
}

export function initializer(value: (typeof INITIALIZERS)[number], options: Common): ParamSpec<KerasObject> {
  return kerasObject(INITIALIZERS, { class_name: value, config: {} }, options);
}

export function regularizer(options: Common): ParamSpec<KerasObject | null> {
  return nullable(kerasObject(REGULARIZERS, { class_name: 'L2', config: { l2: 0.01 } }, options));
}

export function constraint(options: Common): ParamSpec<KerasObject | null> {
  return nullable(kerasObject(CONSTRAINTS, { class_name: 'MaxNorm', config: {} }, options));
}

/** The layer inside a wrapper: `{class_name, config}` with the inner config in canonical form. */
export function innerLayer(value: KerasObject, options: Common): ParamSpec<KerasObject> {
  return param<KerasObject>({ kind: 'layer' }, value, options, given =>
    isJsonObject(given) && typeof given.class_name === 'string' && isJsonObject(given.config)
      ? { value: { class_name: given.class_name, config: given.config } }
      : { problem: 'must be a layer' },
  );
}

/** Several layers, one after the other (StackedRNNCells). */
export function innerLayers(
  value: readonly KerasObject[],
  options: Common,
): ParamSpec<readonly KerasObject[]> {
  return param<readonly KerasObject[]>({ kind: 'layers' }, value, options, given =>
    isJsonArray(given) && given.length > 0 && given.every(isKerasLayer)
      ? { value: given.map(({ class_name, config }) => ({ class_name, config })) }
      : { problem: 'must be a list of layers' },
  );
}

/** An option of Keras of which only one value is computed so far. Files may say it; people can't choose it. */
export function fixed<T extends Json>(value: T, options: Common & { readonly why: string }): ParamSpec<T> {
  return param<T>({ kind: 'fixed' }, value, { advanced: true, ...options }, given =>
    JSON.stringify(given) === JSON.stringify(value)
      ? { value }
      : {
          problem: `is ${quote(given)}, and only ${JSON.stringify(value)} works so far: ${options.why}`,
        },
  );
}

/** Values come from files: they may be very long. */
function shorten(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
const LONGEST = 60;

function quote(value: Json): string {
  return shorten(JSON.stringify(value));
}

function listWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]}`;
}

export function isKerasLayer(value: Json | undefined): value is KerasObject {
  return isJsonObject(value) && typeof value.class_name === 'string' && isJsonObject(value.config);
}
