import { formatScore } from '../../store/scores';
import { selectCompiled } from '../../store/selectors';
import { useGraft } from '../../store/store';
import { describeSettings } from '../../store/training-run';
import type { RunRecord } from '../../store/training-slice';
import { BACKEND_NAMES } from '../training/backend-names';
import styles from './results.module.css';

/** The latest first. */
export function RunList({ runs }: { readonly runs: readonly RunRecord[] }) {
  const compiled = useGraft(selectCompiled);
  if (runs.length === 0) return <p className={styles.text}>None yet.</p>;
  const heads = compiled.heads.length > 1;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Run</th>
          <th scope="col">Settings</th>
          <th scope="col">Ran</th>
          <th scope="col" className={styles.number}>
            On the test rows
          </th>
        </tr>
      </thead>
      <tbody>
        {runs.toReversed().map(run => (
          <tr key={run.run}>
            <th scope="row">{run.run}</th>
            <td>{describeSettings(run.settings)}</td>
            <td>
              {run.epochs} {run.epochs === 1 ? 'epoch' : 'epochs'}, {BACKEND_NAMES[run.backend.name]}
            </td>
            <td className={styles.number}>{scoreOf(run, heads)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function scoreOf({ results }: RunRecord, named: boolean): string {
  if (results.kind !== 'measured') return '–';
  return results.heads
    .map(({ name, joined, measure }) => `${named ? `${name} ` : ''}${formatScore(joined, measure)}`)
    .join(', ');
}
