/**
 * What real Keras is asked about each layer type: the table's example and cases, each with inputs, weights, targets and
 * masks that are drawn from the case itself, so that only Keras' answers have to be kept (`goldens/<Type>.json`). Knows
 * neither Keras nor TensorFlow.js.
 */
import { must } from '../../../base/assert';
import { hashBytes, hashText } from '../../../base/hash';
import { createRandom, type Random } from '../../../base/random';
import { parseConfig, withoutDefaults } from '../../../layers/config';
import { inferCall } from '../../../layers/infer';
import type { LayerType, WeightSpec } from '../../../layers/layer-type';
import { isKerasLayer } from '../../../layers/params';
import { lookUpLayer } from '../../../layers/table';
import type { Config } from '../../../network/network';
import { type Shape, sizeOf } from '../../../network/shape';

export interface GoldenCase {
  readonly type: LayerType;
  /** What differs from the defaults, and what Keras must be told. */
  readonly config: Config;
  /** As `config`, with what acts at random switched off: for the training step. null: that can't be done. */
  readonly quiet: Config | null;
  /** As the table says them; null where any size will do. */
  readonly shapes: readonly Shape[];
  readonly inputs: readonly Values[];
  readonly weights: readonly (WeightSpec & { readonly values: Float32Array })[];
  /** For the mean squared error of the training step, one for each output. */
  readonly targets: readonly Values[];
  readonly runs: readonly GoldenRun[];
  /** Of all that was drawn: a golden with another one answers another question. */
  readonly drawn: number;
}

export interface Values {
  readonly shape: readonly number[];
  /** Int32Array: tokens. */
  readonly values: Float32Array | Int32Array;
}

export interface GoldenRun {
  readonly name: 'plain' | 'masked' | 'first masked';
  /** For each input, `[batch, steps]`; null: none. */
  readonly masks: readonly (Mask | null)[];
}

