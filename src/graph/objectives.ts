/**
 * What an output is trained for and measured by. Names, options and defaults are Keras 3's
 * (https://keras.io/api/losses/, https://keras.io/api/metrics/), its snake_case options written as camelCase.
 */
import { choice, flag, kindsOf, makeSettings, number, optionalNumber, type SettingsOf } from './options';

const fromLogits = flag(
  false,
  'From logits',
  'The network answers raw scores (logits); the loss makes probabilities of them, more exactly than a last activation.',
);
const labelSmoothing = number(
  0,
  'Label smoothing',
  'The part of certainty that is spread over all classes, so that the network is less sure of itself.',
  { min: 0, max: 1 },
);

export const LOSSES = {
  categorical_crossentropy: { fromLogits, labelSmoothing },
  sparse_categorical_crossentropy: { fromLogits },
  binary_crossentropy: { fromLogits, labelSmoothing },
  kl_divergence: {},
  categorical_hinge: {},
  hinge: {},
  squared_hinge: {},
  mean_squared_error: {},
  mean_absolute_error: {},
  mean_absolute_percentage_error: {},
  mean_squared_logarithmic_error: {},
  huber: {
    delta: number(1, 'Delta', 'Where the loss turns from a square into a line.', { above: 0 }),
  },
  log_cosh: {},
  poisson: {},
  cosine_similarity: {},
} as const;
export type LossKind = keyof typeof LOSSES;
export type LossSettings = SettingsOf<typeof LOSSES>;
export const LOSS_KINDS: readonly LossKind[] = kindsOf(LOSSES);

export function makeLoss<K extends LossKind>(
  kind: K,
  given: Partial<SettingsOf<typeof LOSSES, K>> = {},
): SettingsOf<typeof LOSSES, K> {
  return { ...makeSettings(LOSSES, kind), ...given };
}

const threshold = number(0.5, 'Threshold', 'From this probability on it counts as yes.', {
  min: 0,
  max: 1,
});

export const METRICS = {
  accuracy: {},
  top_k_accuracy: {
    k: number(5, 'k', 'Right if the class is among so many of the highest.', { min: 1, whole: true }),
  },
  auc: {},
  precision: { threshold },
  recall: { threshold },
  f1_score: {
    average: choice(
      ['macro', 'micro', 'weighted'],
      'macro',
      'Average',
      'Macro: all classes count alike. Weighted: as often as they occur. Micro: all answers in one.',
    ),
    threshold: optionalNumber(null, 'Threshold', 'From this probability on it counts as yes.', {
      above: 0,
      max: 1,
      none: 'the highest class',
    }),
  },
  r2_score: {},
  mean_absolute_error: {},
  mean_squared_error: {},
  root_mean_squared_error: {},
} as const;
export type MetricKind = keyof typeof METRICS;
export type MetricSettings = SettingsOf<typeof METRICS>;
export const METRIC_KINDS: readonly MetricKind[] = kindsOf(METRICS);

export function makeMetric<K extends MetricKind>(
  kind: K,
  given: Partial<SettingsOf<typeof METRICS, K>> = {},
): SettingsOf<typeof METRICS, K> {
  return { ...makeSettings(METRICS, kind), ...given };
}

/** The metric's key in scores, unique among metrics that differ: `accuracy`, `top_k_accuracy k=3`. */
export function nameMetric(metric: MetricSettings): string {
  const defaults: Readonly<Record<string, unknown>> = makeSettings(METRICS, metric.kind);
  const options = Object.entries(metric).filter(([name, value]) => value !== defaults[name]);
  return [metric.kind, ...options.map(([name, value]) => `${name}=${value}`)].join(' ');
}

/** Whether more of it is better; of losses less always is. */
export function isMoreBetter(metric: MetricKind): boolean {
  return !metric.endsWith('_error');
}

/** In which form a loss takes a column of classes, and whether it takes a column of numbers. */
export interface TargetForms {
  /** One-hot rows, the number of the class, 0 or 1 for two classes; null: it doesn't take classes. */
  readonly classes: 'one-hot' | 'index' | 'zero-or-one' | null;
  readonly numbers: boolean;
}

const ONE_HOT: TargetForms = { classes: 'one-hot', numbers: false };
const NUMBERS: TargetForms = { classes: null, numbers: true };

export const TARGET_FORMS: Readonly<Record<LossKind, TargetForms>> = {
  categorical_crossentropy: ONE_HOT,
  sparse_categorical_crossentropy: { classes: 'index', numbers: false },
  // Several yes-or-no answers in a row, or brightnesses from 0 to 1, are numbers.
  binary_crossentropy: { classes: 'zero-or-one', numbers: true },
  kl_divergence: { classes: 'one-hot', numbers: true },
  categorical_hinge: ONE_HOT,
  hinge: { classes: 'zero-or-one', numbers: true },
  squared_hinge: { classes: 'zero-or-one', numbers: true },
  mean_squared_error: NUMBERS,
  mean_absolute_error: NUMBERS,
  mean_absolute_percentage_error: NUMBERS,
  mean_squared_logarithmic_error: NUMBERS,
  huber: NUMBERS,
  log_cosh: NUMBERS,
  poisson: NUMBERS,
  cosine_similarity: NUMBERS,
};
