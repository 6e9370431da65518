import { type ReactNode, useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import styles from './chart.module.css';
import { type ChartSpec, chartOptions, toData } from './chart-options';

interface ChartProps {
  readonly title: string;
  /** In place of the title: a choice of what is shown. */
  readonly picker?: ReactNode;
  /** Beside the title: a choice between heads. */
  readonly choice?: ReactNode;
  /** Memoised: a new one is drawn. */
  readonly spec: ChartSpec;
}

export function Chart({ title, picker = false, choice, spec }: ChartProps) {
  const [hovered, setHovered] = useState<number | null>(null);
  return (
    <figure className={styles.chart}>
      <figcaption className={styles.head}>
        {picker === false ? <h3>{title}</h3> : picker}
        {choice}
        {hovered !== null && <Readout spec={spec} index={hovered} />}
      </figcaption>
      <Plot title={title} spec={spec} onHover={setHovered} />
    </figure>
  );
}

/** The values of all series at one epoch. */
function Readout({ spec, index }: { readonly spec: ChartSpec; readonly index: number }) {
  const epoch = spec.xs[index];
  if (epoch === undefined) return null;
  return (
    <p className={styles.readout}>
      <span>
        epoch {epoch}
        {spec.best.index === index && ', the best'}
      </span>
      {spec.series.map(({ name, token, values }) => {
        const value = values[index];
        if (value === null || value === undefined) return null;
        return (
          <span key={name}>
            <i style={{ background: `var(${token})` }} />
            {name} <b>{spec.format(value)}</b>
          </span>
        );
      })}
      <span>{spec.notes[index]}</span>
    </p>
  );
}

interface PlotProps {
  readonly title: string;
  readonly spec: ChartSpec;
  readonly onHover: (index: number | null) => void;
}

function Plot({ title, spec, onHover }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(spec);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const size = () => ({ width: element.clientWidth, height: element.clientHeight });
    const created = new uPlot(
      chartOptions(size(), { spec: () => latest.current, onHover }),
      toData(latest.current),
      element,
    );
    plot.current = created;
    const resized = new ResizeObserver(() => created.setSize(size()));
    resized.observe(element);
    const unwatch = watchTheme(() => created.redraw(false, true));
    return () => {
      resized.disconnect();
      unwatch();
      created.destroy();
      plot.current = null;
    };
  }, [onHover]);

  useEffect(() => {
    latest.current = spec;
    plot.current?.setData(toData(spec));
    // The room for the labels may have changed with what they say.
    plot.current?.redraw(false, true);
  }, [spec]);

  return <div ref={box} className={styles.plot} role="img" aria-label={describe(title, spec)} />;
}

function describe(title: string, { series, xs, baselines, best, format }: ChartSpec): string {
  const epoch = xs.at(-1);
  if (epoch === undefined) return `${title}: no epoch has ended yet.`;
  const lines = series.flatMap(({ name, values }) => {
    const value = values.at(-1);
    return value === null || value === undefined ? [] : [`${name} ${format(value)}`];
  });
  const sources = baselines.map(({ name, value }) => `${name} ${format(value)}`);
  const found = best.index === null ? undefined : xs[best.index];
  const bestSaid = found === undefined ? '' : ` Best after epoch ${found}.`;
  return `${title} after epoch ${epoch}: ${[...lines, ...sources].join(', ')}.${bestSaid}`;
}

/** Calls when the colours of the page change. */
function watchTheme(onChange: () => void): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  dark.addEventListener('change', onChange);
  return () => {
    observer.disconnect();
    dark.removeEventListener('change', onChange);
  };
}
