/** What flows at each joint, and what is to be said about it. */

import { formatShape } from '../../network/shape';
import { range, say } from '../../store/insight-ranges';
import type { InsightReport } from '../../store/insight-report';
import { selectCompiled } from '../../store/selectors';
import { useGraft, useGraftStore } from '../../store/store';
import { ProblemList } from '../inspector/problem-list';
import styles from './insight.module.css';

export function RangeTable({ report }: { readonly report: InsightReport }) {
  const store = useGraftStore();
  const wires = useGraft(state => selectCompiled(state).wires);
  return (
    <>
      {report.findings.length === 0 ? (
        <p className={styles.text}>Nothing in these values stands out.</p>
      ) : (
        <ProblemList problems={report.findings} />
      )}
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">On {report.rows.toLocaleString('en')} rows</th>
            <th scope="col" className={styles.number}>
              Range
            </th>
            <th scope="col" className={styles.number}>
              Mean ± spread
            </th>
          </tr>
        </thead>
        <tbody>
          {report.joints.map(({ joint: { wire, source, target }, stats }) => (
            <tr key={wire.id}>
              <th scope="row">
                <button
                  type="button"
                  title={`${formatShape(wires.get(wire.id)?.shape ?? [])}: show it`}
                  onClick={() => store.getState().show({ kind: 'wire', wire: wire.id })}
                >
                  {source.name} → {target.name}
                </button>
              </th>
              <td className={styles.number}>{range(stats)}</td>
              <td className={styles.number}>
                {say(stats.mean)} ± {say(stats.std)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
