/** Every metric of one output after the last epoch, on the rows trained on and on those held back, and when it was best. */
import { isMoreBetter } from '../../graph/objectives';
import { describeMetric, formatMetric, indexOfBest, readValue, scaleOf } from '../../store/metric-words';
import type { RunHead } from '../../store/training-state';
import type { EpochLog } from '../../trainer/protocol';
import styles from './measured-table.module.css';

interface MeasuredTableProps {
  readonly head: RunHead;
  readonly history: readonly EpochLog[];
}

export function MeasuredTable({ head, history }: MeasuredTableProps) {
  const last = history.at(-1);
  if (last === undefined) return null;
  const validated = last.validation !== null;
  return (
    <table className={styles.table}>
      <caption>After epoch {last.epoch}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className={styles.hidden}>Measure</span>
          </th>
          <th scope="col">training</th>
          {validated && <th scope="col">validation</th>}
          <th scope="col" title={`On the ${validated ? 'validation' : 'training'} rows`}>
            best <small>(epoch)</small>
          </th>
        </tr>
      </thead>
      <tbody>
        {[null, ...head.metrics].map(metric => {
          const scale = scaleOf(metric);
          const write = (value: number | null) => (value === null ? '–' : formatMetric(value, scale));
          const watched = history.map(log =>
            readValue(validated ? log.validation : log.training, head.output, metric),
          );
          const best = indexOfBest(watched, metric);
          const more = metric !== null && isMoreBetter(metric.kind);
          const name = metric === null ? 'Loss' : describeMetric(metric);
          return (
            <tr key={name}>
              <th scope="row" title={more ? 'More is better' : 'Less is better'}>
                {name}
                <span
                  className={styles.direction}
                  role="img"
                  aria-label={more ? 'more is better' : 'less is better'}
                >
                  {more ? '↑' : '↓'}
                </span>
              </th>
              <td>{write(readValue(last.training, head.output, metric))}</td>
              {validated && <td>{write(readValue(last.validation, head.output, metric))}</td>}
              <td>
                {best === null ? (
                  '–'
                ) : (
                  <>
                    {write(watched[best] ?? null)} <small>({history[best]?.epoch})</small>
                  </>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
