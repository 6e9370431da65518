/**
 * How a network is trained, as it is saved. Names and defaults are Keras 3's (https://keras.io/api/optimizers/), its
 * snake_case written as camelCase; what Keras counts in steps is counted in epochs here, so that it means the same for any
 * batch size and number of rows.
 */
import type { Freeze, NodeId } from './document';
import { flag, makeSettings, number, numbers, optionalNumber, type SettingsOf } from './options';

const positive = { above: 0 };
const share = { min: 0, below: 1 };

const learningRate = (value: number) => number(value, 'Learning rate', 'How far each step goes.', positive);
const weightDecay = (value: number | null) =>
  optionalNumber(value, 'Weight decay', 'How strongly weights are drawn to 0, times the learning rate.', {
    min: 0,
    none: 'off',
  });
const epsilon = number(1e-7, 'Epsilon', 'Keeps the division of each step from dividing by 0.', positive);
const beta1 = number(0.9, 'Beta 1', 'How much of the mean of earlier gradients is kept.', share);
const beta2 = (value: number) =>
  number(value, 'Beta 2', 'How much of the mean of earlier squared gradients is kept.', share);
const momentum = number(0, 'Momentum', 'How much of the last step is kept.', { min: 0, max: 1 });

/** https://keras.io/api/optimizers/ */
export const OPTIMIZERS = {
  adam: {
    learningRate: learningRate(0.001),
    weightDecay: weightDecay(null),
    beta1,
    beta2: beta2(0.999),
    epsilon,
    amsgrad: flag(false, 'AMSGrad', 'Divides by the largest mean of squares so far, so rates never grow.'),
  },
  adamw: {
    learningRate: learningRate(0.001),
    weightDecay: weightDecay(0.004),
    beta1,
    beta2: beta2(0.999),
    epsilon,
    amsgrad: flag(false, 'AMSGrad', 'Divides by the largest mean of squares so far, so rates never grow.'),
  },
  nadam: {
    learningRate: learningRate(0.001),
    weightDecay: weightDecay(null),
    beta1,
    beta2: beta2(0.999),
    epsilon,
  },
  sgd: {
    learningRate: learningRate(0.01),
    weightDecay: weightDecay(null),
    momentum,
    nesterov: flag(false, 'Nesterov', 'Looks ahead along the momentum before it steps.'),
  },
  rmsprop: {
    learningRate: learningRate(0.001),
    weightDecay: weightDecay(null),
    rho: number(0.9, 'Rho', 'How much of the mean of earlier squared gradients is kept.', share),
    momentum,
    epsilon,
    centered: flag(false, 'Centred', 'Divides by the estimated variance of the gradient, not by its square.'),
  },
  adagrad: {
    learningRate: learningRate(0.001),
    weightDecay: weightDecay(null),
    initialAccumulatorValue: number(0.1, 'Initial accumulator', 'Where the sums of squares start.', {
      min: 0,
    }),
    epsilon,
  },
  adadelta: {
    learningRate: learningRate(0.001),
    weightDecay: weightDecay(null),
    rho: number(0.95, 'Rho', 'How much of earlier squared gradients and steps is kept.', share),
    epsilon,
  },
  adamax: {
    learningRate: learningRate(0.001),
    weightDecay: weightDecay(null),
    beta1,
    beta2: beta2(0.999),
    epsilon,
  },
  lion: {
    learningRate: learningRate(0.001),
    weightDecay: weightDecay(null),
    beta1,
    beta2: beta2(0.99),
  },
} as const;
export type OptimizerKind = keyof typeof OPTIMIZERS;
export type OptimizerSettings = SettingsOf<typeof OPTIMIZERS>;

/** What is watched from epoch to epoch. */
export interface Monitor {
  /** The rows held back, or those trained on. Without validation rows the latter are watched anyway. */
  readonly rows: 'validation' | 'training';
  /** The output whose value it is; null: all of them together, which have a loss only. */
  readonly output: NodeId | null;
  /** `loss`, or a metric of that output by its name (see `nameMetric`). */
  readonly value: string;
}

/** Keras' `val_loss`. */
export const VALIDATION_LOSS: Monitor = { rows: 'validation', output: null, value: 'loss' };

