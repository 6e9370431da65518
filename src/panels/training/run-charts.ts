/** What the charts of a run show, from its log. Pure. */
import type { MetricSettings } from '../../graph/objectives';
import { totalEpochs } from '../../graph/training-settings';
import {
  describeMetric,
  formatMetric,
  indexOfBest,
  type MetricScale,
  readValue,
  scaleOf,
} from '../../store/metric-words';
import { formatRate } from '../../store/training-run';
import type { AnyRun, RunHead } from '../../store/training-state';
import type { EpochLog } from '../../trainer/protocol';
import type { ChartSpec } from './chart-options';
import { type Range, rangeFromZero, rangeOfParts } from './chart-scale';

export type ShownRun = Pick<AnyRun, 'settings' | 'heads' | 'sources' | 'history' | 'ends'>;

type ReadValue = (scores: EpochLog['validation']) => number | null;

export function lossChart(run: ShownRun): ChartSpec {
  return specOf(run, scores => scores?.loss ?? null, null, []);
}

/** A metric of a head; null: its loss. */
export function metricChart(run: ShownRun, head: RunHead, metric: MetricSettings | null): ChartSpec {
  const baselines = run.sources.flatMap(({ head: node, name, result }) =>
    node === head.node && result.kind === 'measured' && suits(metric, result.scores.measure)
      ? [{ name: `${name} alone`, value: result.mean }]
      : [],
  );
  return specOf(run, scores => readValue(scores, head.output, metric), metric, baselines);
}

/** `Accuracy`, or `Loss of digit` for none. */
export function nameValue(head: Pick<RunHead, 'name'>, metric: MetricSettings | null): string {
  return metric === null ? `Loss of ${head.name}` : describeMetric(metric);
}

/** Sources alone are measured by these two only. */
function suits(metric: MetricSettings | null, measure: 'accuracy' | 'error'): boolean {
  return metric?.kind === (measure === 'accuracy' ? 'accuracy' : 'mean_absolute_error');
}

function specOf(
  run: ShownRun,
  read: ReadValue,
  metric: MetricSettings | null,
  baselines: ChartSpec['baselines'],
): ChartSpec {
  const { settings, history } = run;
  const training = history.map(log => read(log.training));
  const validation = history.map(log => read(log.validation));
  const series: ChartSpec['series'] = [
    { name: 'training', token: '--kind-model', values: training },
    { name: 'validation', token: '--kind-input', values: validation },
  ];
  const scale = scaleOf(metric);
  const isValidated = validation.some(value => value !== null);
  return {
    xs: history.map(({ epoch }) => epoch),
    series,
    epochs: totalEpochs(settings),
    baselines,
    range: rangeFor(scale, series, baselines),
    format: value => formatMetric(value, scale),
    formatTick: value => (scale === 'share' ? `${Math.round(value * 1000) / 10}%` : formatTick(value)),
    phases: phaseStarts(run),
    best: { series: isValidated ? 1 : 0, index: indexOfBest(isValidated ? validation : training, metric) },
    notes: history.map(({ learningRate }) => `rate ${formatRate(learningRate)}`),
  };
}

/** Where each phase but the first begins: behind the last epoch of the one before it, done or still planned. */
function phaseStarts({ settings, history, ends }: ShownRun): ChartSpec['phases'] {
  let after = 0;
  return settings.phases.flatMap(({ name, epochs }, index) => {
    const start = { name, after };
    after += index < ends.length ? history.filter(({ phase }) => phase === index).length : epochs;
    return index === 0 ? [] : [start];
  });
}

function rangeFor(scale: MetricScale, series: ChartSpec['series'], baselines: ChartSpec['baselines']): Range {
  if (scale === 'share') return foldRange(series, baselines);
  const values = [
    ...series.flatMap(each => each.values.filter(value => value !== null)),
    ...baselines.map(({ value }) => value),
  ];
  if (scale === 'error') return withNegatives(rangeFromZero(values, null), values);
  return withNegatives({ min: 0, max: 1 }, values);
}

/** R² and a few losses can be below 0. */
function withNegatives(range: Range, values: readonly number[]): Range {
  const lowest = Math.min(0, ...values.filter(Number.isFinite));
  return lowest >= 0 ? range : { ...range, min: -rangeFromZero([-lowest], null).max };
}

/** Epoch by epoch, as a person has seen it grow: what has widened stays wide. */
function foldRange([training, validation]: ChartSpec['series'], baselines: ChartSpec['baselines']): Range {
  const sources = baselines.map(({ value }) => value);
  // With sources to compare with the better line must be in view, without them both.
  const pick = sources.length === 0 ? Math.min : Math.max;
  const seen = (training?.values ?? []).map((value, i) => {
    const other = validation?.values[i] ?? null;
    return value === null || other === null ? (value ?? other) : pick(value, other);
  });
  let range: Range | null = null;
  for (let epoch = 1; epoch <= seen.length; epoch++)
    range = rangeOfParts(seen.slice(0, epoch), sources, range);
  return range ?? rangeOfParts([], sources, null);
}

function formatTick(value: number): string {
  return value === 0 ? '0' : String(Number(value.toPrecision(3)));
}
