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
  /** Where a phase begins: behind that many epochs. */
  readonly phases: readonly { readonly name: string; readonly after: number }[];
  /** The best value of a series, by their indices. */
  readonly best: { readonly series: number; readonly index: number | null };
  /** What is said of each epoch beside its values. */
  readonly notes: readonly string[];
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
/** From a line's last point to its label. */
const LABEL_INDENT = 9;
const LONGEST_NAME = 22;
/** Below this width baselines are named without their values, which stand in the table too. */
const NARROW = 340;

export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function font(weight: number, ratio = devicePixelRatio): string {
  return `${weight} ${11 * ratio}px ${token('--font')}`;
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
    padding: [10, plot => labelRoom(plot.width, spec()), 0, 0],
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
      draw: [
        plot => drawPhases(plot, spec()),
        plot => drawBaselines(plot, spec()),
        plot => drawBest(plot, spec()),
        plot => drawLabels(plot, spec()),
      ],
      setCursor: [plot => onHover(plot.cursor.idx ?? null)],
    },
  };
}

const ruler = document.createElement('canvas').getContext('2d');

/** Beside the plot: for the longest label that may stand there, in CSS pixels. */
function labelRoom(width: number, { series, baselines, format }: ChartSpec): number {
  if (ruler === null) return 120;
  ruler.font = font(550, 1);
  const texts = [
    ...series.map(
      ({ name, values }) => `${name} ${format(values.findLast(value => value !== null) ?? 0.1234)}`,
    ),
    ...baselines.map(({ name, value }) => `${shorten(name)} ${width < NARROW ? '' : format(value)}`),
  ];
  return Math.ceil(Math.max(...texts.map(text => ruler.measureText(text).width))) + LABEL_INDENT + 10;
}

/** The middle goes: the end (`alone`) says what it is. */
function shorten(name: string): string {
  if (name.length <= LONGEST_NAME) return name;
  return `${name.slice(0, LONGEST_NAME - 9)}…${name.slice(-8)}`;
}

/** A thin line between the epochs where a phase begins, its name at the top as far as there is room. */
function drawPhases({ ctx, bbox, valToPos }: uPlot, { phases, epochs }: ChartSpec): void {
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.lineWidth = ratio;
  ctx.strokeStyle = token('--line-strong');
  ctx.fillStyle = token('--text-2');
  ctx.font = font(450);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'top';
  for (const [index, { name, after }] of phases.entries()) {
    const x = Math.round(valToPos(after + 0.5, 'x', true)) + 0.5;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const until = valToPos((phases[index + 1]?.after ?? epochs) + 0.5, 'x', true);
    if (ctx.measureText(name).width + 6 * ratio <= until - x)
      ctx.fillText(name, x + 5 * ratio, bbox.top + 2 * ratio);
  }
  ctx.restore();
}

/** A ring around the best value of the series that is watched. */
function drawBest({ ctx, valToPos }: uPlot, { best, series, xs }: ChartSpec): void {
  if (best.index === null) return;
  const shown = series[best.series];
  const value = shown?.values[best.index];
  if (shown === undefined || value === null || value === undefined) return;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.lineWidth = 1.5 * ratio;
  ctx.strokeStyle = token(shown.token);
  ctx.fillStyle = token('--panel');
  ctx.beginPath();
  ctx.arc(valToPos(xs[best.index] ?? 0, 'x', true), valToPos(value, 'y', true), 5 * ratio, 0, 2 * Math.PI);
  ctx.fill();
  ctx.stroke();
  ctx.restore();
}

function drawBaselines({ ctx, bbox, valToPos }: uPlot, { baselines }: ChartSpec): void {
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.lineWidth = ratio;
  ctx.strokeStyle = token('--text-3');
  ctx.setLineDash([4 * ratio, 3 * ratio]);
  for (const { value } of baselines) {
    const y = Math.round(valToPos(value, 'y', true)) + 0.5;
    if (y > bbox.top + bbox.height) continue;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  }
  ctx.restore();
}

interface Label {
  readonly name: string;
  readonly value: string;
  readonly colour: string;
  readonly weight: number;
  readonly x: number;
  readonly y: number;
}

/** Baselines are named beside the plot, lines at their last point; where that is at the end, all of them share the place. */
function drawLabels(
  { ctx, bbox, valToPos, width }: uPlot,
  { series, baselines, xs, format }: ChartSpec,
): void {
  const ratio = devicePixelRatio;
  const [right, bottom] = [bbox.left + bbox.width, bbox.top + bbox.height];
  const ends = series.flatMap(({ name, token: colour, values }): Label[] => {
    const index = values.findLastIndex(value => value !== null);
    const value = values[index];
    if (value === undefined || value === null) return [];
    const x = valToPos(xs[index] ?? 0, 'x', true);
    return [{ name, value: format(value), colour, weight: 550, x, y: valToPos(value, 'y', true) }];
  });
  const names = baselines.map(
    ({ name, value }): Label => ({
      name: shorten(name),
      value: width < NARROW ? '' : format(value),
      colour: '--text-2',
      weight: 450,
      x: right,
      y: valToPos(value, 'y', true),
    }),
  );
  ctx.save();
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  ctx.lineJoin = 'round';
  for (const { colour, x, y } of ends) {
    if (y > bottom) continue;
    ctx.fillStyle = token(colour);
    ctx.beginPath();
    ctx.arc(x, y, 3.5 * ratio, 0, 2 * Math.PI);
    ctx.fill();
  }
  ctx.font = font(550);
  const reaches = ({ name, value, x }: Label) =>
    x + (LABEL_INDENT + 4) * ratio + ctx.measureText(`${name} ${value}`).width > right;
  const atEnd = ends.some(reaches);
  const groups = atEnd ? [[...ends, ...names]] : [ends, names];
  for (const group of groups) {
    const places = spread(
      group.map(({ y }) => Math.min(y, bottom)),
      LABEL_GAP * ratio,
      bbox.top,
      bottom - 4 * ratio,
    );
    for (const [index, label] of group.entries()) {
      const x = (atEnd ? Math.max(label.x, right) : label.x) + LABEL_INDENT * ratio;
      drawLabel(ctx, label, x, places[index] ?? label.y);
    }
  }
  ctx.restore();
}

function drawLabel(
  ctx: CanvasRenderingContext2D,
  { name, value, colour, weight }: Label,
  x: number,
  y: number,
): void {
  ctx.font = font(weight);
  const width = ctx.measureText(`${name} `).width;
  // What runs behind a label is covered as far as the letters go.
  ctx.strokeStyle = token('--panel');
  ctx.lineWidth = 4 * devicePixelRatio;
  ctx.strokeText(`${name} ${value}`, x, y);
  ctx.fillStyle = token(colour);
  ctx.fillText(name, x, y);
  ctx.font = font(450);
  ctx.fillStyle = token('--text-2');
  ctx.fillText(value, x + width, y);
}
