/** How a chart is drawn with uPlot: thin lines, direct labels at their ends, dashed baselines. Colours are the page's tokens. */
import type uPlot from 'uplot';
import { type Range, spread, ticks } from './chart-scale';

export interface ChartSpec {
  /** Where the x axis ends. */
  readonly epochs: number;
  readonly xs: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly baselines: readonly Baseline[];
  readonly range: Range;
  readonly format: (value: number) => string;
  readonly formatTick: (value: number) => string;
}

export interface ChartSeries {
  readonly name: string;
  readonly token: '--kind-model' | '--kind-input';
  readonly values: readonly (number | null)[];
}

export interface Baseline {
  readonly name: string;
  readonly value: number;
}

const LABEL_GAP = 13;
/** Room for `validation 0.1234` beside the last point of a line that has reached the end. */
const LABEL_ROOM = 108;

export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function font(weight: number): string {
  return `${weight} ${11 * devicePixelRatio}px ${token('--font')}`;
}

export function toData(spec: ChartSpec): uPlot.AlignedData {
  return [[...spec.xs], ...spec.series.map(series => [...series.values])];
}

interface Handlers {
  readonly spec: () => ChartSpec;
  /** The place of the hovered epoch in `xs`; null: none. */
  readonly onHover: (index: number | null) => void;
}

export function chartOptions(
  size: { readonly width: number; readonly height: number },
  { spec, onHover }: Handlers,
): uPlot.Options {
  const axis = {
    font: `450 11px ${token('--font')}`,
    stroke: () => token('--text-3'),
    ticks: { show: false },
  };
  return {
    ...size,
    padding: [10, LABEL_ROOM, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: { size: 7, width: 0 },
      sync: { key: 'epochs' },
    },
    scales: {
      x: { time: false, range: () => [0, spec().epochs] },
      y: { range: () => [spec().range.min, spec().range.max] },
    },
    axes: [
      {
        ...axis,
        size: 26,
        gap: 4,
        grid: { show: false },
        splits: () => ticks({ min: 0, max: spec().epochs }).filter(Number.isInteger),
      },
      {
        ...axis,
        size: 44,
        gap: 6,
        grid: { stroke: () => token('--line'), width: 1 },
        splits: () => ticks(spec().range),
        values: (_, splits) => splits.map(spec().formatTick),
      },
    ],
    series: [
      {},
      ...spec().series.map(({ token: name }) => ({
        stroke: () => token(name),
        width: 1.5,
        points: { show: false },
        spanGaps: true,
      })),
    ],
    hooks: {
      draw: [plot => drawBaselines(plot, spec()), plot => drawEnds(plot, spec())],
      setCursor: [plot => onHover(plot.cursor.idx ?? null)],
    },
  };
}

function drawBaselines({ ctx, bbox, valToPos }: uPlot, { baselines, format }: ChartSpec): void {
  const ratio = devicePixelRatio;
  const sorted = baselines.toSorted((a, b) => b.value - a.value);
  const bottom = bbox.top + bbox.height;
  const lines = sorted.map(({ value }) => Math.round(valToPos(value, 'y', true)));
  // Each label stands just above its line; where lines are close the labels move apart.
  const labels = spread(
    lines.map(y => y - 3 * ratio),
    LABEL_GAP * ratio,
    bbox.top + 6 * ratio,
    bottom - 3 * ratio,
  );
  ctx.save();
  ctx.font = font(450);
  ctx.lineWidth = ratio;
  ctx.textBaseline = 'bottom';
  for (const [index, { name, value }] of sorted.entries()) {
    const y = lines[index] ?? 0;
    if (y > bottom) continue;
    ctx.strokeStyle = token('--text-3');
    ctx.setLineDash([4 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y + 0.5);
    ctx.lineTo(bbox.left + bbox.width, y + 0.5);
    ctx.stroke();
    ctx.fillStyle = token('--text-2');
    ctx.fillText(`${name} ${format(value)}`, bbox.left + 6 * ratio, labels[index] ?? y);
  }
  ctx.restore();
}

function drawEnds({ ctx, bbox, valToPos }: uPlot, { series, xs, format }: ChartSpec): void {
  const ratio = devicePixelRatio;
  const bottom = bbox.top + bbox.height;
  const ends = series.flatMap(({ name, token: colour, values }) => {
    const index = values.findLastIndex(value => value !== null);
    const value = values[index];
    if (value === undefined || value === null) return [];
    const x = valToPos(xs[index] ?? 0, 'x', true);
    return [{ name, colour, value, x, y: valToPos(value, 'y', true) }];
  });
  const places = spread(
    ends.map(({ y }) => Math.min(y, bottom)),
    LABEL_GAP * ratio,
    bbox.top,
    bottom - 4 * ratio,
  );
  ctx.save();
  ctx.textBaseline = 'middle';
  for (const [index, { name, colour, value, x, y }] of ends.entries()) {
    ctx.fillStyle = token(colour);
    if (y <= bottom) {
      ctx.beginPath();
      ctx.arc(x, y, 3.5 * ratio, 0, 2 * Math.PI);
      ctx.fill();
    }
    ctx.font = font(550);
    ctx.fillText(name, x + 9 * ratio, places[index] ?? y);
    const width = ctx.measureText(`${name} `).width;
    ctx.fillStyle = token('--text-2');
    ctx.font = font(450);
    ctx.fillText(format(value), x + 9 * ratio + width, places[index] ?? y);
  }
  ctx.restore();
}
