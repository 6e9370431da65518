/**
 * The first values of weights, by Keras' formulas (keras/src/initializers/random_initializers.py). The numbers aren't
 * Keras' own, as its generators differ by backend; their distributions are. Every weight draws from a stream of its own,
 * so that adding a layer doesn't change how another one starts.
 */
import { hashText } from '../base/hash';
import { isJsonArray, type Json, type JsonObject } from '../base/json';
import { createRandom, type Random } from '../base/random';
import type { Layer, Network, Weights } from '../network/network';
import { tensorKey } from '../network/network';
import { type Shape, sizeOf } from '../network/shape';
import { parseConfig } from './config';
import { inferShapes } from './infer';
import type { LayerLookup, WeightSpec } from './layer-type';
import { isKerasLayer, type KerasObject } from './params';

/**
 * Gives weights to every layer that has none yet. Layers that have weights, need none, aren't known or whose input shapes
 * can't be inferred stay the same objects.
 */
export function initialize(network: Network, table: LayerLookup, seed: number): Network {
  if (network.layers.every(layer => Object.keys(layer.weights).length > 0)) return network;
  const { shapes } = inferShapes(network, table);
  const inputsOf = new Map<string, readonly Shape[]>();
  for (const call of network.calls) {
    const inputs = call.inputs.map(ref => shapes.get(tensorKey(ref)));
    const inferred = shapes.has(tensorKey({ call: call.id, output: 0 }));
    if (inferred && inputs.every(shape => shape !== undefined) && !inputsOf.has(call.layer)) {
      inputsOf.set(call.layer, inputs);
    }
  }
  let changed = false;
  const layers = network.layers.map(layer => {
    const inputs = inputsOf.get(layer.name);
    const weights = inputs === undefined ? {} : startWeights(layer, inputs, table, seed);
    if (Object.keys(layer.weights).length > 0 || Object.keys(weights).length === 0) return layer;
    changed = true;
    return { ...layer, weights };
  });
  return changed ? { ...network, layers } : network;
}

function startWeights(layer: Layer, inputs: readonly Shape[], table: LayerLookup, seed: number): Weights {
  const type = table(layer.type);
  if (type === undefined || Object.keys(layer.weights).length > 0) return {};
  const { config } = parseConfig(type, layer.config, table);
  return Object.fromEntries(
    type.weights(config, inputs, table).map(spec => {
      const values = startValues(spec, createRandom(hashText(`${layer.name}/${spec.role}`, seed)));
      return [spec.role, { shape: spec.shape, dtype: 'float32', values }];
    }),
  );
}

/** The first values of one weight. */
export function startValues(spec: Pick<WeightSpec, 'shape' | 'initializer'>, random: Random): Float32Array {
  const { shape, initializer } = spec;
  const count = sizeOf(shape);
  const { config } = initializer;
  switch (initializer.class_name) {
    case 'Zeros':
      return new Float32Array(count);
    case 'Ones':
      return new Float32Array(count).fill(1);
    case 'Constant':
      return new Float32Array(count).fill(number(config, 'value', 0));
    case 'RandomUniform':
      return uniform(count, number(config, 'minval', -0.05), number(config, 'maxval', 0.05), random);
    case 'RandomNormal':
      return normal(count, number(config, 'mean', 0), number(config, 'stddev', 0.05), random);
    case 'TruncatedNormal':
      return truncatedNormal(count, number(config, 'mean', 0), number(config, 'stddev', 0.05), random);
    case 'Orthogonal':
      return orthogonal(shape, number(config, 'gain', 1), random);
    case 'Identity':
      return identity(shape, number(config, 'gain', 1));
    case 'UnitForgetBias':
      return unitForgetBias(count, config.rest, random);
    case 'VarianceScaling':
      return varianceScaling(
        fansOf(initializer, shape),
        shape,
        number(config, 'scale', 1),
        text(config, 'mode', 'fan_in'),
        text(config, 'distribution', 'truncated_normal'),
        random,
      );
    default:
      return scaledByClass(initializer, shape, random);
  }
}

/** The named cases of VarianceScaling: scale, mode, distribution. */
const SCALED: Readonly<Record<string, readonly [number, string, string]>> = {
  GlorotUniform: [1, 'fan_avg', 'uniform'],
  GlorotNormal: [1, 'fan_avg', 'truncated_normal'],
  HeUniform: [2, 'fan_in', 'uniform'],
  HeNormal: [2, 'fan_in', 'truncated_normal'],
  LecunUniform: [1, 'fan_in', 'uniform'],
  LecunNormal: [1, 'fan_in', 'truncated_normal'],
};

function scaledByClass(initializer: KerasObject, shape: readonly number[], random: Random): Float32Array {
  const [scale, mode, distribution] = SCALED[initializer.class_name] ?? [1, 'fan_avg', 'uniform'];
  return varianceScaling(fansOf(initializer, shape), shape, scale, mode, distribution, random);
}

