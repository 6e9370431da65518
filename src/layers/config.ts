/** From what a file or a form says to a layer type's canonical config, and back to what differs from the defaults. */
import { isJsonArray, type Json, jsonEquals } from '../base/json';
import type { Config } from '../network/network';
import type { LayerLookup, LayerType } from './layer-type';
import { isKerasLayer } from './params';

export interface ConfigProblem {
  readonly param: string | null;
  /** A sentence without the layer's name: `units must be at least 1, not 0.` */
  readonly message: string;
}

export interface ParsedConfig {
  /** Every parameter of the type. A value that didn't parse stands as it was given, so that nothing is lost. */
  readonly config: Config;
  readonly problems: readonly ConfigProblem[];
  /** Keys that were given and belong to no parameter. */
  readonly unknown: readonly string[];
}

export function defaultConfig(type: LayerType): Config {
  return Object.fromEntries(Object.entries(type.params).map(([name, spec]) => [name, spec.default]));
}

/** Never throws. Parameters that `raw` doesn't mention get their defaults. */
export function parseConfig(
  type: LayerType,
  raw: Readonly<Record<string, Json>>,
  table: LayerLookup,
): ParsedConfig {
  const config: Record<string, Json> = {};
  const problems: ConfigProblem[] = [];
  const known = new Set<string>();
  for (const [name, spec] of Object.entries(type.params)) {
    const key = [name, ...spec.aliases].find(candidate => raw[candidate] !== undefined);
    for (const candidate of [name, ...spec.aliases]) known.add(candidate);
    const given = key === undefined ? spec.default : (raw[key] as Json);
    const parsed = spec.parse(given);
    if ('value' in parsed) {
      config[name] = parsed.value;
    } else {
      config[name] = given;
      problems.push({ param: name, message: `${name} ${parsed.problem}.` });
    }
    const value = config[name] ?? null;
    const parseOne = (inner: Json) => parseInner(name, inner, table, problems);
    if (spec.form.kind === 'layer') config[name] = parseOne(value);
    if (spec.form.kind === 'layers' && isJsonArray(value)) config[name] = value.map(parseOne);
  }
  if (problems.length === 0) {
    const message = type.checkConfig(config);
    if (message !== null) problems.push({ param: null, message });
  }
  return { config, problems, unknown: Object.keys(raw).filter(key => !known.has(key)) };
}

/** A layer inside another with its config in canonical form; null and what isn't a layer stay as they are. */
function parseInner(param: string, value: Json, table: LayerLookup, problems: ConfigProblem[]): Json {
  if (!isKerasLayer(value)) return value;
  const inner = table(value.class_name);
  if (inner === undefined) {
    problems.push({ param, message: `${param} is a ${value.class_name}, which Graft doesn't know.` });
    return value;
  }
  const parsed = parseConfig(inner, value.config, table);
  problems.push(...parsed.problems.map(p => ({ param, message: `${inner.type}: ${p.message}` })));
  const { name } = value.config;
  return {
    class_name: inner.type,
    config: { ...parsed.config, ...(typeof name === 'string' ? { name } : {}) },
  };
}

/** Only what differs from the defaults, and what Keras must always be told: what documents store and code shows. */
export function withoutDefaults(type: LayerType, config: Config): Config {
  return Object.fromEntries(
    Object.entries(config).filter(([name, value]) => {
      const spec = type.params[name];
      return spec === undefined || spec.required || !jsonEquals(value, spec.default);
    }),
  );
}
