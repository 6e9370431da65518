/**
 * What the layer table knows about one type of layer. Each type is one file in `defs/`, made with `defineLayer`. The table
 * knows no TensorFlow.js: it names things of TensorFlow.js as strings.
 */
import type { Json } from '../base/json';
import type { Config } from '../network/network';
import type { Shape } from '../network/shape';
import type { ConfigOf, KerasObject, ParamSpecs } from './params';

export type Category =
  | 'Core'
  | 'Convolution'
  | 'Pooling'
  | 'Recurrent'
  | 'Attention'
  | 'Normalization'
  | 'Regularization'
  | 'Activation'
  | 'Reshape'
  | 'Merge'
  | 'Preprocessing'
  | 'Operations';

/** The order of the palette. */
export const CATEGORIES: readonly Category[] = [
  'Core',
  'Convolution',
  'Pooling',
  'Recurrent',
  'Attention',
  'Normalization',
  'Regularization',
  'Activation',
  'Reshape',
  'Merge',
  'Preprocessing',
  'Operations',
];

export interface LayerType<P extends ParamSpecs = ParamSpecs> {
  /** The Keras class name; `ops.Add` for the operation `keras.ops.add` written as a node. */
  readonly type: string;
  readonly category: Category;
  /** One plain sentence. */
  readonly help: string;
  readonly inputs: InputRule;
  readonly params: P;
  /** Acts at random in training (Dropout, noise). */
  readonly stochastic: boolean;
  /**
   * What becomes of a mask (https://keras.io/guides/understanding_masking_and_padding/) that comes with the input: `passes` on to
   * what comes out, `ends` here (Keras' `supports_masking = False`), or by a rule of the layer's `own`.
   */
  readonly masking: 'passes' | 'ends' | 'own';
  /** An element-wise merge that repeats smaller branches, as Keras does; the compiler warns where that happens. */
  readonly stretches: boolean;
  readonly tfjs: TfjsForm;
  /** A small case that must work: the contract suite, the docs and the palette's previews use it. */
  readonly example: Example;
  /** More cases, for options that compute something else: each is held against real Keras. */
  readonly cases: readonly Case[];
  /** What can't be together, in one sentence, or null. Single values are checked by their specs before. */
  checkConfig(config: Config): string | null;
  /** Whether `tfjs` predicts as Keras does: what the single parameters say of it (`tfjsValues`) is asked elsewhere. */
  isStock(config: Config, inputs: readonly Shape[]): boolean;
  /** `inputs` obey the input rule; `config` is canonical. */
  outputShapes(config: Config, inputs: readonly Shape[], table: LayerLookup): ShapeResult;
  /** In the order in which TensorFlow.js and Keras list them (trainable before non-trainable). */
  weights(config: Config, inputs: readonly Shape[], table: LayerLookup): readonly WeightSpec[];
}

export type LayerLookup = (type: string) => LayerType | undefined;

export interface InputRule {
  readonly min: number;
  /** null: any number. */
  readonly max: number | null;
  /** Ranks (the batch counted) that it takes; null: any from `minRank`. */
  readonly ranks: readonly number[] | null;
  readonly minRank: number;
  /** Ranks of the inputs after the first, where those are of another kind (the states of a recurrent layer). */
  readonly laterRanks: readonly number[] | null;
  /** `tokens`: whole numbers that stand for things (Embedding); a float there is a mistake. */
  readonly values: 'floats' | 'tokens' | 'any';
}

export type ShapeResult = { readonly shapes: readonly Shape[] } | { readonly problem: ShapeProblem };

export type ShapeProblem =
  /** Input `input` would have to have the shape `wanted` (as far as its sizes aren't null) to go with the others. */
  | {
      readonly kind: 'sizes-differ';
      readonly input: number;
      readonly wanted: Shape;
      readonly message: string;
    }
  /** Anything else, in one sentence that says what to do. */
  | { readonly kind: 'other'; readonly message: string };

export interface WeightSpec {
  /**
   * As Keras names the weight: `kernel`. Wrappers put the place before it: `forward/kernel` and `backward/kernel` in
   * Bidirectional, `layer/kernel` in TimeDistributed.
   */
  readonly role: string;
  readonly shape: readonly number[];
  readonly trainable: boolean;
  readonly initializer: KerasObject;
}

/**
 * What stock TensorFlow.js has for it. `factory`: the function of `tf.layers` that makes it, with the class of the same name
 * as `type`. `steps`: several stock layers that compute the same. null: nothing; files carry Graft's own class.
 */
export type TfjsForm =
  | { readonly factory: string }
  | { readonly steps: (config: Config) => readonly TfjsStep[] }
  | null;

/** Each step takes tensors of the whole layer's inputs or of earlier steps; the last step's output is the layer's. */
export interface TfjsStep {
  readonly type: string;
  readonly config: Config;
  readonly inputs: readonly ({ readonly input: number } | { readonly step: number })[];
}

export interface Example {
  /** Only what differs from the defaults. */
  readonly config: Readonly<Record<string, Json>>;
  readonly inputs: readonly Shape[];
  readonly outputs: readonly Shape[];
}

export interface Case {
  /** Only what differs from the defaults. */
  readonly config: Readonly<Record<string, Json>>;
  readonly inputs: readonly Shape[];
}

interface Definition<P extends ParamSpecs> {
  readonly type: string;
  readonly category: Category;
  readonly help: string;
  readonly inputs?: Partial<InputRule>;
  readonly params: P;
  readonly stochastic?: boolean;
  readonly stretches?: boolean;
  readonly masking?: LayerType['masking'];
  readonly tfjs: string | { readonly steps: (config: ConfigOf<P>) => readonly TfjsStep[] } | null;
  readonly example: Example;
  readonly cases?: readonly Case[];
  isStock?(config: ConfigOf<P>, inputs: readonly Shape[]): boolean;
  checkConfig?(config: ConfigOf<P>): string | null;
  outputShapes(config: ConfigOf<P>, inputs: readonly Shape[], table: LayerLookup): ShapeResult;
  weights?(config: ConfigOf<P>, inputs: readonly Shape[], table: LayerLookup): readonly WeightSpec[];
}

export function defineLayer<const P extends ParamSpecs>(def: Definition<P>): LayerType<P> {
  // A canonical config holds just what the specs parsed: this is the one place that says so to the type checker.
  const typed = (config: Config) => config as ConfigOf<P>;
  const tfjs = def.tfjs;
  return {
    type: def.type,
    category: def.category,
    help: def.help,
    inputs: { min: 1, max: 1, ranks: null, minRank: 1, laterRanks: null, values: 'floats', ...def.inputs },
    params: def.params,
    stochastic: def.stochastic ?? false,
    stretches: def.stretches ?? false,
    masking: def.masking ?? 'ends',
    tfjs:
      typeof tfjs === 'string' ? { factory: tfjs } : tfjs && { steps: config => tfjs.steps(typed(config)) },
    example: def.example,
    cases: def.cases ?? [],
    isStock: (config, inputs) => def.isStock?.(typed(config), inputs) ?? true,
    checkConfig: config => def.checkConfig?.(typed(config)) ?? null,
    outputShapes: (config, inputs, table) => def.outputShapes(typed(config), inputs, table),
    weights: (config, inputs, table) => def.weights?.(typed(config), inputs, table) ?? [],
  };
}