/** https://keras.io/api/optimizers/learning_rate_schedules/ and https://keras.io/api/callbacks/reduce_lr_on_plateau/ */
export const SCHEDULES = {
  constant: {},
  /** ExponentialDecay: the learning rate times `decayRate ^ (epochs / decayEpochs)`. */
  exponential: {
    decayEpochs: number(
      1,
      'Decays over',
      'After so many epochs the rate has been multiplied once.',
      positive,
    ),
    decayRate: number(0.96, 'Decay rate', 'What the learning rate is multiplied with.', positive),
    staircase: flag(false, 'In stairs', 'The rate falls only at the ends of these spans.'),
  },
  /** CosineDecay, with its warm-up: first from the learning rate up to the target, then down along half a cosine. */
  cosine: {
    decayEpochs: optionalNumber(null, 'Decays over', 'The epochs of the way down, after the warm-up.', {
      above: 0,
      none: 'to the end of the phase',
    }),
    alpha: number(0, 'Ends at', 'The part of the highest rate that is left at the end.', { min: 0, max: 1 }),
    warmupTarget: optionalNumber(
      null,
      'Warms up to',
      'The highest rate; the learning rate is where it starts.',
      {
        above: 0,
        none: 'no warm-up',
      },
    ),
    warmupEpochs: number(1, 'Warms up over', 'The epochs of the way up.', { min: 0 }),
  },
  /** PiecewiseConstantDecay: one value up to the first boundary, and one from each boundary on. */
  piecewise: {
    boundaries: numbers([], 'Boundaries', 'After how many epochs the rate changes, rising.', positive),
    values: numbers([0.001], 'Rates', 'One more than boundaries. They stand for the learning rate.', {
      min: 0,
    }),
  },
  /** ReduceLROnPlateau; it watches its `monitor`. */
  plateau: {
    factor: number(0.1, 'Factor', 'What the learning rate is multiplied with.', { above: 0, below: 1 }),
    patience: number(10, 'Patience', 'The epochs without getting better after which it is lowered.', {
      min: 0,
      whole: true,
    }),
    minDelta: number(1e-4, 'Smallest change', 'Less than this counts as not getting better.', { min: 0 }),
    cooldown: number(0, 'Cool-down', 'The epochs after a change in which nothing is counted.', {
      min: 0,
      whole: true,
    }),
    minLearningRate: number(0, 'Lowest rate', 'It isn’t lowered below this.', { min: 0 }),
  },
} as const;
export type ScheduleKind = keyof typeof SCHEDULES;
type TableSchedule = SettingsOf<typeof SCHEDULES>;
export type Schedule =
  | Exclude<TableSchedule, { kind: 'plateau' }>
  | (Extract<TableSchedule, { kind: 'plateau' }> & { readonly monitor: Monitor });

export function makeSchedule(kind: ScheduleKind): Schedule {
  return kind === 'plateau'
    ? { ...makeSettings(SCHEDULES, kind), monitor: VALIDATION_LOSS }
    : makeSettings(SCHEDULES, kind);
}

/** Keras' `clipvalue`, `clipnorm` (each variable's gradient by itself) and `global_clipnorm` (all gradients as one vector). */
export const CLIPPINGS = {
  value: { limit: number(0.5, 'Limit', 'No value of a gradient is larger than this.', positive) },
  norm: { limit: number(1, 'Limit', 'The norm of each weight’s gradient is at most this.', positive) },
  globalNorm: { limit: number(1, 'Limit', 'The norm of all gradients together is at most this.', positive) },
} as const;
export type Clipping = SettingsOf<typeof CLIPPINGS>;

/** https://keras.io/api/callbacks/early_stopping/ */
export const EARLY_STOPPING = {
  minDelta: number(0, 'Smallest change', 'Less than this counts as not getting better.', { min: 0 }),
  patience: number(5, 'Patience', 'The epochs without getting better after which the phase ends.', {
    min: 0,
    whole: true,
  }),
  restoreBest: flag(true, 'Restore the best', 'The weights of the best epoch are what is kept.'),
} as const;

/** Ends a phase early. Whether less or more is better follows from what is watched. */
export interface EarlyStopping {
  readonly monitor: Monitor;
  readonly minDelta: number;
  readonly patience: number;
  readonly restoreBest: boolean;
}

export const DEFAULT_EARLY_STOPPING: EarlyStopping = {
  monitor: VALIDATION_LOSS,
  minDelta: EARLY_STOPPING.minDelta.default,
  patience: EARLY_STOPPING.patience.default,
  restoreBest: EARLY_STOPPING.restoreBest.default,
};

/** A part of a run with its own frozen layers and its own optimiser, which starts anew as after Keras' `compile`. */
export interface Phase {
  readonly name: string;
  readonly epochs: number;
  readonly optimizer: OptimizerSettings;
  readonly schedule: Schedule;
  /** Model nodes that are frozen otherwise than they say themselves. */
  readonly freeze: Readonly<Record<NodeId, Freeze>>;
  /** Layer nodes that train or not, otherwise than they say themselves. */
  readonly trainable: Readonly<Record<NodeId, boolean>>;
}

export interface TrainingSettings {
  /** One after another; at least one. */
  readonly phases: readonly [Phase, ...Phase[]];
  /** Rows per step. */
  readonly batchSize: number;
  /** The part of the rows outside the test set that is held back for validation, 0 to below 1. */
  readonly validationSplit: number;
  /** Decides the start of new layers, the split, the order of rows and what is dropped. */
  readonly seed: number;
  readonly earlyStopping: EarlyStopping | null;
  readonly clipping: Clipping | null;
}

export const DEFAULT_PHASE: Phase = {
  name: 'Training',
  epochs: 20,
  optimizer: makeSettings(OPTIMIZERS, 'adam'),
  schedule: makeSchedule('constant'),
  freeze: {},
  trainable: {},
};

export const DEFAULT_TRAINING: TrainingSettings = {
  phases: [DEFAULT_PHASE],
  batchSize: 32,
  validationSplit: 0.2,
  seed: 1,
  earlyStopping: null,
  clipping: null,
};

export function totalEpochs({ phases }: Pick<TrainingSettings, 'phases'>): number {
  return phases.reduce((sum, { epochs }) => sum + epochs, 0);
}