export interface Mask {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

/** Unknown sizes become these. BatchNormalization of two rows would tell little: they always become -1 and 1. */
const BATCH = 3;
const UNKNOWN = 4;

export function goldenCases(type: LayerType): readonly GoldenCase[] {
  return [type.example, ...type.cases].map(({ config, inputs }) => makeCase(type, config, inputs));
}

function makeCase(type: LayerType, given: Config, shapes: readonly Shape[]): GoldenCase {
  const parsed = parseConfig(type, given, lookUpLayer);
  const place = `${type.type} ${JSON.stringify(given)} of ${JSON.stringify(shapes)}`;
  const [problem] = parsed.problems;
  if (problem !== undefined) throw new Error(`The case ${place}: ${problem.message}`);
  const sizes = shapes.map(shape => shape.map((dim, axis) => dim ?? (axis === 0 ? BATCH : UNKNOWN)));
  const result = inferCall({ type: type.type, config: parsed.config }, sizes, lookUpLayer);
  if (!('shapes' in result)) throw new Error(`The case ${place}: ${JSON.stringify(result.problem)}`);
  const random = createRandom(hashText(place));
  const inputs = sizes.map(shape => drawInput(type, parsed.config, shape, random));
  const weights = type.weights(parsed.config, sizes, lookUpLayer).map(spec => ({
    ...spec,
    values: drawWeight(spec, random),
  }));
  const targets = result.shapes.map(shape => {
    const known = shape.map(dim => must(dim, `every size of what ${place} returns`));
    return { shape: known, values: drawFloats(known, -1, 1, random) };
  });
  const bytes = [...inputs, ...weights, ...targets].map(({ values }) => new Uint8Array(values.buffer));
  return {
    type,
    config: tell(type, parsed.config),
    quiet: quieten(type, parsed.config),
    shapes,
    inputs,
    weights,
    targets,
    runs: makeRuns(type, inputs),
    drawn: bytes.reduce((hash, part) => hashBytes(part, hash), weights.length),
  };
}

/** Wide enough for the bends of all activations, the ends of relu6 and hard_sigmoid too. */
const ACTIVATION_SPREAD = 7;
const SPREAD = 2;
/** What is no number for other values. */
const OF_POSITIVE_VALUES = ['ops.Log', 'ops.Log1p', 'ops.Power', 'ops.Rsqrt', 'ops.Sqrt'];

function drawInput(type: LayerType, config: Config, shape: readonly number[], random: Random): Values {
  if (type.inputs.values === 'tokens') {
    const bound = Number(config.input_dim ?? config.num_tokens ?? UNKNOWN);
    return { shape, values: Int32Array.from({ length: sizeOf(shape) }, () => random.below(bound)) };
  }
  const spread = type.category === 'Activation' ? ACTIVATION_SPREAD : SPREAD;
  const least = OF_POSITIVE_VALUES.includes(type.type) ? 0.1 : -spread;
  return { shape, values: drawFloats(shape, least, spread, random) };
}

function drawWeight({ role, shape }: WeightSpec, random: Random): Float32Array {
  return role.endsWith('variance')
    ? drawFloats(shape, 0.5, 1.5, random)
    : drawFloats(shape, -0.7, 0.7, random);
}

function drawFloats(shape: readonly number[], min: number, max: number, random: Random): Float32Array {
  return Float32Array.from({ length: sizeOf(shape) }, () => min + (max - min) * random.uniform());
}

function tell(type: LayerType, config: Config): Config {
  const told = Object.entries(withoutDefaults(type, config)).map(([name, value]) => {
    if (type.params[name]?.form.kind !== 'layer' || !isKerasLayer(value)) return [name, value] as const;
    const inner = must(lookUpLayer(value.class_name), value.class_name);
    return [name, { ...value, config: tell(inner, value.config) }] as const;
  });
  return Object.fromEntries(told);
}

/** The parameters that say how much a layer does at random; at 0 it does nothing at random. */
const RANDOM_PARAMS = ['rate', 'stddev', 'dropout', 'recurrent_dropout'];

function quieten(type: LayerType, config: Config): Config | null {
  let quietened = false;
  const quiet = Object.entries(config).map(([name, value]) => {
    if (RANDOM_PARAMS.includes(name) && typeof value === 'number') {
      quietened = true;
      return [name, 0] as const;
    }
    if (type.params[name]?.form.kind !== 'layer' || !isKerasLayer(value)) return [name, value] as const;
    const innerType = must(lookUpLayer(value.class_name), value.class_name);
    const inner = quieten(innerType, value.config);
    if (innerType.stochastic && inner !== null) quietened = true;
    return [name, { ...value, config: inner ?? value.config }] as const;
  });
  return type.stochastic && !quietened ? null : tell(type, Object.fromEntries(quiet));
}

/** Keras hands these a mask of steps for sequences only, or not at all: of other inputs it says that the mask doesn't fit. */
const MASKED_RANKS: Readonly<Record<string, readonly number[]>> = {
  BatchNormalization: [3],
  Concatenate: [3],
  Softmax: [],
};

/** Masks matter to layers that look at them or pass them on, for inputs that have steps. */
function makeRuns(type: LayerType, inputs: readonly Values[]): readonly GoldenRun[] {
  const none = inputs.map(() => null);
  const plain = { name: 'plain', masks: none } as const;
  const ranks = MASKED_RANKS[type.type];
  const hasSteps = ({ shape, values }: Values) =>
    shape.length >= 3 && values instanceof Float32Array && (ranks?.includes(shape.length) ?? true);
  if (type.masking === 'ends' || !inputs.some(hasSteps)) return [plain];
  const masks = inputs.map((input, i) => (hasSteps(input) ? makeMask(input.shape, i) : null));
  const masked = { name: 'masked', masks } as const;
  if (inputs.length < 2) return [plain, masked];
  return [plain, masked, { name: 'first masked', masks: [masks[0] ?? null, ...none.slice(1)] }];
}

/** All steps; the first half; the second and those after the third: each row of each input another one. */
function makeMask([rows = 0, steps = 0]: readonly number[], input: number): Mask {
  const kinds = [() => true, (step: number) => step < steps / 2, (step: number) => step === 1 || step > 2];
  const values = Uint8Array.from({ length: rows * steps }, (_, i) => {
    const kind = must(kinds[(Math.floor(i / steps) + input) % kinds.length], 'a kind of mask');
    return Number(steps === 1 || kind(i % steps));
  });
  return { shape: [rows, steps], values };
}
