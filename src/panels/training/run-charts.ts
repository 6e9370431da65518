/** What the charts of a run show, from its log. Pure. */
import { totalEpochs } from '../../graph/training-settings';
import { formatNumber } from '../../store/scores';
import type { RunHead, Training } from '../../store/training-slice';
import type { EpochLog } from '../../trainer/protocol';
import type { ChartSpec } from './chart-options';
import { type Range, rangeFromZero, rangeOfParts } from './chart-scale';

export type ShownRun = Pick<
  Exclude<Training, { kind: 'idle' }>,
  'settings' | 'heads' | 'sources' | 'history'
>;

type PickValue = (scores: EpochLog['training']) => number | undefined;

function lines({ history }: ShownRun, pick: PickValue): Pick<ChartSpec, 'xs' | 'series'> {
  const value = (scores: EpochLog['validation']) => (scores === null ? null : (pick(scores) ?? null));
  return {
    xs: history.map(({ epoch }) => epoch),
    series: [
      { name: 'training', token: '--kind-model', values: history.map(log => value(log.training)) },
      { name: 'validation', token: '--kind-input', values: history.map(log => value(log.validation)) },
    ],
  };
}

function allValues(series: ChartSpec['series']): number[] {
  return series.flatMap(({ values }) => values.filter(value => value !== null));
}

export function lossChart(run: ShownRun): ChartSpec {
  const shown = lines(run, scores => scores.loss);
  return {
    ...shown,
    epochs: totalEpochs(run.settings),
    baselines: [],
    range: rangeFromZero(allValues(shown.series), null),
    format: formatNumber,
    formatTick,
  };
}

export interface MetricChart {
  readonly title: string;
  readonly spec: ChartSpec;
}

/** The first metric of a head, or its loss where it has none. */
export function metricChart(run: ShownRun, head: RunHead): MetricChart {
  const [metric] = head.metrics;
  const shown = lines(run, scores => {
    const own = scores.heads.find(({ output }) => output === head.output);
    return metric === undefined ? own?.loss : own?.metrics[metric];
  });
  const baselines =
    metric === undefined
      ? []
      : run.sources.flatMap(({ head: node, name, result }) =>
          node === head.node && result.kind === 'measured' && suits(metric, result.scores.measure)
            ? [{ name: `${name} alone`, value: result.mean }]
            : [],
        );
  const epochs = totalEpochs(run.settings);
  if (metric === 'accuracy') {
    const range = foldRange(shown.series, baselines);
    const percent = (value: number) => `${(value * 100).toFixed(1)}%`;
    const tick = (value: number) => `${Math.round(value * 1000) / 10}%`;
    return {
      title: 'Accuracy',
      spec: { ...shown, epochs, baselines, range, format: percent, formatTick: tick },
    };
  }
  const values = [...allValues(shown.series), ...baselines.map(({ value }) => value)];
  const spec = {
    ...shown,
    epochs,
    baselines,
    range: rangeFromZero(values, null),
    format: formatNumber,
    formatTick,
  };
  return { title: metric === undefined ? `Loss of ${head.name}` : 'Mean absolute error', spec };
}

function suits(metric: string, measure: 'accuracy' | 'error'): boolean {
  return (metric === 'accuracy') === (measure === 'accuracy');
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
