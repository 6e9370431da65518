/**
 * Losses, metrics and optimisers of a project as calls of Keras 3's classes: which class, with which arguments. How they are
 * written down, as Python or as data, is for others to say.
 */
import type { Json } from '../../base/json';
import type { Head } from '../../compiler/result';
import { findByKey, type KerasClass, tellingArguments } from '../../formats/keras-write/keras-classes';
import { type MetricSettings, nameMetric } from '../../graph/objectives';
import type { Clipping, OptimizerSettings } from '../../graph/training-settings';
import { cleanName } from '../../network/names';
import { argumentsOf } from './keras-classes';

export interface KerasCall {
  readonly known: KerasClass;
  /** What isn't Keras' default. */
  readonly given: Readonly<Record<string, Json>>;
}

/** Metrics that take the number of a class as well as a one-hot row. */
const TAKE_INDEX: ReadonlySet<string> = new Set(['accuracy', 'top_k_accuracy']);

/** Keras' other metrics compare with one-hot rows only; the loss of those is the same. */
export function needsOneHot({ loss, metrics }: Head): boolean {
  return (
    loss.kind === 'sparse_categorical_crossentropy' && metrics.some(metric => !TAKE_INDEX.has(metric.kind))
  );
}

/** null: Keras has no such class. */
export function lossCall(head: Head): KerasCall | null {
  const known = findByKey('losses', needsOneHot(head) ? 'categorical_crossentropy' : head.loss.kind);
  return known === null ? null : { known, given: tellingArguments(known, argumentsOf(head.loss)) };
}

/** Where Keras calls something otherwise than the settings. */
const METRIC_ARGUMENTS: Readonly<Record<string, string>> = {
  'precision threshold': 'thresholds',
  'recall threshold': 'thresholds',
};

/**
 * Of any metric but `accuracy`, which Keras picks by shapes; null: Keras has no such class. `size`: of the last axis of what the
 * head predicts; null: not known.
 */
export function metricCall(metric: MetricSettings, head: Head, size: number | null): KerasCall | null {
  const { kind } = metric;
  const sparse = head.loss.kind === 'sparse_categorical_crossentropy' && !needsOneHot(head);
  const key = kind === 'top_k_accuracy' ? `${sparse ? 'sparse_' : ''}top_k_categorical_accuracy` : kind;
  const known = findByKey('metrics', key);
  if (known === null) return null;
  // Of a single value Keras would always take the highest, and so always say yes.
  const halved = metric.kind === 'f1_score' && metric.threshold === null && size === 1;
  const given = Object.fromEntries(
    Object.entries(argumentsOf(halved ? { ...metric, threshold: 0.5 } : metric)).map(([name, value]) => [
      METRIC_ARGUMENTS[`${kind} ${name}`] ?? name,
      value,
    ]),
  );
  return { known, given: { ...tellingArguments(known, given), name: logName(nameMetric(metric)) } };
}

/** What Keras' logs call a metric of that name. */
export function logName(metric: string): string {
  return cleanName(metric.replaceAll('=', '_'));
}

const CLIPPING_ARGUMENTS = { value: 'clipvalue', norm: 'clipnorm', globalNorm: 'global_clipnorm' } as const;

/** Without its learning rate, which a schedule may give; null: Keras has no such class. */
export function optimizerCall(optimizer: OptimizerSettings, clipping: Clipping | null): KerasCall | null {
  const known = findByKey('optimizers', optimizer.kind);
  if (known === null) return null;
  const { learning_rate: _, ...others } = argumentsOf(optimizer);
  const clips = clipping === null ? {} : { [CLIPPING_ARGUMENTS[clipping.kind]]: clipping.limit };
  return { known, given: tellingArguments(known, { ...others, ...clips }) };
}
