/** What is said of metrics and how their values are written, once for charts, tables and choices. Pure. */
import type { MetricKind, MetricSettings } from '../graph/objectives';
import { isMoreBetter, METRICS, nameMetric } from '../graph/objectives';
import type { EpochLog } from '../trainer/protocol';
import { METRIC_WORDS } from './node-words';
import { formatNumber } from './scores';

/** `share`: 0 to 1, in per cent. `score`: at most 1, three digits. `error`: any size, from 0. */
export type MetricScale = 'share' | 'score' | 'error';

const SCALES: Readonly<Record<MetricKind, MetricScale>> = {
  accuracy: 'share',
  top_k_accuracy: 'share',
  precision: 'share',
  recall: 'share',
  auc: 'score',
  f1_score: 'score',
  r2_score: 'score',
  mean_absolute_error: 'error',
  mean_squared_error: 'error',
  root_mean_squared_error: 'error',
};

/** null: of a loss. */
export function scaleOf(metric: MetricSettings | null): MetricScale {
  return metric === null ? 'error' : SCALES[metric.kind];
}

/** `Top-3 accuracy`, `Precision (threshold 0.7)`. */
export function describeMetric(metric: MetricSettings): string {
  if (metric.kind === 'top_k_accuracy') return `Top-${metric.k} accuracy`;
  const values: Readonly<Record<string, unknown>> = { ...metric };
  const said = Object.entries(METRICS[metric.kind]).flatMap(([name, option]) =>
    values[name] === option.default ? [] : [`${option.label.toLowerCase()} ${values[name]}`],
  );
  return `${METRIC_WORDS[metric.kind]}${said.length === 0 ? '' : ` (${said.join(', ')})`}`;
}

/** `97.8%`, `0.953`, `0.0132`. */
export function formatMetric(value: number, scale: MetricScale): string {
  switch (scale) {
    case 'share':
      return `${(value * 100).toFixed(1)}%`;
    case 'score':
      return value.toFixed(3);
    case 'error':
      return formatNumber(value);
  }
}

/** The value that an epoch's log has for a metric of an output, or for its loss (null). */
export function readValue(
  scores: EpochLog['validation'],
  output: string,
  metric: MetricSettings | null,
): number | null {
  const own = scores?.heads.find(each => each.output === output);
  if (own === undefined) return null;
  return metric === null ? own.loss : (own.metrics[nameMetric(metric)] ?? null);
}

/** Where in the list the best finite value stands, the first of equals; null: there is none. */
export function indexOfBest(
  values: readonly (number | null)[],
  metric: MetricSettings | null,
): number | null {
  const sign = metric !== null && isMoreBetter(metric.kind) ? 1 : -1;
  let best: number | null = null;
  for (const [index, value] of values.entries()) {
    if (value === null || !Number.isFinite(value)) continue;
    const before = best === null ? null : (values[best] ?? null);
    if (before === null || sign * (value - before) > 0) best = index;
  }
  return best;
}