/** How many values meet in one output, and how many outputs one value goes to. */
interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** By the axes that the initializer names (EinsumDense and what is made of it), or by `computeFans`. */
function fansOf({ config }: KerasObject, shape: readonly number[]): Fans {
  const { input_axes: inputs, output_axes: outputs } = config;
  if (!isJsonArray(inputs) || !isJsonArray(outputs)) return computeFans(shape);
  const product = (axes: readonly Json[]) => sizeOf(axes.map(axis => shape[Number(axis)] ?? 1));
  return { fanIn: product(inputs), fanOut: product(outputs) };
}

/** Keras' `compute_fans`. */
export function computeFans(shape: readonly number[]): Fans {
  const [last = 1] = shape.slice(-1);
  const [before = last] = shape.slice(-2, -1);
  const window = sizeOf(shape.slice(0, -2));
  return { fanIn: before * window, fanOut: last * window };
}

/** The standard deviation of a standard normal cut off at 2: Keras divides by it, so that the variance is as wanted. */
const TRUNCATED_STDDEV = 0.87962566103423978;

function varianceScaling(
  { fanIn, fanOut }: Fans,
  shape: readonly number[],
  scale: number,
  mode: string,
  distribution: string,
  random: Random,
): Float32Array {
  const fan = mode === 'fan_in' ? fanIn : mode === 'fan_out' ? fanOut : (fanIn + fanOut) / 2;
  const variance = Math.max(0, scale) / Math.max(1, fan);
  const count = sizeOf(shape);
  switch (distribution) {
    case 'uniform':
      return uniform(count, -Math.sqrt(3 * variance), Math.sqrt(3 * variance), random);
    case 'untruncated_normal':
      return normal(count, 0, Math.sqrt(variance), random);
    // 'truncated_normal', which Keras 2 and TensorFlow.js also call 'normal'.
    default:
      return truncatedNormal(count, 0, Math.sqrt(variance) / TRUNCATED_STDDEV, random);
  }
}

function uniform(count: number, min: number, max: number, random: Random): Float32Array {
  return Float32Array.from({ length: count }, () => min + (max - min) * random.uniform());
}

function normal(count: number, mean: number, stddev: number, random: Random): Float32Array {
  return Float32Array.from({ length: count }, () => mean + stddev * random.normal());
}

/** Values further than two standard deviations from the mean are drawn again. */
function truncatedNormal(count: number, mean: number, stddev: number, random: Random): Float32Array {
  return Float32Array.from({ length: count }, () => {
    let value = random.normal();
    while (Math.abs(value) > 2) value = random.normal();
    return mean + stddev * value;
  });
}

/**
 * A random matrix `[all axes but the last, last]` whose rows or columns, whichever are fewer, are perpendicular and of
 * length `gain`. Gram-Schmidt makes R's diagonal positive, which is what Keras' sign correction of its QR does.
 */
function orthogonal(shape: readonly number[], gain: number, random: Random): Float32Array {
  const columns = shape[shape.length - 1] ?? 1;
  const rows = sizeOf(shape.slice(0, -1));
  const [length, count] = [Math.max(rows, columns), Math.min(rows, columns)];
  const vectors: Float64Array[] = [];
  for (let i = 0; i < count; i++) {
    const vector = Float64Array.from({ length }, () => random.normal());
    // Once more, as rounding leaves a little of the earlier vectors in: twice is enough (Kahan).
    for (let pass = 0; pass < 2; pass++) for (const earlier of vectors) subtractProjection(vector, earlier);
    const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    vectors.push(vector.map(value => value / norm));
  }
  const result = new Float32Array(rows * columns);
  for (const [i, vector] of vectors.entries()) {
    for (const [j, value] of vector.entries()) {
      result[rows >= columns ? j * columns + i : i * columns + j] = gain * value;
    }
  }
  return result;
}

function subtractProjection(vector: Float64Array, onto: Float64Array): void {
  let dot = 0;
  for (let i = 0; i < vector.length; i++) dot += (vector[i] ?? 0) * (onto[i] ?? 0);
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) - dot * (onto[i] ?? 0);
}

function identity(shape: readonly number[], gain: number): Float32Array {
  const columns = shape[shape.length - 1] ?? 1;
  const result = new Float32Array(sizeOf(shape));
  for (let i = 0; i < columns && i * columns + i < result.length; i++) result[i * columns + i] = gain;
  return result;
}

/** The four gates of LSTM in a row; the second is the one that forgets. */
function unitForgetBias(count: number, rest: Json | undefined, random: Random): Float32Array {
  const initializer = isKerasLayer(rest) ? rest : { class_name: 'Zeros', config: {} };
  const quarter = count / 4;
  const values = startValues({ shape: [count], initializer }, random);
  return values.fill(1, quarter, 2 * quarter);
}

function number(config: JsonObject, key: string, otherwise: number): number {
  const value = config[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

function text(config: JsonObject, key: string, otherwise: string): string {
  const value = config[key];
  return typeof value === 'string' ? value : otherwise;
}
